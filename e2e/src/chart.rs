//! The chart as it is told in words: its summary, its legends, and where it stands.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::picture::Picture;
use crate::roles::Role;
use crate::screen::number;

/// Summary and table are written once a second; a busy machine takes its time.
pub const SHOWS: Duration = Duration::from_secs(20);
/// What a thread paints is at rest if it is the same again after so long.
pub const PAINTS: Duration = Duration::from_millis(400);
/// What is written once a second, the summary and the table, is at rest if it is the same again after so long.
pub const TELLS: Duration = Duration::from_millis(1_300);
/// Height of the time axis, CSS pixels.
pub(crate) const TIME_AXIS: f64 = 26.0;
/// Width of the price axis at most, CSS pixels.
pub(crate) const PRICE_AXIS: f64 = 84.0;
/// Height of the row of news marks above it, CSS pixels.
const NEWS_ROW: f64 = 18.0;

/// What the summary of the picture says.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Bars in view.
    pub bars: usize,
    /// The first of them, as the table "Bars" writes it. Only in UTC: see `zone=utc`.
    pub from: String,
    /// The last of them.
    pub to: String,
    /// The least low among them.
    pub lowest: f64,
    /// The greatest high among them.
    pub highest: f64,
    /// The close of the last bar of all.
    pub last: f64,
}

/// The figures of the bar at the crosshair, or of the last.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Legend {
    /// When it begins, as the table writes it in UTC; empty without a crosshair.
    pub time: String,
    /// Open, high, low and close.
    pub prices: Vec<f64>,
    /// Volume, shortened.
    pub volume: String,
    /// The change against the close before.
    pub change: String,
}

/// The row of an indicator in the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyRow {
    /// Short name and parameters.
    pub name: String,
    /// A value for each output, as written; empty where there is none.
    pub values: Vec<String>,
    /// Whether the indicator is on the chart but hidden.
    pub hidden: bool,
    /// The middle of the row below the upper edge of the chart, CSS pixels.
    pub middle: f64,
}

/// The chart as it is exported for other programs: the only place where the words of the canvas can
/// be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The file as it is.
    pub file: String,
    /// Every text.
    pub texts: Vec<Text>,
}

/// A text in the picture.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Text {
    /// Its anchor from the left, CSS pixels at one device pixel each.
    pub x: f64,
    /// Its baseline from the top.
    pub y: f64,
    /// Which part of it is at the anchor: start, middle or end.
    pub anchor: String,
    /// What it says.
    pub text: String,
    /// Its colour, as `#rrggbb`.
    pub fill: String,
}

impl Text {
    /// Whether it is the time until the bar ends.
    fn is_countdown(&self) -> bool {
        self.text.contains([':', 'd']) && self.text.chars().all(|c| c.is_ascii_digit() || ":dh ".contains(c))
    }
}

impl Drawing {
    /// What the price axis and the axes below it say, from top to bottom, without the time until the bar ends.
    #[must_use]
    pub fn price_axis(&self, stage: &Stage) -> Vec<String> {
        let on = |text: &&Text| {
            text.anchor == "start" && text.x > stage.width - PRICE_AXIS && !text.is_countdown()
        };
        let mut found: Vec<_> =
            self.texts.iter().filter(on).filter(|text| text.y < stage.height - TIME_AXIS).collect();
        found.sort_by(|a, b| a.y.total_cmp(&b.y));
        found.into_iter().map(|text| text.text.clone()).collect()
    }

    /// What the time axis and the corner say, from left to right.
    #[must_use]
    pub fn time_axis(&self, stage: &Stage) -> Vec<Text> {
        let on = |text: &&Text| text.y > stage.height - TIME_AXIS;
        let mut found: Vec<Text> = self.texts.iter().filter(on).cloned().collect();
        found.sort_by(|a, b| a.x.total_cmp(&b.x));
        found
    }
}

