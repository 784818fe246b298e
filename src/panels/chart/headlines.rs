//! The headlines behind a mark on the time axis, in a note over the chart.

use leptos::html::Button;
use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use crate::panels::news::NewsItem;

/// The note; it is there as long as `ids` names articles.
#[component]
pub fn Headlines(
    /// The engine behind the page.
    engine: EngineHandle,
    /// The numbers of the articles.
    ids: RwSignal<Vec<u64>>,
) -> impl IntoView {
    let close = NodeRef::<Button>::new();
    Effect::new(move |_| {
        // By keys one gets on from here; the button is there after the note has been shown.
        if !ids.with(Vec::is_empty)
            && let Some(button) = close.get()
        {
            let _ = button.focus();
        }
    });
    let shut = move || {
        ids.set(Vec::new());
        engine.request(Dirty::CURSOR);
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            shut();
        }
    };
    let rows = move || engine.news_rows(&ids.get());
    view! {
        <Show when=move || !ids.with(Vec::is_empty)>
            <div class="headlines" role="dialog" aria-label="Headlines at this time" on:keydown=keys>
                <button
                    type="button"
                    node_ref=close
                    class="button icon-button"
                    aria-label="Close headlines"
                    on:click=move |_| shut()
                >
                    <span aria-hidden="true">"×"</span>
                </button>
                <ul class="news-list" aria-label="Headlines">
                    {move || rows().into_iter().map(|row| view! { <NewsItem engine=engine row=row /> }).collect_view()}
                </ul>
            </div>
        </Show>
    }
}
