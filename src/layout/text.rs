//! The layout as JSON: `{"version": 1, …}`, for storage and for files that people keep.
//!
//! Reading is tolerant: what is absent has its default, what is unknown is left out, and a value
//! that makes no sense is left at its default and counted.

use std::fmt::Write as _;

use wickwire_chart::Color;
use wickwire_market::Timeframe;
use wickwire_market::indicator::{StudyKind, StudySpec};
use wickwire_proto::json::Json;

use super::kinds::{Choice, Marks};
use super::study::{LINE_TOKENS, MAX_ID, MAX_WEIGHT, MAX_WIDTH, MIN_WEIGHT, MIN_WIDTH, Study, free_slot};
use super::{Layout, MAX_STUDIES};

/// The version that is written.
pub const VERSION: u32 = 1;
/// Bytes of a layout that is read; a full one has about 4 KiB.
pub const MAX_BYTES: usize = 64 * 1024;

/// Why a text is not taken as a layout at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// More than [`MAX_BYTES`].
    TooLong,
    /// No JSON, or no object.
    NoJson,
    /// An object without a version.
    NoLayout,
    /// Written by a later version of this page.
    Later,
}

impl LayoutError {
    /// The same for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooLong => "The file is too long for a layout.",
            Self::NoJson => "The file is not JSON.",
            Self::NoLayout => "The file is not a layout of Wickwire.",
            Self::Later => "The layout was written by a later version of this page.",
        }
    }
}

/// A layout that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The layout.
    pub layout: Layout,
    /// Values that made no sense and are at their defaults instead, or left out.
    pub ignored: usize,
}

/// Writes the layout.
#[must_use]
pub fn write(layout: &Layout) -> String {
    let mut out = String::with_capacity(1024);
    let _ = write!(out, "{{\n  \"version\": {VERSION}");
    for (name, value) in [
        ("timeframe", layout.timeframe.label()),
        ("series", layout.series.key()),
        ("scale", layout.scale.key()),
        ("zone", layout.zone.key()),
        ("palette", layout.palette.key()),
    ] {
        let _ = write!(out, ",\n  \"{name}\": \"{value}\"");
    }
    out.push_str(",\n  \"marks\": {");
    for (i, (mark, key, _)) in Marks::TABLE.into_iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        let _ = write!(out, "{comma}\"{key}\": {}", layout.marks.has(mark));
    }
    out.push_str("},\n  \"studies\": [");
    for (i, study) in layout.studies.iter().enumerate() {
        out.push_str(if i == 0 { "\n    " } else { ",\n    " });
        write_study(&mut out, study);
    }
    out.push_str(if layout.studies.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    out
}

fn write_study(out: &mut String, study: &Study) {
    let kind = study.spec.kind;
    let _ = write!(out, "{{\"id\": {}, \"kind\": \"{}\", \"params\": {{", study.id, kind.key());
    for (i, (param, value)) in kind.params().iter().zip(study.spec.values()).enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        let _ = write!(out, "{comma}\"{}\": {value}", param.key);
    }
    let _ = write!(
        out,
        "}}, \"visible\": {}, \"width\": {}, \"slot\": {}, \"weight\": {}, \"colors\": [",
        study.visible, study.width, study.slot, study.weight
    );
    for (i, color) in study.colors.iter().take(kind.outputs().len()).enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        match color {
            Some(color) => {
                let _ = write!(out, "\"{}\"", hex(*color));
            }
            None => out.push_str("null"),
        }
    }
    out.push_str("]}");
}

/// `#rrggbb`, as colour fields of forms take it.
#[must_use]
pub fn hex(color: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r, color.g, color.b)
}

/// Reads a layout.
///
/// # Errors
/// When the text is no layout at all; single values that make no sense are only counted.
pub fn read(text: &str) -> Result<Read, LayoutError> {
    if text.len() > MAX_BYTES {
        return Err(LayoutError::TooLong);
    }
    let json =
        Json::parse(text).ok().filter(|json| matches!(json, Json::Map(_))).ok_or(LayoutError::NoJson)?;
    let version = json.get("version").and_then(Json::number).ok_or(LayoutError::NoLayout)?;
    if version > f64::from(VERSION) {
        return Err(LayoutError::Later);
    }
    let mut reader = Reader { ignored: 0 };
    let mut layout = Layout::default();
    reader.value(&json, "timeframe", &mut layout.timeframe, |v| Timeframe::parse(v.text()?));
    reader.value(&json, "series", &mut layout.series, choice);
    reader.value(&json, "scale", &mut layout.scale, choice);
    reader.value(&json, "zone", &mut layout.zone, choice);
    reader.value(&json, "palette", &mut layout.palette, choice);
    if let Some(marks) = json.get("marks") {
        for (mark, key, _) in Marks::TABLE {
            let mut shown = layout.marks.has(mark);
            reader.value(marks, key, &mut shown, Json::bool);
            layout.marks = layout.marks.set(mark, shown);
        }
    }
    let studies = match json.get("studies") {
        None => &[][..],
        Some(list) => list.list().unwrap_or_else(|| {
            reader.ignored += 1;
            &[]
        }),
    };
    for item in studies {
        match reader.study(item, &layout.studies) {
            Some(study) if layout.studies.len() < MAX_STUDIES => layout.studies.push(study),
            _ => reader.ignored += 1,
        }
    }
    Ok(Read { layout, ignored: reader.ignored })
}

