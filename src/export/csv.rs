//! Bars as comma-separated values (RFC 4180, with the line ends of Unix).

use std::fmt::Write as _;
use std::ops::Range;

use wickwire_market::Series;

/// The first line. Times are the starts of bars, in UTC (RFC 3339). `complete` is false for a bar
/// that may still change.
pub const HEADER: &str = "time,open,high,low,close,volume,vwap,trades,complete\n";
/// Rows that are written in one piece: about 300 KiB.
pub const CHUNK_ROWS: usize = 4_096;

/// Appends the rows of `range`, every number exactly as received: the shortest text that reads back
/// as the same number. Unknown figures are empty.
pub fn write_rows(out: &mut String, series: &Series, range: Range<usize>) {
    for bar in range.map_while(|i| series.get(i)) {
        out.push_str(&bar.time.to_rfc3339());
        for figure in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
            let _ = write!(out, ",{figure}");
        }
        out.push(',');
        if let Some(vwap) = bar.vwap {
            let _ = write!(out, "{vwap}");
        }
        out.push(',');
        if let Some(count) = bar.count {
            let _ = write!(out, "{count}");
        }
        out.push_str(if bar.flags.is_open() { ",false\n" } else { ",true\n" });
    }
}

/// Hands the whole table, header first, to `take` in pieces of at most [`CHUNK_ROWS`] rows, so that
/// no text of its full length is built here.
pub fn write(series: &Series, range: Range<usize>, mut take: impl FnMut(&str)) {
    take(HEADER);
    let mut chunk = String::new();
    let end = range.end.min(series.len());
    let mut start = range.start;
    while start < end {
        let next = end.min(start + CHUNK_ROWS);
        chunk.clear();
        write_rows(&mut chunk, series, start..next);
        take(&chunk);
        start = next;
    }
}

#[cfg(test)]
mod tests {
    use wickwire_market::{Bar, BarFlags};
    use wickwire_proto::time::Timestamp;

    use super::*;

    fn series(bars: &[Bar]) -> Series {
        let mut series = Series::new(100_000);
        for bar in bars {
            series.put(bar);
        }
        series
    }

    fn text(series: &Series, range: Range<usize>) -> String {
        let mut out = String::new();
        write(series, range, |chunk| out.push_str(chunk));
        out
    }

    fn bar(second: i64) -> Bar {
        let time = Timestamp::from_seconds(1_381_152_600 + second);
        Bar { time, open: 1.0, high: 1.0, low: 1.0, close: 1.0, volume: 1.0, ..Bar::default() }
    }

    #[test]
    fn figures_are_exact_and_unknown_ones_empty() {
        let first = Bar {
            open: 181.5,
            high: 0.1 + 0.2,
            low: 0.000_012_34,
            close: 1e16,
            volume: 12_345_678_901.0,
            vwap: Some(181.490_1),
            count: Some(7),
            ..bar(0)
        };
        let second = Bar { time: Timestamp(first.time.nanos() + 60_000_000_001), ..bar(0) };
        let second = Bar { flags: BarFlags::FORMING, volume: 0.0, ..second };
        assert_eq!(
            text(&series(&[first, second]), 0..9),
            "time,open,high,low,close,volume,vwap,trades,complete\n\
             2013-10-07T13:30:00Z,181.5,0.30000000000000004,0.00001234,10000000000000000,12345678901,181.4901,7,true\n\
             2013-10-07T13:31:00.000000001Z,1,1,1,1,0,,,false\n"
        );
    }

    #[test]
    fn ranges_outside_are_empty_and_long_ones_come_in_pieces() {
        let all: Vec<Bar> = (0..CHUNK_ROWS as i64 * 2 + 5).map(bar).collect();
        let series = series(&all);
        assert_eq!(text(&series, 99_000..99_010), HEADER);
        let mut pieces = Vec::new();
        write(&series, 0..usize::MAX, |chunk| pieces.push(chunk.lines().count()));
        assert_eq!(pieces, [1, CHUNK_ROWS, CHUNK_ROWS, 5]);
        assert_eq!(text(&series, 3..5).lines().count(), 3);
    }
}
