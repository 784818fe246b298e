//! The handle through which components read and change the layout, and where it is kept.

use leptos::prelude::*;

use super::Layout;
use super::kinds::{Choice as _, Palette};
use super::text::{self, LayoutError};
use crate::dom;
use crate::url::{TimeRange, ViewUrl};

/// The storage key.
pub const STORAGE_KEY: &str = "wickwire.layout";

/// The layout as a signal. Copy; components change it through
/// [`EngineHandle::change_layout`](crate::engine::handle::EngineHandle::change_layout), which asks
/// for the frames that show it.
#[derive(Clone, Copy)]
pub struct Settings {
    layout: RwSignal<Layout>,
    kept: StoredValue<Kept, LocalStorage>,
}

struct Kept {
    /// What is kept between visits: the layout without the parts that only an address brought.
    own: Layout,
    revision: u64,
    /// The time range that the address asked for, until the chart has taken it.
    range: Option<TimeRange>,
}

impl Settings {
    /// With the layout of the last visit; the defaults where there is none, or none that can be
    /// read.
    #[must_use]
    pub fn read() -> Self {
        let stored = dom::storage().and_then(|s| s.get_item(STORAGE_KEY).ok().flatten());
        let own = stored.and_then(|json| text::read(&json).ok()).map(|read| read.layout);
        Self::new(own.unwrap_or_default())
    }

    /// With this layout, which is taken for the person's own.
    #[must_use]
    pub fn new(own: Layout) -> Self {
        Self {
            layout: RwSignal::new(own.clone()),
            kept: StoredValue::new_local(Kept { own, revision: 1, range: None }),
        }
    }

    /// Shows what an address says instead of what was kept, where it says something.
    pub fn adopt(&self, view: &ViewUrl) {
        self.layout.update(|layout| {
            layout.series = view.series.unwrap_or(layout.series);
            layout.scale = view.scale.unwrap_or(layout.scale);
            layout.zone = view.zone.unwrap_or(layout.zone);
            layout.timeframe = view.timeframe.unwrap_or(layout.timeframe);
            // The same indicators in the person's own colours are theirs.
            if let Some(specs) = view.studies.as_ref().filter(|specs| **specs != layout.specs()) {
                layout.set_specs(specs);
            }
        });
        let _ = self.kept.try_update_value(|kept| {
            kept.range = view.range;
            kept.revision += 1;
        });
    }

    /// Writes into an address what makes the view: `whole` for a link to share, else only what a
    /// visit without the address would not show.
    pub fn describe(&self, view: &mut ViewUrl, whole: bool) {
        let Some(now) = self.layout.try_get_untracked() else { return };
        let _ = self.kept.try_with_value(|kept| {
            let (default, own) = (Layout::default(), &kept.own);
            view.series =
                (whole || now.series != default.series || now.series != own.series).then_some(now.series);
            view.scale = (whole || now.scale != default.scale || now.scale != own.scale).then_some(now.scale);
            view.zone = (whole || now.zone != default.zone || now.zone != own.zone).then_some(now.zone);
            let specs = now.specs();
            view.studies = (whole || !specs.is_empty() || !own.studies.is_empty()).then_some(specs);
        });
    }

    /// Reads the layout and follows its changes.
    pub fn with<R>(&self, read: impl FnOnce(&Layout) -> R) -> R {
        self.layout.with(read)
    }

    /// Reads the layout as it is; `None` once the page is gone.
    pub fn peek<R>(&self, read: impl FnOnce(&Layout) -> R) -> Option<R> {
        self.layout.try_with_untracked(read)
    }

    /// The layout and its revision if it has changed since the revision `seen`; 0 has seen nothing.
    /// For the animation frame, which asks every time.
    #[must_use]
    pub fn changed_since(&self, seen: u64) -> Option<(u64, Layout)> {
        let revision = self.kept.try_with_value(|kept| kept.revision)?;
        if revision == seen { None } else { self.layout.try_get_untracked().map(|l| (revision, l)) }
    }

    /// The time range that the address asked for; told once.
    #[must_use]
    pub fn take_range(&self) -> Option<TimeRange> {
        self.kept.try_update_value(|kept| kept.range.take()).flatten()
    }

    /// Changes the layout. Tells whether anything is other than before, and whether colours are.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Layout)) -> Changed {
        let Some(before) = self.layout.try_get_untracked() else { return Changed::default() };
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Changed::default();
        }
        let _ = self.kept.try_update_value(|kept| {
            kept.own.carry(&before, &after);
            kept.revision += 1;
        });
        let colors = after.palette != before.palette;
        if colors {
            apply(after.palette);
        }
        let _ = self.layout.try_set(after);
        Changed { any: true, colors }
    }

    /// Writes the palette on the root element, where the style sheet looks.
    pub fn apply_palette(&self) {
        if let Some(palette) = self.peek(|layout| layout.palette) {
            apply(palette);
        }
    }

    /// Keeps the layout for the next visit. Nothing is kept of a layout that is as it came.
    pub fn save(&self) {
        let Some(storage) = dom::storage() else { return };
        let _ = self.kept.try_with_value(|kept| {
            if kept.own == Layout::default() {
                storage.remove_item(STORAGE_KEY)
            } else {
                storage.set_item(STORAGE_KEY, &text::write(&kept.own))
            }
        });
    }

    /// The layout as a file of its own.
    #[must_use]
    pub fn export(&self) -> String {
        self.peek(text::write).unwrap_or_default()
    }
}

/// What [`Settings::change`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Something is other than before.
    pub(crate) any: bool,
    /// Colours are.
    pub(crate) colors: bool,
}

/// Reads a layout that somebody hands in, with words about what was left out.
///
/// # Errors
/// Words for a text that is no layout.
pub fn import(json: &str) -> Result<(Layout, String), &'static str> {
    let text::Read { layout, ignored } = text::read(json).map_err(LayoutError::words)?;
    let words = match ignored {
        0 => "Layout taken over.".to_owned(),
        1 => "Layout taken over. One value made no sense and was left out.".to_owned(),
        n => format!("Layout taken over. {n} values made no sense and were left out."),
    };
    Ok((layout, words))
}

fn apply(palette: Palette) {
    let Some(root) = dom::document().and_then(|d| d.document_element()) else { return };
    let _ = if palette == Palette::default() {
        root.remove_attribute("data-palette")
    } else {
        root.set_attribute("data-palette", palette.key())
    };
}
