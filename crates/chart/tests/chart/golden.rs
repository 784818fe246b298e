//! Pictures, compared with those in `tests/golden`. `WICKWIRE_BLESS=1 cargo test -p wickwire-chart`
//! writes them anew; look at them before they are committed.

/// A picture by its name, with the golden one where that cannot be read from the disk.
macro_rules! golden {
    ($name:literal) => {
        super::Golden {
            name: $name,
            #[cfg(target_arch = "wasm32")]
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/", $name, ".svg")),
        }
    };
}

#[path = "golden/edges.rs"]
mod edges;
#[path = "golden/market.rs"]
mod market;
#[path = "golden/series.rs"]
mod series;
#[path = "golden/sheet.rs"]
mod sheet;
#[path = "golden/spread.rs"]
mod spread;
#[path = "golden/studies.rs"]
mod studies;
#[path = "golden/time.rs"]
mod time;

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;
use wickwire_chart::{Change, Chart, Content, Plotters};

/// What the SVG backend of plotters divides text sizes by.
const SVG_TEXT: f64 = 1.24;

struct Golden {
    name: &'static str,
    #[cfg(target_arch = "wasm32")]
    text: &'static str,
}

impl Golden {
    #[cfg(target_arch = "wasm32")]
    fn text(&self, _: &str) -> String {
        self.text.to_owned()
    }

    /// The golden picture, after it has become `svg` where that is asked for.
    #[cfg(not(target_arch = "wasm32"))]
    fn text(&self, svg: &str) -> String {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let path = folder.join(format!("{}.svg", self.name));
        if std::env::var_os("WICKWIRE_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, svg).unwrap();
        }
        std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{} is missing; write it with WICKWIRE_BLESS=1", path.display()))
    }
}

fn check(golden: &Golden, svg: &str) {
    let (name, golden) = (golden.name, golden.text(svg));
    if golden != svg {
        let line = golden.lines().zip(svg.lines()).position(|(a, b)| a != b).unwrap_or(0);
        panic!(
            "{name}: the picture changed from line {}:\n  golden {}\n  now    {}",
            line + 1,
            golden.lines().nth(line).unwrap_or(""),
            svg.lines().nth(line).unwrap_or(""),
        );
    }
}

/// The picture of a chart that has been told nothing yet.
fn picture(golden: &Golden, chart: &mut Chart, content: &Content<'_>) {
    chart.sync(content, &Change::all());
    painted(golden, chart, content);
}

/// The picture of a chart that knows the content.
fn painted(golden: &Golden, chart: &mut Chart, content: &Content<'_>) {
    let size = chart.layout().all;
    let mut svg = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut svg, (size.w as u32, size.h as u32));
        let mut surface = Plotters::new(&mut backend).text_scale(SVG_TEXT);
        chart.paint_flat(content, &mut surface).unwrap();
        backend.present().unwrap();
    }
    check(golden, &svg);
}