fn choice<T: Choice>(json: &Json) -> Option<T> {
    T::from_key(json.text()?)
}

struct Reader {
    ignored: usize,
}

impl Reader {
    /// Sets `slot` to the member `key`, if there is one and it makes sense.
    fn value<T>(&mut self, json: &Json, key: &str, slot: &mut T, read: impl FnOnce(&Json) -> Option<T>) {
        match json.get(key).map(read) {
            None => {}
            Some(Some(value)) => *slot = value,
            Some(None) => self.ignored += 1,
        }
    }

    /// One indicator. A number that another has already, or none, is replaced by a new one.
    fn study(&mut self, json: &Json, before: &[Study]) -> Option<Study> {
        let kind = StudyKind::from_key(json.get("kind")?.text()?)?;
        let mut spec = StudySpec::new(kind);
        if let Some(params) = json.get("params") {
            for (i, param) in kind.params().iter().enumerate() {
                let mut value = param.default;
                let in_range = |v: &f64| (param.min..=param.max).contains(v);
                self.value(params, param.key, &mut value, |v| v.number().filter(in_range));
                spec = spec.with(i, value);
            }
        }
        let next = before.iter().map(|study| study.id).max().map_or(1, |id| id.saturating_add(1));
        let mut study = Study { slot: free_slot(before), ..Study::new(next, spec) };
        let whole = |min: u32, max: u32| {
            move |v: &Json| v.number().filter(|n| n.fract() == 0.0 && *n >= min.into() && *n <= max.into())
        };
        let free = |id: &f64| before.iter().all(|study| f64::from(study.id) != *id);
        self.value(json, "id", &mut study.id, |v| whole(1, MAX_ID)(v).filter(free).map(|n| n as u32));
        self.value(json, "visible", &mut study.visible, Json::bool);
        let width = whole(MIN_WIDTH.into(), MAX_WIDTH.into());
        self.value(json, "width", &mut study.width, |v| width(v).map(|n| n as u8));
        self.value(json, "slot", &mut study.slot, |v| {
            whole(0, LINE_TOKENS.len() as u32 - 1)(v).map(|n| n as u8)
        });
        let in_range = |n: &f64| (MIN_WEIGHT..=MAX_WEIGHT).contains(n);
        self.value(json, "weight", &mut study.weight, |v| v.number().filter(in_range));
        if let Some(colors) = json.get("colors").and_then(Json::list) {
            let outputs = kind.outputs().len();
            for (slot, color) in study.colors.iter_mut().take(outputs).zip(colors) {
                match color {
                    Json::Null => {}
                    other => match other.text().and_then(Color::parse).filter(|c| c.a == u8::MAX) {
                        Some(color) => *slot = Some(color),
                        None => self.ignored += 1,
                    },
                }
            }
        }
        Some(study)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::kinds::{Palette, ScaleMode, SeriesKind, ZoneChoice};
    use super::*;

    fn rich() -> Layout {
        let mut layout = Layout {
            timeframe: Timeframe::Min5,
            series: SeriesKind::HeikinAshi,
            scale: ScaleMode::Log,
            auto_scale: true,
            zone: ZoneChoice::Utc,
            palette: Palette::Safe,
            marks: Marks::ALL.set(Marks::GRID, false),
            studies: Vec::new(),
        };
        for kind in StudyKind::ALL {
            layout.add(StudySpec::new(kind));
        }
        let study = layout.study_mut(5).unwrap();
        study.spec = study.spec.with(0, 21.0).with(1, 2.5);
        study.colors[1] = Some(Color::rgb(0x0a, 0xff, 0x00));
        study.width = 3;
        study.visible = false;
        study.weight = 0.75;
        layout
    }

    #[test]
    fn layouts_round_trip() {
        for layout in [Layout::default(), rich()] {
            let text = write(&layout);
            assert_eq!(read(&text), Ok(Read { layout, ignored: 0 }), "{text}");
        }
        let full = {
            let mut layout = Layout::default();
            while layout.add(StudySpec::new(StudyKind::Keltner)).is_some() {}
            write(&layout)
        };
        assert!(full.len() < MAX_BYTES / 8, "{} bytes", full.len());
    }

    #[test]
    fn a_scale_by_hand_is_not_kept() {
        let layout = Layout { auto_scale: false, ..Layout::default() };
        assert_eq!(write(&layout), write(&Layout::default()));
        let older = r#"{"version": 1, "auto_scale": false}"#;
        assert_eq!(read(older), Ok(Read { layout: Layout::default(), ignored: 0 }));
    }

    #[test]
    fn the_form_is_plain() {
        let mut layout = Layout::default();
        layout.add(StudySpec::new(StudyKind::Bollinger));
        assert_eq!(
            write(&layout),
            "{\n  \"version\": 1,\n  \"timeframe\": \"1Min\",\n  \"series\": \"candles\",\n  \"scale\": \"linear\",\n  \
             \"zone\": \"exchange\",\n  \"palette\": \"classic\",\n  \"marks\": {\"last\": true, \
             \"quote\": true, \"extremes\": true, \"news\": true, \"halts\": true, \"breaks\": true, \"extended\": true, \
             \"grid\": true, \"volume\": true},\n  \"studies\": [\n    {\"id\": 1, \"kind\": \"bollinger\", \"params\": \
             {\"length\": 20, \"deviations\": 2}, \"visible\": true, \"width\": 1, \"slot\": 0, \"weight\": 0.3, \
             \"colors\": [null, null, null]}\n  ]\n}\n"
        );
    }

    #[test]
    fn what_makes_no_sense_is_counted_and_left_out() {
        let text = r##"{"version":1,"series":"pies","scale":7,"zone":"utc","palette":"safe","later":{"x":[1]},
            "marks":{"grid":false,"volume":"no","stars":true},
            "studies":[{"kind":"ema","id":4,"params":{"length":9}},{"kind":"ema","id":4,"width":9},
                       {"kind":"astrology"},{"kind":"rsi","id":2.5,"params":{"length":1e9}},7,
                       {"kind":"macd","colors":["#112233","red",null,"#ffffff"],"weight":0}]}"##;
        let Read { layout, ignored } = read(text).unwrap();
        // pies, 7, "no"; the second 4 and width 9; astrology; 2.5 and 1e9; 7; red and weight 0.
        assert_eq!(ignored, 11);
        assert_eq!((layout.series, layout.scale), (SeriesKind::Candles, ScaleMode::Linear));
        assert_eq!((layout.zone, layout.palette), (ZoneChoice::Utc, Palette::Safe));
        assert_eq!(layout.marks, Marks::ALL.set(Marks::GRID, false));
        let labels: Vec<_> = layout.studies.iter().map(|s| (s.id, s.spec.label())).collect();
        assert_eq!(
            labels,
            [(4, "EMA 9".into()), (5, "EMA 20".into()), (6, "RSI 14".into()), (7, "MACD 12 26 9".into())]
        );
        assert_eq!(layout.studies[3].colors, [Some(Color::rgb(0x11, 0x22, 0x33)), None, None]);
    }

