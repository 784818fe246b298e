//! A hand: mouse, fingers, wheel and keys as the browser gets them from the system.
//!
//! What is done goes as one request of WebDriver's actions
//! (<https://www.w3.org/TR/webdriver2/#actions>), so that its pace is the driver's own. Positions are
//! CSS pixels of the window.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId};

use crate::browser::Browser;

/// Time from one step of a pointer to the next, milliseconds: about a frame.
const STEP_MS: u64 = 16;
/// Positions that a straight movement consists of.
const STRIDES: u32 = 12;

/// Where nothing answers the mouse: the corner of the page.
const CORNER: (f64, f64) = (5.0, 5.0);

/// A step of a pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// It is here next.
    To(f64, f64),
    /// It goes straight from one place to another.
    Line((f64, f64), (f64, f64)),
    /// The button, or the finger, goes down.
    Down,
    /// And up again.
    Up,
    /// Nothing for so many milliseconds.
    Rest(u64),
}

/// In a text, lets go of the keys that are held.
pub const RELEASE: &str = "\u{E000}";
/// The shift key.
pub const SHIFT: &str = "\u{E008}";
/// The control key.
pub const CTRL: &str = "\u{E009}";
/// The alternate key.
pub const ALT: &str = "\u{E00A}";

impl Browser {
    /// Moves and presses the mouse.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn mouse(&self, steps: &[Step]) -> Result<()> {
        self.act(vec![pointer("mouse", "mouse", steps)]).await
    }

    /// Hovers.
    ///
    /// # Errors
    /// As [`Self::mouse`].
    pub async fn hover(&self, (x, y): (f64, f64)) -> Result<()> {
        self.mouse(&[Step::To(x, y)]).await
    }

    /// Moves the mouse away from all that answers it.
    ///
    /// # Errors
    /// As [`Self::mouse`].
    pub async fn leave(&self) -> Result<()> {
        self.hover(CORNER).await
    }

    /// Presses the mouse at one place and lets go at another.
    ///
    /// # Errors
    /// As [`Self::mouse`].
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) -> Result<()> {
        self.mouse(&[Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Up]).await
    }

    /// Clicks twice.
    ///
    /// # Errors
    /// As [`Self::mouse`].
    pub async fn double_click(&self, (x, y): (f64, f64)) -> Result<()> {
        self.mouse(&[Step::To(x, y), Step::Down, Step::Up, Step::Down, Step::Up]).await
    }

    /// Moves and presses fingers, all at once: the first steps of all, then the second, and so on.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn fingers(&self, fingers: &[&[Step]]) -> Result<()> {
        let sources = fingers.iter().enumerate();
        self.act(sources.map(|(i, steps)| pointer(&format!("finger {i}"), "touch", steps)).collect()).await
    }

    /// Turns the wheel at a place, by CSS pixels to the right and down, while `held` is down.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn wheel(&self, (x, y): (f64, f64), (dx, dy): (i32, i32), held: &[&str]) -> Result<()> {
        let scroll = json!({
            "type": "scroll", "x": x.round() as i64, "y": y.round() as i64, "deltaX": dx, "deltaY": dy,
            "duration": 0, "origin": "viewport",
        });
        let mut keys: Vec<Value> =
            held.iter().map(|key| json!({ "type": "keyDown", "value": key })).collect();
        let mut wheel: Vec<Value> = held.iter().map(|_| pause(0)).collect();
        keys.push(pause(0));
        wheel.push(scroll);
        keys.extend(held.iter().map(|key| json!({ "type": "keyUp", "value": key })));
        self.act(vec![
            json!({ "type": "key", "id": "keys", "actions": keys }),
            json!({ "type": "wheel", "id": "wheel", "actions": wheel }),
        ])
        .await
    }

    /// Presses keys one after the other on what has focus, while `held` is down.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn keys(&self, keys: &[&str], held: &[&str]) -> Result<()> {
        let down = |key: &&str| json!({ "type": "keyDown", "value": key });
        let up = |key: &&str| json!({ "type": "keyUp", "value": key });
        let mut actions: Vec<Value> = held.iter().map(down).collect();
        actions.extend(keys.iter().flat_map(|key| [down(key), up(key)]));
        actions.extend(held.iter().map(up));
        self.act(vec![json!({ "type": "key", "id": "keys", "actions": actions })]).await
    }

    async fn act(&self, sources: Vec<Value>) -> Result<()> {
        self.web().handle().cmd(Actions(json!({ "actions": sources }))).await?;
        Ok(())
    }
}

fn pause(milliseconds: u64) -> Value {
    json!({ "type": "pause", "duration": milliseconds })
}

fn pointer(id: &str, kind: &str, steps: &[Step]) -> Value {
    let to = |(x, y): (f64, f64)| {
        let duration = if kind == "touch" { STEP_MS } else { 0 };
        json!({ "type": "pointerMove", "x": x, "y": y, "duration": duration, "origin": "viewport" })
    };
    let mut actions = Vec::new();
    for step in steps {
        match *step {
            Step::To(x, y) => actions.push(to((x, y))),
            Step::Line(from, end) => {
                for stride in 1..=STRIDES {
                    let part = f64::from(stride) / f64::from(STRIDES);
                    actions.push(to((from.0 + (end.0 - from.0) * part, from.1 + (end.1 - from.1) * part)));
                }
            }
            Step::Down => actions.push(json!({ "type": "pointerDown", "button": 0 })),
            Step::Up => actions.push(json!({ "type": "pointerUp", "button": 0 })),
            Step::Rest(milliseconds) => actions.push(pause(milliseconds)),
        }
    }
    json!({ "type": "pointer", "id": id, "parameters": { "pointerType": kind }, "actions": actions })
}

/// WebDriver's endpoint for actions.
#[derive(Debug)]
struct Actions(Value);

impl FormatRequestData for Actions {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let post = "POST".parse().unwrap_or_default();
        RequestData::new(post, format!("session/{session}/actions")).add_body(self.0.clone())
    }
}