/// Where the chart is in the window, CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Stage {
    /// A point by parts of width and height.
    #[must_use]
    pub fn part(&self, x: f64, y: f64) -> (f64, f64) {
        self.at((self.width * x).round(), (self.height * y).round())
    }

    /// A point that is so far from the left and the upper edge.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x + x, self.y + y)
    }

    /// On the price axis, at a part of the height.
    #[must_use]
    pub fn price_axis(&self, y: f64) -> (f64, f64) {
        self.at(self.width - 20.0, (self.height * y).round())
    }

    /// On the time axis, so far from the left.
    #[must_use]
    pub fn time_axis(&self, x: f64) -> (f64, f64) {
        self.at(x, self.height - TIME_AXIS / 2.0)
    }

    /// In the row of news marks, so far from the left.
    #[must_use]
    pub fn news_row(&self, x: f64) -> (f64, f64) {
        self.at(x, self.height - TIME_AXIS - NEWS_ROW / 2.0)
    }

    /// Below the price axis.
    #[must_use]
    pub fn corner(&self) -> (f64, f64) {
        self.at(self.width - 20.0, self.height - TIME_AXIS / 2.0)
    }
}

impl Legend {
    /// Reads names and figures in order.
    ///
    /// # Errors
    /// If there is something else.
    pub fn read(texts: &[&str]) -> Result<Self> {
        let ["O", open, "H", high, "L", low, "C", close, "V", volume, rest @ ..] = texts else {
            bail!("the legend holds {texts:?}")
        };
        let prices = [open, high, low, close].into_iter().map(|text| number(text)).collect::<Result<_>>()?;
        let (change, time) = match rest {
            [] => ("", ""),
            [one] if one.contains('(') => (*one, ""),
            [time] => ("", *time),
            [change, time] => (*change, *time),
            more => bail!("the legend ends with {more:?}"),
        };
        Ok(Self { time: table_time(time), prices, volume: (*volume).to_owned(), change: change.to_owned() })
    }
}

impl View {
    /// Reads the summary.
    ///
    /// # Errors
    /// If it says something else.
    pub fn read(summary: &str) -> Result<Self> {
        let between = |before: &str, after: &str| -> Result<&str> {
            let (_, rest) =
                summary.split_once(before).with_context(|| format!("no {before:?}: {summary}"))?;
            let (text, _) = rest.split_once(after).with_context(|| format!("no {after:?}: {summary}"))?;
            Ok(text)
        };
        let count = summary.split_once(" bars in view").map_or("", |(before, _)| before);
        let count = count.rsplit(' ').next().unwrap_or_default();
        Ok(Self {
            bars: count.parse().with_context(|| format!("no bars in view: {summary}"))?,
            from: table_time(between("in view, from ", " to ")?),
            to: table_time(between(" to ", ", lowest ")?),
            lowest: number(between(", lowest ", ", highest ")?)?,
            highest: number(between(", highest ", ". Last price ")?)?,
            last: number(between(". Last price ", ". The bars")?)?,
        })
    }
}

/// `2024-01-12 16:00 UTC` as the table writes it.
fn table_time(text: &str) -> String {
    let plain = text.trim_end_matches(" UTC");
    if plain.len() == 16 { format!("{plain}:00") } else { plain.to_owned() }
}

const READ_STUDIES: &str = "const top = document.querySelector('.chart-stage').getBoundingClientRect().top;
return [...document.querySelectorAll('.study-row')].map((row) => {
  const place = row.getBoundingClientRect();
  return [row.querySelector('.study-name').textContent,
    [...row.querySelectorAll('.legend-value')].map((value) => value.textContent),
    row.classList.contains('hidden-study'), (place.top + place.bottom) / 2 - top];
});";

const READ_SVG: &str = "const svg = new DOMParser().parseFromString(arguments[0], 'image/svg+xml');
if (svg.querySelector('parsererror') || svg.documentElement.localName !== 'svg') return null;
return [...svg.querySelectorAll('text')].map((text) => ({
  x: Number(text.getAttribute('x')), y: Number(text.getAttribute('y')),
  anchor: text.getAttribute('text-anchor'), text: text.textContent,
  fill: text.getAttribute('fill') }));";

impl Browser {
    /// The element that takes pointer and keys.
    ///
    /// # Errors
    /// If there is none.
    pub async fn chart(&self) -> Result<WebElement> {
        self.find(Role::Chart, "").await
    }

