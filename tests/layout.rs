//! Layouts and addresses that nobody here wrote: whatever comes in, what goes on is valid and
//! bounded, and what was written is read again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use wickwire::layout::kinds::{Choice, Marks, Palette, ScaleMode, SeriesKind, ZoneChoice};
use wickwire::layout::study::Study;
use wickwire::layout::text::{read, write};
use wickwire::layout::{Layout, MAX_STUDIES, compact};
use wickwire::url::ViewUrl;
use wickwire_chart::Color;
use wickwire_market::Timeframe;
use wickwire_market::indicator::{StudyKind, StudySpec};

fn one_of<T: Choice + std::fmt::Debug>() -> impl Strategy<Value = T> {
    (0..T::ALL.len()).prop_map(|i| T::ALL[i])
}

fn spec() -> impl Strategy<Value = StudySpec> {
    (0..StudyKind::ALL.len(), any::<[f64; 4]>()).prop_map(|(kind, values)| {
        let spec = StudySpec::new(StudyKind::ALL[kind]);
        values.into_iter().enumerate().fold(spec, |spec, (i, value)| spec.with(i, value))
    })
}

fn layout() -> impl Strategy<Value = Layout> {
    let study = (spec(), any::<bool>(), 1..=4_u8, 0..4_u8, any::<f64>(), any::<Option<[u8; 3]>>());
    let choices = (one_of(), one_of(), one_of(), one_of(), 0..Timeframe::ALL.len());
    (choices, any::<[bool; 9]>(), prop::collection::vec(study, 0..20)).prop_map(
        |(choices, shown, studies)| {
            let (series, scale, zone, palette, timeframe) = choices;
            let marks = Marks::TABLE.into_iter().zip(shown);
            let mut layout = Layout {
                timeframe: Timeframe::ALL[timeframe],
                series,
                scale,
                // What is not kept.
                auto_scale: true,
                zone,
                palette,
                marks: marks.fold(Marks::NONE, |all, ((mark, ..), shown)| all.set(mark, shown)),
                studies: Vec::new(),
            };
            for (spec, visible, width, slot, weight, color) in studies {
                let Some(id) = layout.add(spec) else { break };
                let study: &mut Study = layout.study_mut(id).unwrap();
                (study.visible, study.width, study.slot) = (visible, width, slot);
                study.set_weight(weight);
                study.colors[0] = color.map(|[r, g, b]| Color::rgb(r, g, b));
            }
            layout
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_round_trips(layout in layout()) {
        let again = read(&write(&layout)).unwrap();
        prop_assert_eq!(again.ignored, 0);
        prop_assert_eq!(again.layout, layout);
    }

    #[test]
    fn a_damaged_layout_is_refused_or_valid(
        layout in layout(), cut in any::<prop::sample::Index>(), byte in any::<u8>(), keep in any::<bool>(),
    ) {
        let mut bytes = write(&layout).into_bytes();
        let at = cut.index(bytes.len());
        if keep {
            bytes[at] = byte;
        } else {
            bytes.truncate(at);
        }
        if let Ok(read_again) = read(&String::from_utf8_lossy(&bytes)) {
            let valid = read_again.layout;
            prop_assert!(valid.studies.len() <= MAX_STUDIES);
            // What was taken over is a layout like any other.
            prop_assert_eq!(read(&write(&valid)).unwrap().layout, valid);
        }
    }

    #[test]
    fn indicators_round_trip_through_an_address(specs in prop::collection::vec(spec(), 0..=MAX_STUDIES)) {
        prop_assert_eq!(&compact::read(&compact::write(&specs)), &specs);
        let view = ViewUrl { studies: Some(specs), ..ViewUrl::default() };
        prop_assert_eq!(ViewUrl::parse(&view.query()), view);
    }

    #[test]
    fn any_text_is_an_address(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for query in [text.clone(), format!("?st={text}"), format!("from={text}&to={text}&zone={text}")] {
            let view = ViewUrl::parse(&query);
            prop_assert_eq!(ViewUrl::parse(&view.query()), view);
        }
        let _ = read(&text);
    }
}

#[test]
fn every_choice_is_told_in_an_address() {
    for series in SeriesKind::ALL {
        for scale in ScaleMode::ALL {
            for zone in ZoneChoice::ALL {
                let view = ViewUrl {
                    series: Some(series),
                    scale: Some(scale),
                    zone: Some(*zone),
                    ..ViewUrl::default()
                };
                assert_eq!(ViewUrl::parse(&view.query()), view);
            }
        }
    }
    assert_eq!(Palette::ALL.len(), 2, "colours are not part of a view");
}
