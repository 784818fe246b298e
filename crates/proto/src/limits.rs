//! Every limit of the decoder, in one place. What goes beyond is refused, never cut short silently.

/// Bytes of one frame. Alpaca names no limit; news and `*` subscriptions make frames of a few MiB.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;

/// Messages of one frame. What follows is refused.
pub const MAX_ELEMENTS: usize = 20_000;

/// How deep arrays and maps may nest, the frame's own array included. Alpaca needs four.
pub const MAX_NESTING: usize = 32;

/// Numbers of one JSON frame that are written with more than 19 digits or with a power of ten beyond
/// 10^±22. No price or size is; each takes microseconds, so that a frame full of them would block whoever
/// reads it. Further ones are refused as out of range.
pub const MAX_LONG_NUMBERS: usize = 10_000;

/// Price levels of one side of one order book message. Recorded snapshots hold 1,000.
pub const MAX_BOOK_LEVELS: usize = 10_000;

/// Condition codes of one trade or quote. Alpaca sends up to four.
pub const MAX_CONDITIONS: usize = 64;

/// Symbols of one news article.
pub const MAX_NEWS_SYMBOLS: usize = 10_000;

/// Symbols of one subscription list. There are some 12,000 US stocks.
pub const MAX_SUBSCRIPTION_SYMBOLS: usize = 20_000;

/// Bytes of one symbol, key, secret or stream name in a client's request.
pub const MAX_REQUEST_TEXT_BYTES: usize = 4096;

/// Stream names of one `listen` request.
pub const MAX_LISTEN_STREAMS: usize = 64;

/// Bytes of one frame of the trading stream. Its objects are read as trees, which take some ten
/// times the space of their text; a multi-leg update has 3 KB.
pub const MAX_TRADING_FRAME_BYTES: usize = 1024 * 1024;
