//! What the page says by itself: to screen readers, and in a note that everybody sees for a moment.

use std::time::Duration;

use leptos::prelude::*;

use crate::dom;
use crate::ui::{El, el};

/// Least time between two things said, milliseconds: speech takes about that long to begin.
pub const SAY_INTERVAL: f64 = 1_000.0;
/// How long a note stays, milliseconds.
const NOTE_MS: u64 = 5_000;

/// Says things, politely: after what is being read, at most once in [`SAY_INTERVAL`], and of several
/// in that time only the newest. Copy.
#[derive(Clone, Copy)]
pub struct Announcer {
    said: RwSignal<String>,
    note: RwSignal<String>,
    queue: StoredValue<Queue, LocalStorage>,
    notes: StoredValue<u64, LocalStorage>,
}

impl Announcer {
    /// Silent so far.
    #[must_use]
    pub fn new() -> Self {
        Self {
            said: RwSignal::new(String::new()),
            note: RwSignal::new(String::new()),
            queue: StoredValue::new_local(Queue::default()),
            notes: StoredValue::new_local(0),
        }
    }

    /// Says `text` to screen readers.
    pub fn announce(&self, text: String) {
        let now = dom::now_ms();
        match self.queue.try_update_value(|queue| queue.offer(text, now)) {
            Some(Offer::Now(text)) => self.say(text),
            Some(Offer::Later(wait)) => {
                let this = *self;
                let due = move || {
                    let text = this.queue.try_update_value(|queue| queue.due(dom::now_ms()));
                    if let Some(Some(text)) = text {
                        this.say(text);
                    }
                };
                set_timeout(due, Duration::from_millis(wait as u64 + 1));
            }
            Some(Offer::Merged) | None => {}
        }
    }

    /// Shows `text` for some seconds, and says it in its turn.
    pub fn note(&self, text: impl Into<String>) {
        let text = text.into();
        self.announce(text.clone());
        let number = self.notes.try_update_value(|notes| {
            *notes += 1;
            *notes
        });
        let _ = self.note.try_set(text.clone());
        let this = *self;
        let clear = move || {
            if this.notes.try_with_value(|notes| Some(*notes) == number) == Some(true) {
                let _ = this.note.try_set(String::new());
                // Or the same words would not be said a second time.
                if this.said.try_with_untracked(|said| *said == text) == Some(true) {
                    this.say(String::new());
                }
            }
        };
        set_timeout(clear, Duration::from_millis(NOTE_MS));
    }

    fn say(&self, text: String) {
        let _ = self.said.try_set(text);
    }

    /// The two regions. The note is seen at once and would be spoken at once, too, past the queue: so the
    /// other says it.
    #[must_use]
    pub fn view(self) -> [El; 2] {
        let region = |class, name, live, text: RwSignal<String>| {
            el("p", class)
                .attrs(&[("role", "status"), ("aria-label", name), ("aria-live", live)])
                .text_of(move || text.get())
        };
        [
            region("visually-hidden", "Announcements", "polite", self.said),
            region("note", "Note", "off", self.note),
        ]
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}

/// What to do with a text that was offered.
#[derive(Clone, Debug, PartialEq)]
enum Offer {
    /// Say it now.
    Now(String),
    /// Ask for what is due after so many milliseconds.
    Later(f64),
    /// Somebody asks later already.
    Merged,
}

/// The newest text that waits, and when the last was said.
#[derive(Debug, Default)]
struct Queue {
    said_at: Option<f64>,
    waiting: Option<String>,
}

impl Queue {
    fn offer(&mut self, text: String, now: f64) -> Offer {
        let wait = self.said_at.map_or(0.0, |at| at + SAY_INTERVAL - now);
        if let Some(waiting) = &mut self.waiting {
            *waiting = text;
            return Offer::Merged;
        }
        if wait > 0.0 {
            self.waiting = Some(text);
            return Offer::Later(wait);
        }
        self.said_at = Some(now);
        Offer::Now(text)
    }

    fn due(&mut self, now: f64) -> Option<String> {
        let text = self.waiting.take()?;
        self.said_at = Some(now);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_second_and_the_newest() {
        let mut queue = Queue::default();
        let text = |s: &str| s.to_owned();
        assert_eq!(queue.offer(text("a"), 10_000.0), Offer::Now(text("a")));
        assert_eq!(queue.offer(text("b"), 10_100.0), Offer::Later(900.0));
        assert_eq!(queue.offer(text("c"), 10_200.0), Offer::Merged);
        assert_eq!(queue.due(11_000.0), Some(text("c")), "b was never said");
        assert_eq!(queue.due(11_001.0), None);
        assert_eq!(queue.offer(text("d"), 11_500.0), Offer::Later(500.0));
        assert_eq!(queue.due(12_000.0), Some(text("d")));
        assert_eq!(queue.offer(text("e"), 13_000.0), Offer::Now(text("e")));
    }
}
