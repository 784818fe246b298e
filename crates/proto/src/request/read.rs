//! Requests from the wire.

use std::borrow::Cow;

use super::{AuthForm, Credentials, Request};
use crate::channel::{Channel, Subscriptions};
use crate::codec::{Flaw, Kind, Reader};
use crate::error::Error;
use crate::limits::{MAX_LISTEN_STREAMS, MAX_REQUEST_TEXT_BYTES, MAX_SUBSCRIPTION_SYMBOLS};

/// Everything that any request may hold; `action` decides afterwards what counts.
#[derive(Default)]
struct Parts<'a> {
    action: Option<Cow<'a, str>>,
    key: Option<Cow<'a, str>>,
    secret: Option<Cow<'a, str>>,
    data: Data<'a>,
    lists: [Vec<Cow<'a, str>>; Channel::ALL.len()],
}

/// `data` of the trading stream's requests.
#[derive(Default)]
struct Data<'a> {
    key_id: Option<Cow<'a, str>>,
    secret_key: Option<Cow<'a, str>>,
    oauth_token: Option<Cow<'a, str>>,
    streams: Vec<Cow<'a, str>>,
}

enum Refusal {
    Flaw(Flaw),
    TooMany(&'static str),
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

/// Reads a whole frame as one request.
pub(super) fn request<'a>(reader: &mut dyn Reader<'a>) -> Result<Request, Error> {
    let parts = match parts(reader) {
        Ok(parts) => parts,
        Err(Refusal::Flaw(flaw)) => return Err(flaw.at(reader.position())),
        Err(Refusal::TooMany(field)) => return Err(Error::TooManyEntries(field)),
    };
    if !reader.at_end() {
        return Err(Error::TrailingBytes(reader.position()));
    }
    let action = parts.action.as_deref().ok_or(Error::MissingField("action"))?;
    match action {
        "auth" => credentials(parts.key, parts.secret, ["key", "secret"])
            .map(|credentials| Request::Auth(credentials, AuthForm::Auth)),
        "authenticate" => match parts.data.oauth_token {
            Some(token) => Ok(Request::Auth(Credentials::new("oauth", token), AuthForm::Authenticate)),
            None => credentials(parts.data.key_id, parts.data.secret_key, ["key_id", "secret_key"])
                .map(|credentials| Request::Auth(credentials, AuthForm::Authenticate)),
        },
        "subscribe" => Ok(Request::Subscribe(subscriptions(parts.lists))),
        "unsubscribe" => Ok(Request::Unsubscribe(subscriptions(parts.lists))),
        "listen" => Ok(Request::Listen(parts.data.streams.into_iter().map(Cow::into_owned).collect())),
        "unlisten" => Ok(Request::Unlisten(parts.data.streams.into_iter().map(Cow::into_owned).collect())),
        _ => Ok(Request::Unknown),
    }
}

fn credentials(
    key: Option<Cow<'_, str>>,
    secret: Option<Cow<'_, str>>,
    [key_name, secret_name]: [&'static str; 2],
) -> Result<Credentials, Error> {
    let key = key.ok_or(Error::MissingField(key_name))?;
    let secret = secret.ok_or(Error::MissingField(secret_name))?;
    Ok(Credentials::new(key, secret))
}

fn subscriptions(lists: [Vec<Cow<'_, str>>; Channel::ALL.len()]) -> Subscriptions {
    let mut pairs = Subscriptions::new();
    for (channel, list) in Channel::ALL.into_iter().zip(lists).filter(|(_, list)| !list.is_empty()) {
        pairs.extend(channel, list.into_iter().map(Cow::into_owned));
    }
    pairs
}

fn parts<'a>(r: &mut dyn Reader<'a>) -> Result<Parts<'a>, Refusal> {
    let mut parts = Parts::default();
    let mut seq = r.map()?;
    while let Some(key) = r.key(&mut seq)? {
        match key {
            b"action" => parts.action = opt_text(r)?,
            b"key" => parts.key = opt_text(r)?,
            b"secret" => parts.secret = opt_text(r)?,
            // Anything else under this key is unknown, and unknown is ignored.
            b"data" if r.kind()? == Kind::Map => parts.data = data(r)?,
            _ => {
                match Channel::ALL.into_iter().zip(&mut parts.lists).find(|(c, _)| c.key().as_bytes() == key)
                {
                    Some((channel, list)) => *list = texts(r, MAX_SUBSCRIPTION_SYMBOLS, channel.key())?,
                    None => r.skip()?,
                }
            }
        }
    }
    Ok(parts)
}

fn data<'a>(r: &mut dyn Reader<'a>) -> Result<Data<'a>, Refusal> {
    let mut data = Data::default();
    let mut seq = r.map()?;
    while let Some(key) = r.key(&mut seq)? {
        match key {
            b"key_id" => data.key_id = opt_text(r)?,
            b"secret_key" => data.secret_key = opt_text(r)?,
            b"oauth_token" => data.oauth_token = opt_text(r)?,
            b"streams" => data.streams = texts(r, MAX_LISTEN_STREAMS, "streams")?,
            _ => r.skip()?,
        }
    }
    Ok(data)
}

fn opt_text<'a>(r: &mut dyn Reader<'a>) -> Result<Option<Cow<'a, str>>, Flaw> {
    if r.null()? { Ok(None) } else { text(r).map(Some) }
}

fn text<'a>(r: &mut dyn Reader<'a>) -> Result<Cow<'a, str>, Flaw> {
    let text = r.text()?;
    if text.len() > MAX_REQUEST_TEXT_BYTES { Err(Flaw::WrongKind) } else { Ok(text) }
}

fn texts<'a>(
    r: &mut dyn Reader<'a>,
    limit: usize,
    field: &'static str,
) -> Result<Vec<Cow<'a, str>>, Refusal> {
    let mut out = Vec::new();
    if r.null()? {
        return Ok(out);
    }
    let mut seq = r.array()?;
    while r.item(&mut seq)? {
        if out.len() == limit {
            return Err(Refusal::TooMany(field));
        }
        out.push(text(r)?);
    }
    Ok(out)
}
