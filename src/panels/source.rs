//! The dialog in which the source is chosen and keys are typed in.
//!
//! Keys live in memory only: the fields are emptied the moment they are used, nothing is stored,
//! and the browser is asked not to remember them. Inside another page's frame no key is asked for.

use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use wickwire_proto::request::Credentials;

use crate::dom;
use crate::engine::handle::EngineHandle;
use crate::source::{Feed, Source};
use crate::state::connection::Level;
use crate::ui::{El, after, el};
use crate::widgets::field::button;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Relay,
    Demo,
    Direct,
}

impl Choice {
    const ALL: [Self; 3] = [Self::Demo, Self::Relay, Self::Direct];

    const fn of(source: Option<Source>) -> Self {
        match source {
            Some(Source::Direct { .. }) => Self::Direct,
            Some(Source::Relay { .. }) => Self::Relay,
            Some(Source::Demo) | None => Self::Demo,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Relay => "Relay",
            Self::Demo => "Demo",
            Self::Direct => "Alpaca",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Relay => {
                "The server that this page came from: live, recorded or simulated, as it was started."
            }
            Self::Demo => "A simulated market inside this page. Needs no account and no network.",
            Self::Direct => "Straight to Alpaca, with your own keys. Paper keys are enough.",
        }
    }
}

/// The dialog "Source".
#[must_use]
pub fn source_dialog(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let choice = RwSignal::new(Choice::Demo);
    let feed = RwSignal::new(Feed::default());
    let message = RwSignal::new("");
    let keys = Keys::new();

    let dialog = el("dialog", "dialog").attr("aria-labelledby", "source-title");
    let element: HtmlDialogElement = dialog.cast();
    after(move || {
        let open = signals.source_dialog.get();
        if open && !element.open() {
            let source = signals.source.get_untracked();
            choice.set(Choice::of(source));
            feed.set(source.map_or(Feed::default(), Source::feed));
            message.set("");
            let _ = element.show_modal();
        } else if !open && element.open() {
            element.close();
        }
    });

    let typed = keys.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(credentials) = typed.read() else {
            message.set("Key and secret belong together: type both or neither.");
            return;
        };
        let (choice, feed) = (choice.get_untracked(), feed.get_untracked());
        let source = match choice {
            Choice::Demo => Source::Demo,
            Choice::Relay => Source::Relay { feed },
            Choice::Direct => Source::Direct { feed },
        };
        if choice == Choice::Direct && credentials.is_none() && !engine.has_credentials() {
            message.set("Alpaca wants a key and its secret.");
            return;
        }
        typed.empty();
        signals.source_dialog.set(false);
        engine.set_source(source, credentials);
    };
    let left = keys.clone();
    let on_close = move |_| {
        left.empty();
        signals.source_dialog.set(false);
    };
    let blocked = Memo::new(move |_| {
        signals.connection.with(|v| if v.level == Level::Blocked { v.words.clone() } else { Vec::new() })
    });
    let why = move || {
        el("div", "dialog-words").attr("role", "alert").children_of(move || {
            blocked.with(|words| words.iter().map(|words| el("p", "").text(words)).collect())
        })
    };
    let radio = |option: Choice| {
        let button = el("input", "")
            .attrs(&[("type", "radio"), ("name", "source")])
            .prop_of("checked", move || choice.get() == option)
            .on(ev::change, move |_| {
                message.set("");
                choice.set(option);
            });
        let words = el("span", "")
            .child(el("strong", "").text(option.title()))
            .child(el("span", "choice-words").text(option.words()));
        el("label", "choice").child(button).child(words)
    };
    let feed_option = |option: Feed| {
        el("option", "")
            .attr("value", option.key())
            .text(option.label())
            .prop_of("selected", move || feed.get() == option)
    };
    let feeds = el("select", "field").children(Feed::ALL.into_iter().map(feed_option));
    let feeds = feeds.on(ev::change, move |event| {
        feed.set(Feed::from_key(&event_target_value(&event)).unwrap_or_default());
    });
    let row =
        |words: &str, control: El| el("label", "form-row").child(el("span", "").text(words)).child(control);
    let rows = el("div", "form-rows")
        .class_if("hidden", move || choice.get() == Choice::Demo)
        .child(row("Stock feed", feeds))
        .child(el("p", "form-words").text_of(move || feed.get().description()));
    let rows = if dom::is_framed() {
        rows.child(el("p", "form-words form-warning").text(
            "This page is shown inside another page. Keys are not asked for here: open it in a tab of its own.",
        ))
    } else {
        rows.child(row("Key ID", keys.key))
            .child(row("Secret", keys.secret))
            .child(el("p", "form-words").text_of(move || {
            if choice.get() == Choice::Relay {
                "Only for a relay that asks for them. Left empty, a placeholder is sent."
            } else {
                "Kept in memory until this page is closed or reloaded, and sent to Alpaca only. Never stored."
            }
        }))
    };
    let actions = el("div", "dialog-actions")
        .child(button("button", "Cancel", move || signals.source_dialog.set(false)))
        .child(el("button", "button button-primary").attr("type", "submit").text("Connect"));
    let form = el("form", "dialog-form")
        .attr("autocomplete", "off")
        .on(ev::submit, on_submit)
        .child(el("h2", "").attr("id", "source-title").text("Source"))
        .child_if(move || !blocked.with(Vec::is_empty), why)
        .child(
            el("fieldset", "choices")
                .child(el("legend", "visually-hidden").text("Where the data comes from"))
                .children(Choice::ALL.map(radio)),
        )
        .child(rows)
        .child(el("p", "field-message").attr("role", "alert").text_of(move || message.get()))
        .child(actions);
    dialog.on(ev::close, on_close).child(form)
}

/// The fields that keys are typed into.
#[derive(Clone)]
struct Keys {
    key: El,
    secret: El,
}

impl Keys {
    fn new() -> Self {
        let field = |kind| {
            el("input", "field").attrs(&[("type", kind), ("autocomplete", "off"), ("spellcheck", "false")])
        };
        Self { key: field("text").attr("autocapitalize", "off"), secret: field("password") }
    }

    /// What was typed: nothing, or both.
    fn read(&self) -> Result<Option<Credentials>, ()> {
        let [key, secret] =
            [&self.key, &self.secret].map(|el| el.cast::<HtmlInputElement>().value().trim().to_owned());
        match (key.is_empty(), secret.is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some(Credentials::new(key, secret))),
            _ => Err(()),
        }
    }

    fn empty(&self) {
        for field in [&self.key, &self.secret] {
            field.cast::<HtmlInputElement>().set_value("");
        }
    }
}
