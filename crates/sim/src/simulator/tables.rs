//! What is traded in the simulated market. The tickers are real, every price is invented.

/// Ten-thousandths of a dollar in a cent: stock prices are integers of this unit, quotes and most
/// trades whole cents, midpoint trades half cents.
pub(super) const CENT: i64 = 100;
/// Stock price units in a dollar.
pub(super) const STOCK_UNITS: f64 = 10_000.0;

/// A stock.
#[derive(Debug)]
pub(super) struct StockSpec {
    pub(super) symbol: &'static str,
    pub(super) name: &'static str,
    /// Listing exchange as REST names it.
    pub(super) listing: &'static str,
    /// Code of the listing exchange on the tape.
    pub(super) primary: &'static str,
    pub(super) tape: &'static str,
    /// First price, in cents.
    pub(super) cents: i64,
    /// Standard deviation of a day's move, in hundredths of a percent.
    pub(super) volatility: f64,
    /// Usual spread, in cents.
    pub(super) spread: f64,
    /// Share of the messages.
    pub(super) weight: f64,
    /// Shares in a round lot: by price, as the tape has it since November 2025.
    pub(super) lot: u32,
    /// Whether this is the stock that halts.
    pub(super) halts: bool,
}

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn stock(
    symbol: &'static str,
    name: &'static str,
    listing: &'static str,
    cents: i64,
    volatility: f64,
    spread: f64,
    weight: f64,
    halts: bool,
) -> StockSpec {
    // Alpaca names the listing exchange in words, the tape by a letter.
    let (primary, tape) = match listing.as_bytes() {
        b"NASDAQ" => ("Q", "C"),
        b"ARCA" => ("P", "B"),
        _ => ("N", "A"),
    };
    let lot = match cents {
        ..=25_000 => 100,
        25_001..=100_000 => 40,
        _ => 10,
    };
    StockSpec { symbol, name, listing, primary, tape, cents, volatility, spread, weight, lot, halts }
}

/// The stocks, the default symbol first.
pub(super) static STOCKS: [StockSpec; 10] = [
    stock("IBM", "International Business Machines", "NYSE", 24_318, 140.0, 4.0, 0.9, false),
    stock("AAPL", "Apple", "NASDAQ", 23_172, 150.0, 1.4, 1.7, false),
    stock("MSFT", "Microsoft", "NASDAQ", 44_860, 130.0, 4.0, 1.2, false),
    stock("NVDA", "NVIDIA", "NASDAQ", 14_235, 260.0, 1.2, 2.0, false),
    stock("AMZN", "Amazon", "NASDAQ", 20_947, 180.0, 2.0, 1.2, false),
    stock("TSLA", "Tesla", "NASDAQ", 31_690, 320.0, 4.0, 1.7, false),
    stock("SPY", "SPDR S&P 500 ETF", "ARCA", 59_124, 85.0, 1.1, 2.2, false),
    stock("BRK.B", "Berkshire Hathaway class B", "NYSE", 47_853, 90.0, 9.0, 0.4, false),
    stock("JPM", "JPMorgan Chase", "NYSE", 23_466, 130.0, 2.6, 0.7, false),
    stock("GME", "GameStop", "NYSE", 2_841, 420.0, 1.6, 0.8, true),
];

/// Index of the stock under the option chain.
pub(super) const UNDERLYING: usize = 1;
/// Share of the messages of the option chain.
pub(super) const OPTIONS_WEIGHT: f64 = 0.8;

/// A crypto pair or a perpetual future.
#[derive(Debug)]
pub(super) struct CryptoSpec {
    pub(super) symbol: &'static str,
    pub(super) name: &'static str,
    /// First price, in cents.
    pub(super) cents: i64,
    /// Standard deviation of a day's move, in hundredths of a percent.
    pub(super) volatility: f64,
    /// Usual spread, in cents.
    pub(super) spread: i64,
    /// Usual distance between levels, in cents.
    pub(super) step: i64,
    /// Usual size of a level, in billionths of a coin.
    pub(super) level: u32,
    pub(super) weight: f64,
    /// Trade ids count up from here: 19 digits, as on the real feed.
    pub(super) first_id: u64,
    pub(super) perpetual: bool,
}

/// The pairs; the perpetual follows the first of them.
pub(super) static CRYPTO: [CryptoSpec; 3] = [
    CryptoSpec {
        symbol: "BTC/USD",
        name: "Bitcoin / US dollar",
        cents: 9_421_850,
        volatility: 240.0,
        spread: 640,
        step: 380,
        level: 420_000_000,
        weight: 2.0,
        first_id: 3_447_222_699_000_000_000,
        perpetual: false,
    },
    CryptoSpec {
        symbol: "ETH/USD",
        name: "Ethereum / US dollar",
        cents: 341_275,
        volatility: 320.0,
        spread: 62,
        step: 34,
        level: 3_000_000_000,
        weight: 1.4,
        first_id: 3_447_322_699_000_000_000,
        perpetual: false,
    },
    CryptoSpec {
        symbol: "BTC-PERP",
        name: "Bitcoin perpetual future",
        cents: 9_424_100,
        volatility: 240.0,
        spread: 420,
        step: 260,
        level: 900_000_000,
        weight: 0.5,
        first_id: 3_447_422_699_000_000_000,
        perpetual: true,
    },
];

/// Where quotes and most trades come from, with how often out of a hundred; the listing exchange
/// comes on top.
pub(super) const LIT: [(&str, u32); 11] = [
    ("Q", 19),
    ("K", 14),
    ("Z", 13),
    ("P", 12),
    ("V", 11),
    ("U", 9),
    ("Y", 7),
    ("J", 6),
    ("B", 4),
    ("H", 3),
    ("M", 2),
];
/// The off-exchange reporting facility: midpoint and price-improved trades, often reported late.
pub(super) const OFF_EXCHANGE: &str = "D";
/// Option exchanges.
pub(super) const OPTION_EXCHANGES: [&str; 6] = ["A", "C", "N", "I", "P", "X"];

/// The symbol of the test endpoint.
pub(super) const TEST_SYMBOL: &str = "FAKEPACA";