    /// Where the chart is.
    ///
    /// # Errors
    /// If there is none.
    pub async fn stage(&self) -> Result<Stage> {
        let read = "const place = arguments[0].getBoundingClientRect();
return [place.x, place.y, place.width, place.height];";
        let place = self.run(read, vec![self.chart().await?.to_json()?]).await?;
        let [x, y, width, height]: [f64; 4] = serde_json::from_value(place)?;
        Ok(Stage { x, y, width, height })
    }

    /// The chart's picture, in device pixels.
    ///
    /// # Errors
    /// If the browser takes none.
    pub async fn chart_pixels(&self) -> Result<Picture> {
        let stage = self.stage().await?;
        self.pixels((stage.x, stage.y, stage.width, stage.height)).await
    }

    /// Exports the chart as SVG and reads it as the browser does.
    ///
    /// # Errors
    /// If no file comes, or it is no SVG.
    pub async fn drawing_of_chart(&self) -> Result<Drawing> {
        let (_, bytes) = self.saved(async || self.choose_in("Export", "SVG image").await).await?;
        let file = String::from_utf8(bytes)?;
        let read = self.run(READ_SVG, vec![json!(file)]).await?;
        let texts = serde_json::from_value(read).context("it is no SVG")?;
        Ok(Drawing { file, texts })
    }

    /// What the summary says now.
    ///
    /// # Errors
    /// If there is none, or it says something else.
    pub async fn view(&self) -> Result<View> {
        let chart = self.look_for(Role::Chart, "").await?;
        View::read(&chart.attr("aria-description").await?.unwrap_or_default())
    }

    /// Waits until the summary is as `wanted` says.
    ///
    /// # Errors
    /// What it says in the end.
    pub async fn until_view(&self, what: &str, wanted: impl Fn(&View) -> bool) -> Result<View> {
        self.until(what, SHOWS, async || {
            let view = self.view().await?;
            ensure!(wanted(&view), "the summary says {view:?}");
            Ok(view)
        })
        .await
    }

    /// Reads something until it is the same twice, with a `pause` between: of what the page is still busy with,
    /// a single look may see the state of before, or one on the way.
    ///
    /// # Errors
    /// If it does not come to rest, or cannot be read.
    pub async fn at_rest<T: PartialEq>(
        &self,
        what: &str,
        pause: Duration,
        mut read: impl AsyncFnMut() -> Result<T>,
    ) -> Result<T> {
        let mut last = None;
        self.until(&format!("{what} at rest"), SHOWS, async || {
            let before = last.take();
            let now = read().await?;
            if before.as_ref() == Some(&now) {
                return Ok(now);
            }
            last = Some(now);
            tokio::time::sleep(pause).await;
            bail!("it still changes")
        })
        .await
    }

    /// What the legend says now.
    ///
    /// # Errors
    /// If there is none.
    pub async fn legend(&self) -> Result<Legend> {
        let painted = self.painted(".legend-figures").await?;
        let texts: Vec<&str> = painted.iter().map(|painted| painted.text.as_str()).collect();
        Legend::read(&texts)
    }

    /// Waits until the legend is as `wanted` says.
    ///
    /// # Errors
    /// What it says in the end.
    pub async fn until_legend(&self, what: &str, wanted: impl Fn(&Legend) -> bool) -> Result<Legend> {
        self.until(what, SHOWS, async || {
            let legend = self.legend().await?;
            ensure!(wanted(&legend), "the legend says {legend:?}");
            Ok(legend)
        })
        .await
    }

    /// Points at a place of the plots, coming from outside of them; answers what the legend says there.
    ///
    /// A pointer that was on the plots already has a crosshair, which the legend still tells of until the page
    /// has painted again: a legend that is read by then is that of the place before.
    ///
    /// # Errors
    /// If there is no crosshair at that place, or it does not leave with the pointer.
    pub async fn point_at(&self, at: (f64, f64)) -> Result<Legend> {
        self.leave().await?;
        self.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
        self.hover(at).await?;
        self.until_legend("a crosshair", |legend| !legend.time.is_empty()).await
    }

    /// The indicators' rows of the legend.
    ///
    /// # Errors
    /// If the page does not answer.
    pub async fn study_rows(&self) -> Result<Vec<StudyRow>> {
        let read: Vec<(String, Vec<String>, bool, f64)> =
            serde_json::from_value(self.run(READ_STUDIES, vec![]).await?)?;
        Ok(read
            .into_iter()
            .map(|(name, values, hidden, middle)| StudyRow { name, values, hidden, middle })
            .collect())
    }

