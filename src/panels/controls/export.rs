//! The menu "Export".

use wasm_bindgen_futures::spawn_local;

use crate::engine::handle::EngineHandle;
use crate::export::{csv, file, picture};
use crate::panels::chart::ChartHandle;
use crate::ui::El;
use crate::widgets::icon::EXPORT;
use crate::widgets::menu::{Kind, Menu};

const PNG: &str = "PNG image";
const SVG: &str = "SVG image";
const VISIBLE: &str = "CSV of visible bars";
const ALL: &str = "CSV of all loaded bars";
const LINK: &str = "Copy link";
const EXPORTS: [&str; 5] = [PNG, SVG, VISIBLE, ALL, LINK];

const REFUSED: &str = "The browser does not take the file.";

/// Everything that leaves the page.
pub(super) fn menu(engine: EngineHandle, chart: ChartHandle) -> El {
    Menu {
        name: "Export",
        text: Box::new(|| ""),
        icon: EXPORT,
        class: "control-export",
        items: EXPORTS.map(|label| (Kind::Action, label)).to_vec(),
        checked: Box::new(|_| false),
        pick: Box::new(move |i| {
            let done = match EXPORTS.get(i).copied() {
                Some(PNG) => png(engine, chart),
                Some(SVG) => svg(engine, chart),
                Some(VISIBLE) => table(engine, Some(chart)),
                Some(ALL) => table(engine, None),
                _ => {
                    copy_link(engine, chart);
                    Ok(())
                }
            };
            if let Err(words) = done {
                engine.signals().announcer.note(words);
            }
        }),
    }
    .view()
}

/// The name of a file about what is shown.
fn name(engine: EngineHandle, kind: &str) -> String {
    let (symbol, timeframe) = engine.view();
    let last = engine.with_store(|store| Some(store.instrument(&symbol)?.series(timeframe).last()?.time));
    file::name(&symbol, timeframe, last.flatten(), kind)
}

fn png(engine: EngineHandle, chart: ChartHandle) -> Result<(), &'static str> {
    let canvas = chart.picture().ok_or("The chart cannot be drawn.")?;
    picture::save(&canvas, name(engine, "png"), move |saved| {
        if !saved {
            engine.signals().announcer.note(REFUSED);
        }
    });
    Ok(())
}

fn svg(engine: EngineHandle, chart: ChartHandle) -> Result<(), &'static str> {
    let mut pieces = file::Pieces::default();
    pieces.push(&chart.svg().ok_or("The chart cannot be drawn.")?);
    if pieces.save(&name(engine, "svg"), "image/svg+xml") { Ok(()) } else { Err(REFUSED) }
}

/// The bars as a table: those in view of `chart`, or all.
fn table(engine: EngineHandle, chart: Option<ChartHandle>) -> Result<(), &'static str> {
    let (symbol, timeframe) = engine.view();
    let range = chart.map_or(0..usize::MAX, |chart| chart.visible());
    let mut pieces = file::Pieces::default();
    let written = engine.with_store(|store| {
        let series = store.instrument(&symbol)?.series(timeframe);
        csv::write(series, range, |chunk| pieces.push(chunk));
        (!series.is_empty()).then_some(())
    });
    if written.flatten().is_none() {
        return Err("There are no bars yet.");
    }
    if pieces.save(&name(engine, "csv"), "text/csv") { Ok(()) } else { Err(REFUSED) }
}

fn copy_link(engine: EngineHandle, chart: ChartHandle) {
    let mut view = engine.view_to_share();
    view.range = chart.time_range();
    spawn_local(async move {
        let announcer = engine.signals().announcer;
        if file::copy(&view.link()).await {
            announcer.note("Link copied.");
        } else {
            // Where the page may not copy, the person can, from the address bar.
            view.replace();
            announcer.note("The browser does not let the page copy. The link is in the address bar.");
        }
    });
}
