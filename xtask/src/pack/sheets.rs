//! The style sheets of a page as one: they are alike, and compress better together.

use std::path::Path;

use anyhow::Result;

use super::{File, integrity, short_sum};

/// Puts one sheet with the content of all into `dist`, in their order, and gives the page that links it.
pub(super) fn join(dist: &Path, html: &str) -> Result<String> {
    let (mut page, mut rest) = (String::new(), html);
    let (mut all, mut place) = (Vec::new(), None);
    while let Some((before, link, after)) = next_link(rest) {
        page.push_str(before);
        match sheet(link) {
            Some(href) => {
                let (folder, name) = href.rsplit_once('/').unwrap_or((".", href));
                let file = File::read(dist, name)?;
                std::fs::remove_file(dist.join(name))?;
                all.extend(file.bytes);
                place.get_or_insert((page.len(), folder));
            }
            None => page.push_str(link),
        }
        rest = after;
    }
    page.push_str(rest);
    if let Some((place, folder)) = place {
        let name = format!("style-{}.css", short_sum(&all));
        std::fs::write(dist.join(&name), &all)?;
        let link = format!("<link href={folder}/{name} integrity={} rel=stylesheet>", integrity(&all));
        page.insert_str(place, &link);
    }
    Ok(page)
}

/// What stands before the next link, the link, and what follows.
fn next_link(html: &str) -> Option<(&str, &str, &str)> {
    let (before, link) = html.split_at(html.find("<link ")?);
    let (link, after) = link.split_at(link.find('>')? + 1);
    Some((before, link, after))
}

/// What a link points to if that is a style sheet.
fn sheet(link: &str) -> Option<&str> {
    let mut attributes = link.trim_end_matches('>').split_whitespace();
    let is_sheet = attributes.clone().any(|attribute| attribute == "rel=stylesheet");
    attributes.find_map(|attribute| attribute.strip_prefix("href=")).filter(|_| is_sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_style_sheets_are_joined() {
        assert_eq!(sheet("<link href=./a.css integrity=x rel=stylesheet>"), Some("./a.css"));
        assert_eq!(sheet("<link href=./a.svg rel=icon>"), None);
        let page = "<meta charset=utf-8><link href=./a.svg rel=icon><p>1 > 0</p>";
        assert_eq!(join(Path::new("/nowhere"), page).unwrap(), page);
        assert!(join(Path::new("/nowhere"), "<link href=./a.css rel=stylesheet>").is_err());
    }
}
