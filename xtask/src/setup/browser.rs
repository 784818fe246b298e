//! A browser and the WebDriver that steers it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::step::Steps;
use super::{Tools, debian};
use crate::process;
use crate::version::Version;

const CHROME: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const FIREFOX: [&str; 2] = ["firefox", "firefox-esr"];
/// Applications on macOS are not on the PATH.
const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const MAC_FIREFOX: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";
const DEBIAN: [&str; 2] = ["chromium", "chromium-driver"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Chrome,
    Firefox,
}

/// A browser with a driver of its version.
pub(crate) struct Browser {
    pub(crate) kind: Kind,
    pub(crate) binary: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// The variable by which wasm-bindgen's test runner is told of the driver.
    pub(crate) fn driver_variable(&self) -> &'static str {
        match self.kind {
            Kind::Chrome => "CHROMEDRIVER",
            Kind::Firefox => "GECKODRIVER",
        }
    }

    /// What a WebDriver calls the settings for this browser.
    pub(crate) fn options_name(&self) -> &'static str {
        match self.kind {
            Kind::Chrome => "goog:chromeOptions",
            Kind::Firefox => "moz:firefoxOptions",
        }
    }
}

pub(super) fn ensure(steps: &Steps, tools: &Tools) -> Result<Browser> {
    if let Some((browser, version)) = look() {
        steps.found(&describe(&browser, version));
        return Ok(browser);
    }
    if !debian::usable() {
        bail!(
            "tests need Chrome and chromedriver of one version, or Firefox and geckodriver, on the PATH \
             (or CHROMEDRIVER, GECKODRIVER naming the driver). On Debian, as root:\n  {}",
            debian::by_hand(&DEBIAN)
        );
    }
    debian::install(steps, tools, &DEBIAN, "15 s")?;
    match look() {
        Some((browser, version)) => {
            steps.note(&format!("installed {}", describe(&browser, version)));
            Ok(browser)
        }
        None => bail!("chromium and its driver were installed, but do not start: try `chromium --version`"),
    }
}

fn describe(browser: &Browser, version: Version) -> String {
    match browser.kind {
        Kind::Chrome => format!("Chrome or Chromium {} with its driver", version.major),
        Kind::Firefox => format!("Firefox {} with its driver", version.major),
    }
}

fn look() -> Option<(Browser, Version)> {
    chrome().or_else(firefox)
}

/// Driver and browser of different major versions refuse each other.
fn chrome() -> Option<(Browser, Version)> {
    let binary = program("CHROME", &CHROME, MAC_CHROME)?;
    let version = version(&binary)?;
    let beside = std::env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join("chromedriver"));
    let driver = driver("CHROMEDRIVER", "chromedriver").or(beside.filter(|driver| driver.is_file()))?;
    let same = self::version(&driver)?.major == version.major;
    same.then_some((Browser { kind: Kind::Chrome, binary, driver }, version))
}

fn firefox() -> Option<(Browser, Version)> {
    let binary = program("FIREFOX", &FIREFOX, MAC_FIREFOX)?;
    let version = version(&binary)?;
    let driver = driver("GECKODRIVER", "geckodriver")?;
    Some((Browser { kind: Kind::Firefox, binary, driver }, version))
}

fn program(variable: &str, names: &[&str], mac: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    named
        .or_else(|| names.iter().find_map(|name| process::find(name)))
        .or_else(|| Some(PathBuf::from(mac)).filter(|path| path.is_file()))
}

fn driver(variable: &str, name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    named.or_else(|| process::find(name))
}

fn version(program: &Path) -> Option<Version> {
    Version::find(&process::output(Command::new(program).arg("--version"))?)
}
