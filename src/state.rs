//! Signals: what the panels show. Written by the engine's publisher, once a frame and only if
//! different. The timeframe, the theme and the source dialog also follow the person's hand at once.

pub mod connection;
pub mod news;
pub mod quote;

use leptos::prelude::*;
use wickwire_market::Timeframe;

use crate::announce::Announcer;
use crate::layout::settings::Settings;
use crate::source::Source;
use crate::theme::Theme;

use connection::ConnectionView;
use news::NewsRow;
use quote::QuoteView;

/// A symbol that the source told of, for the list below the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSymbol {
    /// As the stream writes it.
    pub symbol: String,
    /// The company or pair; may be empty.
    pub name: String,
}

/// How far the history of the shown series has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HistoryState {
    /// Nothing asked yet.
    #[default]
    Idle,
    /// On its way.
    Loading,
    /// Here; how it came, in words.
    Loaded(&'static str),
    /// Not to be had; why, in words, and whether it is asked for again.
    Unavailable(String, Again),
}

/// Whether something that failed is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// No: it would fail in the same way.
    Never,
    /// Only when somebody asks.
    Asked,
    /// By itself, so many seconds after it failed.
    In(u32),
}

impl HistoryState {
    /// Whether somebody may ask again for what failed.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        matches!(self, Self::Unavailable(_, Again::Asked | Again::In(_)))
    }
}

/// How far back the shown series has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// There may be older bars.
    #[default]
    Idle,
    /// A page of them is on its way.
    Loading,
    /// There are none.
    NoMore,
    /// The series holds as many bars as it may.
    Full,
    /// Not to be had now; why, in words. Asked for again only when somebody asks.
    Failed(String),
}

/// What kind of data is on the screen; always shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DataKind {
    /// Not known yet.
    #[default]
    Unknown,
    /// From the market.
    Live,
    /// Late by a fixed time, or a made-up symbol.
    Delayed,
    /// Invented.
    Simulated,
    /// From a recording.
    Recorded,
}

/// The badge that says what the data is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataLabel {
    /// The kind.
    pub kind: DataKind,
    /// The words, for example `SIMULATED`, `RECORDED 2013-10-07 · 60×`, `LIVE · IEX`.
    pub text: String,
}

/// What is in the chart's dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Indicators; the one of this number is the one to set.
    Indicators(Option<u32>),
    /// Everything else about the chart.
    Settings,
    /// The list of keys.
    Keys,
}

/// All signals. Copy: every field is an index into the reactive arena.
#[derive(Clone, Copy)]
pub struct Signals {
    /// The source in use; `None` while the page finds out.
    pub source: RwSignal<Option<Source>>,
    /// The shown symbol; empty while the page finds out.
    pub symbol: RwSignal<String>,
    /// The shown timeframe.
    pub timeframe: RwSignal<Timeframe>,
    /// Symbols the source knows.
    pub known: RwSignal<Vec<KnownSymbol>>,
    /// What the data is.
    pub label: RwSignal<DataLabel>,
    /// The source's clock in New York and UTC, whole seconds.
    pub clock: RwSignal<String>,
    /// The connections.
    pub connection: RwSignal<ConnectionView>,
    /// The quote of the shown symbol.
    pub quote: RwSignal<QuoteView>,
    /// News, newest first.
    pub news: RwSignal<Vec<NewsRow>>,
    /// History of the shown series.
    pub history: RwSignal<HistoryState>,
    /// Bars older than those of the shown series.
    pub older: RwSignal<Older>,
    /// How the list of news was filled.
    pub news_history: RwSignal<HistoryState>,
    /// Bars of the shown series in the store.
    pub bar_count: RwSignal<usize>,
    /// Whether the source dialog is open.
    pub source_dialog: RwSignal<bool>,
    /// What is in the chart's dialog, if it is open.
    pub sheet: RwSignal<Option<Sheet>>,
    /// What the page says by itself.
    pub announcer: Announcer,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// The layout of the chart.
    pub settings: Settings,
}

impl Signals {
    /// Signals with nothing in them, owned by the current reactive owner.
    #[must_use]
    pub fn new() -> Self {
        Self {
            source: RwSignal::new(None),
            symbol: RwSignal::new(String::new()),
            timeframe: RwSignal::new(Timeframe::Min1),
            known: RwSignal::new(Vec::new()),
            label: RwSignal::new(DataLabel::default()),
            clock: RwSignal::new(String::new()),
            connection: RwSignal::new(ConnectionView::default()),
            quote: RwSignal::new(QuoteView::default()),
            news: RwSignal::new(Vec::new()),
            history: RwSignal::new(HistoryState::default()),
            older: RwSignal::new(Older::default()),
            news_history: RwSignal::new(HistoryState::default()),
            bar_count: RwSignal::new(0),
            source_dialog: RwSignal::new(false),
            sheet: RwSignal::new(None),
            announcer: Announcer::new(),
            theme: RwSignal::new(Theme::read()),
            settings: Settings::read(),
        }
    }
}

impl Default for Signals {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes `value` if it differs from what the signal holds; a disposed signal is left alone.
pub fn publish<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        let _ = signal.try_set(value);
    }
}
