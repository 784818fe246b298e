//! Requests to the wire.

use super::{AuthForm, Request};
use crate::channel::{Channel, Subscriptions};
use crate::codec::Writer;

/// Writes one request.
pub(super) fn request(w: &mut dyn Writer, request: &Request) {
    let map = w.map();
    let action = |w: &mut dyn Writer, name: &str| {
        w.key(map, "action");
        w.text(name);
    };
    match request {
        Request::Auth(credentials, AuthForm::Auth) => {
            action(w, "auth");
            pairs(w, map, &[("key", &credentials.key), ("secret", credentials.secret.reveal())]);
        }
        Request::Auth(credentials, AuthForm::Authenticate) => {
            action(w, "authenticate");
            w.key(map, "data");
            let data = w.map();
            if credentials.key == "oauth" {
                pairs(w, data, &[("oauth_token", credentials.secret.reveal())]);
            } else {
                pairs(w, data, &[("key_id", &credentials.key), ("secret_key", credentials.secret.reveal())]);
            }
            w.end_map();
        }
        Request::Subscribe(state) => {
            action(w, "subscribe");
            lists(w, map, state);
        }
        Request::Unsubscribe(state) => {
            action(w, "unsubscribe");
            lists(w, map, state);
        }
        Request::Listen(streams) | Request::Unlisten(streams) => {
            action(w, if matches!(request, Request::Listen(_)) { "listen" } else { "unlisten" });
            w.key(map, "data");
            let data = w.map();
            w.key(data, "streams");
            texts(w, streams.len(), &mut streams.iter().map(String::as_str));
            w.end_map();
        }
        Request::Unknown => {}
    }
    w.end_map();
}

fn pairs(w: &mut dyn Writer, map: usize, pairs: &[(&str, &str)]) {
    for (key, value) in pairs {
        w.key(map, key);
        w.text(value);
    }
}

fn lists(w: &mut dyn Writer, map: usize, state: &Subscriptions) {
    for channel in Channel::ALL {
        let len = state.symbols(channel).count();
        if len > 0 {
            w.key(map, channel.key());
            texts(w, len, &mut state.symbols(channel));
        }
    }
}

fn texts(w: &mut dyn Writer, len: usize, texts: &mut dyn Iterator<Item = &str>) {
    w.array(len);
    for text in texts {
        w.item();
        w.text(text);
    }
    w.end_array();
}
