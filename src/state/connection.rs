//! What the status "Connection" shows.

/// How worried to be; also the colour, never the colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing runs.
    #[default]
    Idle,
    /// Live.
    Good,
    /// On its way.
    Busy,
    /// Live once, silent or broken now; comes back by itself.
    Warning,
    /// Waits for the person.
    Blocked,
}

/// One endpoint's connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointView {
    /// What it carries: `Stocks · IEX`, `Crypto`, `News`.
    pub name: &'static str,
    /// The state in a word or two.
    pub state: String,
    /// How worried to be.
    pub level: Level,
    /// What happened, in a sentence; empty if nothing did.
    pub what: String,
    /// What happens next, in a sentence; empty if nothing needs saying.
    pub next: String,
    /// Messages received in the last second.
    pub rate: u64,
    /// Whole seconds since the last datum; `None` before the first.
    pub since_data: Option<u64>,
    /// Times it had to connect again.
    pub reconnects: u64,
}

/// The connections together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionView {
    /// The state of the chart's endpoint in a word or two.
    pub state: String,
    /// How worried to be.
    pub level: Level,
    /// Where the data comes from.
    pub source: String,
    /// Messages a second, all endpoints together.
    pub rate: u64,
    /// Whole seconds since the last datum on the chart's endpoint; `None` before the first.
    pub since_data: Option<u64>,
    /// Reconnects, all endpoints together.
    pub reconnects: u64,
    /// While waiting to connect again: attempts so far, and seconds to the next.
    pub retry: Option<(u64, u64)>,
    /// How worried the words are.
    pub words_level: Level,
    /// What needs saying: what happened and what happens next, the chart's endpoint first.
    pub words: Vec<String>,
    /// Each endpoint.
    pub endpoints: Vec<EndpointView>,
    /// Elements of frames that could not be read, since the page started.
    pub refused: u64,
}