    /// Waits until the indicators' rows are as `wanted` says.
    ///
    /// # Errors
    /// What they are in the end.
    pub async fn until_studies(
        &self,
        what: &str,
        wanted: impl Fn(&[StudyRow]) -> bool,
    ) -> Result<Vec<StudyRow>> {
        self.until(what, SHOWS, async || {
            let rows = self.study_rows().await?;
            ensure!(wanted(&rows), "the rows are {rows:?}");
            Ok(rows)
        })
        .await
    }

    /// Waits until a button is there, or is not.
    ///
    /// # Errors
    /// If that does not come to be.
    pub async fn until_button(&self, name: &str, there: bool) -> Result<()> {
        self.until(&format!("button {name:?}: {there}"), SHOWS, async || {
            let found = self.look_for(Role::Button, name).await.is_ok();
            ensure!(found == there, "there: {found}");
            Ok(())
        })
        .await
    }

    /// Waits until one of the page's status regions says something that `wanted` accepts.
    ///
    /// # Errors
    /// What it says in the end.
    pub async fn until_said(&self, region: &str, wanted: impl Fn(&str) -> bool) -> Result<String> {
        self.until(&format!("words in {region:?}"), SHOWS, async || {
            let status = self.look_for(Role::Status, region).await?;
            let said = self.run("return arguments[0].textContent", vec![status.to_json()?]).await?;
            let said = said.as_str().unwrap_or_default();
            ensure!(wanted(said), "it says {said:?}");
            Ok(said.to_owned())
        })
        .await
    }

    /// Opens a menu and chooses a line of it.
    ///
    /// # Errors
    /// If there is no such menu or line.
    pub async fn choose_in(&self, menu: &str, line: &str) -> Result<()> {
        self.press(Role::Button, menu).await?;
        let list = self.find(Role::Menu, menu).await?;
        let find =
            "return [...arguments[0].children].find((line) => line.textContent.trim() === arguments[1])";
        let found = self.web().execute(find, vec![list.to_json()?, json!(line)]).await?;
        found.element().with_context(|| format!("the menu {menu:?} has no line {line:?}"))?.click().await?;
        Ok(())
    }

    /// Which line of a menu is chosen.
    ///
    /// # Errors
    /// If there is no such menu.
    pub async fn chosen_in(&self, menu: &str) -> Result<Vec<String>> {
        let list = self.find(Role::Menu, menu).await?;
        let read = "return [...arguments[0].querySelectorAll('[aria-checked=true]')].map((line) => line.textContent)";
        Ok(serde_json::from_value(self.run(read, vec![list.to_json()?]).await?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_is_read() {
        let texts = ["O", "1,150.01", "H", "1,150.10", "L", "1,149.90", "C", "1,150.00", "V", "1.2K"];
        let legend =
            Legend::read(&[&texts[..], &["▼ −0.01 (−0.00%)", "2024-01-12 15:59 UTC"]].concat()).unwrap();
        assert_eq!((legend.prices[3], legend.volume.as_str()), (1150.0, "1.2K"));
        assert_eq!(
            (legend.change.as_str(), legend.time.as_str()),
            ("▼ −0.01 (−0.00%)", "2024-01-12 15:59:00")
        );
        assert_eq!(Legend::read(&texts).unwrap().time, "");
        assert!(Legend::read(&["O", "1"]).is_err());
    }

    #[test]
    fn a_summary_is_read() {
        let summary = "IBM candles, 1Min. 161 bars in view, from 2024-01-11 20:19 UTC to 2024-01-12 15:59 UTC, \
                       lowest 150.01, highest 161.50. Last price 1,158.20. The bars are in the table that follows.";
        let view = View::read(summary).unwrap();
        assert_eq!(
            (view.bars, view.from.as_str(), view.to.as_str()),
            (161, "2024-01-11 20:19:00", "2024-01-12 15:59:00")
        );
        assert_eq!((view.lowest, view.highest, view.last), (150.01, 161.5, 1158.2));
        assert!(View::read("IBM candles, 1Min. No bars yet.").is_err());
    }
}