    #[test]
    fn limits() {
        let many: Vec<_> = (0..40).map(|_| r#"{"kind":"sma"}"#).collect();
        let read_many = read(&format!(r#"{{"version":1,"studies":[{}]}}"#, many.join(","))).unwrap();
        assert_eq!((read_many.layout.studies.len(), read_many.ignored), (MAX_STUDIES, 40 - MAX_STUDIES));
        let padded = |len: usize| format!("{{\"version\":1{}}}", " ".repeat(len - 13));
        assert!(read(&padded(MAX_BYTES)).is_ok());
        assert_eq!(read(&padded(MAX_BYTES + 1)), Err(LayoutError::TooLong));
        assert_eq!(read("<html>"), Err(LayoutError::NoJson));
        assert_eq!(read("[1]"), Err(LayoutError::NoJson));
        assert_eq!(read("{}"), Err(LayoutError::NoLayout));
        assert_eq!(read(r#"{"version":2}"#), Err(LayoutError::Later));
        assert_eq!(read(r#"{"version":1,"studies":{}}"#).map(|r| r.ignored), Ok(1));
        let highest = format!(r#"{{"version":1,"studies":[{{"kind":"sma","id":{}}}]}}"#, MAX_ID + 1);
        let highest = read(&highest).unwrap();
        assert_eq!((highest.layout.studies[0].id, highest.ignored), (1, 1), "room for more is left above");
    }
}
