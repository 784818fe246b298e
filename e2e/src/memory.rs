//! Memory of a browser's processes, as the system counts it. Known on Linux only.

use std::collections::BTreeMap;

/// Bytes of anonymous memory of the process that draws the page, among all that descend from the
/// driver: of several the largest. `None` where the system does not say.
#[must_use]
pub fn of_renderer(driver: u32) -> Option<f64> {
    let mut parents = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if let Some(parent) = status(id, "PPid:") {
            parents.insert(id, parent as u32);
        }
    }
    let descends = |mut id: u32| {
        // No family is that deep.
        for _ in 0..32 {
            match parents.get(&id) {
                Some(&parent) if parent == driver => return true,
                Some(&parent) => id = parent,
                None => return false,
            }
        }
        false
    };
    let renderers = parents.keys().filter(|id| descends(**id) && is_renderer(**id));
    renderers.filter_map(|id| status(*id, "RssAnon:")).max_by(f64::total_cmp).map(|kilo| kilo * 1_024.0)
}

fn is_renderer(id: u32) -> bool {
    let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains("--type=renderer")
}

/// A number of a process's status (proc(5)).
fn status(id: u32, field: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}
