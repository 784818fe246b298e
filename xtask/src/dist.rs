//! `cargo xtask dist`: the static site, as GitHub Pages serves it.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::build::{self, PageOptions};
use crate::workspace::Workspace;
use crate::{setup, size};

pub(crate) const HELP: &str = "\
cargo xtask dist [--public-url /PATH/] [--relay ORIGIN]

Builds the static site into dist/. --public-url is the path it will be served under,
such as /wickwire/ (default: ./, which does for any path). --relay names a relay on
another origin, such as https://relay.example, that the page may speak to.
";

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let options = parse(rest)?;
    let tools = setup::ensure(workspace, &setup::FOR_PAGE)?;
    build::page(workspace, &tools, &options)?;
    let dist = workspace.dist();
    // Pages answers unknown paths with this file, and hides files that Jekyll would hide without the other.
    std::fs::copy(dist.join("index.html"), dist.join("404.html")).context("cannot write 404.html")?;
    std::fs::write(dist.join(".nojekyll"), "").context("cannot write .nojekyll")?;
    size::report(&dist)?;
    println!("the site is in {}", dist.display());
    Ok(ExitCode::SUCCESS)
}

fn parse(rest: Vec<OsString>) -> Result<PageOptions> {
    let mut options = PageOptions::default();
    let mut parser = lexopt::Parser::from_args(rest);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("public-url") => {
                let path = parser.value()?.string()?;
                if path != "./" && !(path.starts_with('/') && path.ends_with('/')) {
                    bail!("--public-url takes a path that begins and ends with /, not {path:?}");
                }
                options.public_url = path;
            }
            Long("relay") => {
                let origin = parser.value()?.string()?;
                if !is_origin(&origin) {
                    bail!("--relay takes an origin such as https://relay.example, not {origin:?}");
                }
                options.relay = Some(origin);
            }
            other => bail!("{}; see cargo xtask dist --help", other.unexpected()),
        }
    }
    Ok(options)
}

/// Scheme, host and maybe a port: nothing that could end the policy's directive.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<PageOptions> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn the_path_begins_and_ends_with_a_slash() {
        assert_eq!(parsed(&["--public-url", "/wickwire/"]).unwrap().public_url, "/wickwire/");
        assert_eq!(parsed(&[]).unwrap().public_url, "./");
        assert!(parsed(&["--public-url", "wickwire"]).is_err());
    }

    #[test]
    fn a_relay_is_an_origin_and_nothing_more() {
        assert!(is_origin("https://relay.example") && is_origin("http://127.0.0.1:8080"));
        for bad in ["relay.example", "https://a/b", "https://a; script-src *", "https://a b", "https://"] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
