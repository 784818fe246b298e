//! News by id, newest first.

use wickwire_proto::message::News;
use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

use crate::limits::{MAX_NEWS, MAX_NEWS_BYTES, MAX_NEWS_SYMBOLS, MAX_NEWS_TEXT_BYTES, MAX_SYMBOL_BYTES};
use crate::status::cut;
use crate::symbol::{display, key};

/// An article. All texts are plain or, in `content`, HTML from outside: never markup for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// `id`
    pub id: u64,
    /// `headline`
    pub headline: String,
    /// `summary`
    pub summary: String,
    /// `author`
    pub author: String,
    /// `created_at`
    pub created_at: Timestamp,
    /// `updated_at`
    pub updated_at: Timestamp,
    /// `content`
    pub content: String,
    /// `url`, as it came: check the scheme before making a link of it.
    pub url: String,
    /// `symbols`, pairs with their slash.
    pub symbols: Vec<String>,
    /// `source`
    pub source: String,
}

impl Article {
    fn bytes(&self) -> usize {
        [&self.headline, &self.summary, &self.author, &self.content, &self.url, &self.source]
            .into_iter()
            .chain(&self.symbols)
            .map(String::len)
            .sum()
    }

    /// Whether it is about `symbol`, in either spelling of a pair.
    #[must_use]
    pub fn is_about(&self, symbol: &str) -> bool {
        let wanted = key(symbol);
        self.symbols.iter().any(|s| key(s) == wanted)
    }
}

impl From<&News<'_>> for Article {
    fn from(news: &News<'_>) -> Self {
        let text = |s: &str| cut(s, MAX_NEWS_TEXT_BYTES).to_owned();
        Self {
            id: news.id,
            headline: text(&news.headline),
            summary: text(&news.summary),
            author: text(&news.author),
            created_at: news.created_at,
            updated_at: news.updated_at,
            content: text(&news.content),
            url: text(&news.url),
            symbols: news
                .symbols
                .iter()
                .take(MAX_NEWS_SYMBOLS)
                .map(|s| display(cut(s, MAX_SYMBOL_BYTES)).into_owned())
                .collect(),
            source: text(&news.source),
        }
    }
}

/// Articles sorted by their creation, so that an update does not make a line jump; at most
/// [`MAX_NEWS`] and [`MAX_NEWS_BYTES`], oldest out.
#[derive(Clone, Debug, Default)]
pub struct NewsList {
    sorted: SortedMap<(Timestamp, u64), Article>,
    bytes: usize,
    revision: u64,
}

impl NewsList {
    /// Newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Article> + ExactSizeIterator {
        self.sorted.iter().rev().map(|(_, article)| article)
    }

    /// The article with this id.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&Article> {
        self.iter().find(|article| article.id == id)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Bytes of all texts.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A number that grows with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// In place of what it holds, the articles of another list that `keep` names.
    pub(crate) fn take_from(&mut self, other: &Self, keep: impl Fn(&Article) -> bool) {
        let kept = other.sorted.iter().filter(|(_, article)| keep(article));
        *self = Self { revision: self.revision + 1, ..Self::default() };
        for (key, article) in kept {
            self.bytes += article.bytes();
            self.sorted.insert(*key, article.clone());
        }
    }

    /// Takes an article. One with a known id replaces the old text if its `updated_at` is later;
    /// at the same `updated_at` the longer text stays, so that the order of arrival does not
    /// matter and a list without `content` does not empty what is there.
    pub fn apply(&mut self, news: &News<'_>) -> bool {
        let article = Article::from(news);
        if let Some(old) = self.get(article.id) {
            let rank = |a: &Article| (a.updated_at, a.bytes());
            if (rank(&article), &article.headline) <= (rank(old), &old.headline) {
                return false;
            }
            let at = (old.created_at, old.id);
            if let Some(old) = self.sorted.remove(&at) {
                self.bytes -= old.bytes();
            }
        }
        self.bytes += article.bytes();
        let key = (article.created_at, article.id);
        self.sorted.insert(key, article);
        while self.sorted.len() > MAX_NEWS || (self.bytes > MAX_NEWS_BYTES && self.sorted.len() > 1) {
            let Some((_, old)) = self.sorted.first() else { break };
            self.bytes -= old.bytes();
            self.sorted.drop_first(1);
        }
        self.revision += 1;
        self.sorted.contains_key(&key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn news(id: u64, created: i64, updated: i64, headline: &str) -> News<'static> {
        News {
            id,
            headline: headline.to_owned().into(),
            created_at: Timestamp::from_seconds(created),
            updated_at: Timestamp::from_seconds(updated),
            symbols: vec!["BTCUSD".into(), "BRK.B".into()],
            ..News::default()
        }
    }

    #[test]
    fn newest_first_and_an_update_keeps_its_place() {
        let mut list = NewsList::default();
        list.apply(&news(1, 10, 10, "first"));
        list.apply(&news(2, 20, 20, "second"));
        assert!(list.apply(&news(1, 10, 30, "first, corrected")));
        assert!(!list.apply(&news(1, 10, 10, "first")), "an old version that comes late");
        let lines: Vec<_> = list.iter().map(|a| a.headline.as_str()).collect();
        assert_eq!(lines, ["second", "first, corrected"]);
        assert!(list.get(1).unwrap().is_about("BTC/USD"));
        assert!(!list.get(1).unwrap().is_about("BRK"));
    }

    #[test]
    fn number_and_bytes_are_bounded() {
        let mut list = NewsList::default();
        for i in 0..MAX_NEWS as u64 + 20 {
            list.apply(&news(i, i as i64, i as i64, "x"));
        }
        assert_eq!(list.len(), MAX_NEWS);
        assert!(list.get(19).is_none());
        let long = "é".repeat(MAX_NEWS_TEXT_BYTES);
        for i in 1_000..1_400 {
            list.apply(&news(i, i as i64, i as i64, &long));
        }
        assert!(list.bytes() <= MAX_NEWS_BYTES);
        assert_eq!(list.iter().next().unwrap().headline.len(), MAX_NEWS_TEXT_BYTES);
        assert_eq!(list.bytes(), list.iter().map(Article::bytes).sum::<usize>());
    }

    #[test]
    fn a_list_of_another_is_a_new_one() {
        let (mut all, mut some) = (NewsList::default(), NewsList::default());
        for id in 1..=3 {
            all.apply(&news(id, id as i64, id as i64, "x"));
        }
        some.apply(&news(9, 9, 9, "gone"));
        let before = some.revision();
        some.take_from(&all, |article| article.id != 2);
        assert_eq!(some.iter().map(|article| article.id).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(some.bytes(), some.iter().map(Article::bytes).sum::<usize>());
        assert!(some.revision() > before);
    }

    #[test]
    fn symbols_of_an_article_are_bounded() {
        let symbols = (0..MAX_NEWS_SYMBOLS + 3).map(|i| format!("S{i}{}", "X".repeat(MAX_SYMBOL_BYTES)));
        let mut list = NewsList::default();
        list.apply(&News { symbols: symbols.map(Into::into).collect(), ..news(1, 10, 10, "x") });
        let kept = &list.get(1).unwrap().symbols;
        assert_eq!(kept.len(), MAX_NEWS_SYMBOLS);
        assert!(kept.iter().all(|symbol| symbol.len() == MAX_SYMBOL_BYTES));
    }
}
