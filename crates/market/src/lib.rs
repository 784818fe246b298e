//! Market state a chart can trust: series, quotes, spread, books, news.
