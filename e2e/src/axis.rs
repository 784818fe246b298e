//! Rows and values of the chart, by the labels of its axes; and the tags that stand on them.

use std::ops::Range;

use anyhow::{Result, bail};

use crate::browser::Browser;
use crate::chart::{Drawing, PRICE_AXIS, Stage, TIME_AXIS};
use crate::screen::number;

/// Size of a label, CSS pixels.
const TEXT: f64 = 12.0;
/// From the middle of a label down to the line it is written on, as a part of its size.
const HALF_DIGIT: f64 = 0.36;

/// A straight axis: what two of its labels say, and in which rows of the chart they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruler {
    top: (f64, f64),
    bottom: (f64, f64),
}

/// What the tags of the crosshair say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// On the time axis.
    pub time: String,
    /// On the axis of the pane with the crosshair.
    pub value: String,
}

impl Ruler {
    /// Reads the labels between two rows, which are in the colour `ink`: tags are not. Only where the page
    /// has a device pixel to a CSS pixel.
    fn read(drawing: &Drawing, stage: &Stage, ink: &str, rows: &Range<f64>) -> Result<Self> {
        let on = |x: f64| x > stage.width - PRICE_AXIS;
        let mut labels: Vec<(f64, f64)> = drawing
            .texts
            .iter()
            .filter(|text| text.anchor == "start" && text.fill == ink && on(text.x) && rows.contains(&text.y))
            .filter_map(|text| {
                Some((number(text.text.trim_end_matches('%')).ok()?, text.y - TEXT * HALF_DIGIT))
            })
            .collect();
        labels.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [top, .., bottom] = labels[..] else { bail!("between {rows:?} are {labels:?}") };
        Ok(Self { top, bottom })
    }

    /// The value of a row.
    #[must_use]
    pub fn value(&self, row: f64) -> f64 {
        self.top.0 - (row - self.top.1) * self.per_row()
    }

    /// The row of a value.
    #[must_use]
    pub fn row(&self, value: f64) -> f64 {
        self.top.1 + (self.top.0 - value) / self.per_row()
    }

    /// By how much a row differs from the next.
    #[must_use]
    pub fn per_row(&self) -> f64 {
        (self.top.0 - self.bottom.0) / (self.bottom.1 - self.top.1)
    }
}

impl Browser {
    /// Measures the axes of panes, of which the rows are given. The pointer leaves the chart for it.
    ///
    /// # Errors
    /// If there are no labels.
    pub async fn rulers(&self, panes: &[Range<f64>]) -> Result<Vec<Ruler>> {
        let (stage, [red, green, blue]) = (self.stage().await?, self.token("--text-2").await?);
        let (drawing, ink) = (self.drawing_of_chart().await?, format!("#{red:02x}{green:02x}{blue:02x}"));
        panes.iter().map(|rows| Ruler::read(&drawing, &stage, &ink, rows)).collect()
    }

    /// What the tags of the crosshair say; nothing without a crosshair.
    ///
    /// # Errors
    /// If the page does not answer.
    pub async fn crosshair(&self) -> Result<Tags> {
        let stage = self.stage().await?;
        let mut tags = Tags::default();
        for text in self.painted(".chart-patch.overlay").await? {
            if text.y > stage.height - TIME_AXIS {
                tags.time = text.text;
            } else {
                tags.value = text.text;
            }
        }
        Ok(tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Text;

    #[test]
    fn an_axis_is_measured() {
        let text = |y: f64, text: &str, fill: &str| Text {
            x: 950.0,
            y: y + TEXT * HALF_DIGIT,
            anchor: "start".to_owned(),
            text: text.to_owned(),
            fill: fill.to_owned(),
        };
        let texts = vec![
            text(100.0, "+1.50%", "#aaaaaa"),
            text(150.0, "1.23%", "#bbbbbb"),
            text(300.0, "−0.50%", "#aaaaaa"),
            text(500.0, "70", "#aaaaaa"),
        ];
        let stage = Stage { x: 0.0, y: 0.0, width: 1_000.0, height: 600.0 };
        let drawing = Drawing { file: String::new(), texts };
        let ruler = Ruler::read(&drawing, &stage, "#aaaaaa", &(0.0..400.0)).unwrap();
        assert_eq!((ruler.per_row(), ruler.value(200.0), ruler.row(1.0)), (0.01, 0.5, 150.0));
        assert!(Ruler::read(&drawing, &stage, "#aaaaaa", &(400.0..600.0)).is_err(), "one label");
    }
}
