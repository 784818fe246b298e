//! The dialog in which the source is chosen and keys are typed in.
//!
//! Keys live in memory only: the fields are emptied the moment they are used, nothing is stored,
//! and the browser is asked not to remember them. Inside another page's frame no key is asked for.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use wickwire_proto::request::Credentials;

use crate::dom;
use crate::engine::handle::EngineHandle;
use crate::source::{Feed, Source};
use crate::state::connection::Level;

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
#[component]
pub fn SourceDialog(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    let key: NodeRef<html::Input> = NodeRef::new();
    let secret: NodeRef<html::Input> = NodeRef::new();
    let choice = RwSignal::new(Choice::Demo);
    let feed = RwSignal::new(Feed::default());
    let message = RwSignal::new("");
    let framed = dom::is_framed();

    let empty_fields = move || {
        for field in [key, secret] {
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
        }
    };
    Effect::new(move |_| {
        let open = signals.source_dialog.get();
        let Some(dialog) = dialog.get() else { return };
        if open && !dialog.open() {
            let source = signals.source.get_untracked();
            choice.set(Choice::of(source));
            feed.set(source.map_or(Feed::default(), Source::feed));
            message.set("");
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });

    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |field: NodeRef<html::Input>| {
            field.get_untracked().map(|f| f.value().trim().to_owned()).unwrap_or_default()
        };
        let (typed_key, typed_secret) = (value(key), value(secret));
        let credentials = match (typed_key.is_empty(), typed_secret.is_empty()) {
            (true, true) => None,
            (false, false) => Some(Credentials::new(typed_key, typed_secret)),
            _ => {
                message.set("Key and secret belong together: type both or neither.");
                return;
            }
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
        empty_fields();
        signals.source_dialog.set(false);
        engine.set_source(source, credentials);
    };
    let on_close = move |_| {
        empty_fields();
        signals.source_dialog.set(false);
    };
    let wants_keys = move || choice.get() != Choice::Demo;
    let blocked = Memo::new(move |_| {
        signals.connection.with(|v| if v.level == Level::Blocked { v.words.clone() } else { Vec::new() })
    });

    let radio = move |option: Choice| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="source"
                    prop:checked=move || choice.get() == option
                    on:change=move |_| {
                        message.set("");
                        choice.set(option);
                    }
                />
                <span>
                    <strong>{option.title()}</strong>
                    <span class="choice-words">{option.words()}</span>
                </span>
            </label>
        }
    };
    let feeds = move || {
        Feed::ALL
            .into_iter()
            .map(|option| {
                view! {
                    <option value=option.key() prop:selected=move || feed.get() == option>
                        {option.label()}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="source-title" on:close=on_close>
            <form class="dialog-form" autocomplete="off" on:submit=on_submit>
                <h2 id="source-title">"Source"</h2>
                <Show when=move || !blocked.with(Vec::is_empty)>
                    <div class="dialog-words" role="alert">
                        {move || blocked.get().into_iter().map(|w| view! { <p>{w}</p> }).collect_view()}
                    </div>
                </Show>
                <fieldset class="choices">
                    <legend class="visually-hidden">"Where the data comes from"</legend>
                    {Choice::ALL.into_iter().map(radio).collect_view()}
                </fieldset>
                <div class="form-rows" class:hidden=move || !wants_keys()>
                    <label class="form-row">
                        <span>"Stock feed"</span>
                        <select
                            class="field"
                            on:change=move |event| {
                                feed.set(Feed::from_key(&event_target_value(&event)).unwrap_or_default());
                            }
                        >
                            {feeds()}
                        </select>
                    </label>
                    <p class="form-words">{move || feed.get().description()}</p>
                    {if framed {
                        view! {
                            <p class="form-words form-warning">
                                "This page is shown inside another page. Keys are not asked for here: open it in a tab of its own."
                            </p>
                        }
                        .into_any()
                    } else {
                        view! {
                            <label class="form-row">
                                <span>"Key ID"</span>
                                <input
                                    node_ref=key
                                    class="field"
                                    type="text"
                                    autocomplete="off"
                                    autocapitalize="off"
                                    spellcheck="false"
                                />
                            </label>
                            <label class="form-row">
                                <span>"Secret"</span>
                                <input node_ref=secret class="field" type="password" autocomplete="off" spellcheck="false" />
                            </label>
                            <p class="form-words">
                                {move || if choice.get() == Choice::Relay {
                                    "Only for a relay that asks for them. Left empty, a placeholder is sent."
                                } else {
                                    "Kept in memory until this page is closed or reloaded, and sent to Alpaca only. Never stored."
                                }}
                            </p>
                        }
                        .into_any()
                    }}
                </div>
                <p class="field-message" role="alert">{message}</p>
                <div class="dialog-actions">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| signals.source_dialog.set(false)
                    >
                        "Cancel"
                    </button>
                    <button type="submit" class="button button-primary">"Connect"</button>
                </div>
            </form>
        </dialog>
    }
}
