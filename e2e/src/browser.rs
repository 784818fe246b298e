//! One headless browser for one test.
//!
//! The driver is a process that this harness starts on a free port and ends by asking it to shut
//! down, which closes its browser too; after a failed test just the same.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::report;

/// Browsers open at once: two cores feed no more without slowing what is measured.
const MAX_BROWSERS: usize = 2;
/// Starts of the driver for one browser. It takes any free port of one loopback address and then
/// wants the same of the other, where a connection may have it already; it ends then.
const MAX_STARTS: u32 = 5;
/// What the driver says then.
const PORT_TAKEN: &str = "port not available";
/// Lines of what it said that a failure repeats.
const MAX_SAID: usize = 6;
/// How long the driver may take to start.
const START: Duration = Duration::from_secs(20);
/// How long the driver may take to end.
const END: Duration = Duration::from_secs(5);
/// How long a file may take to be saved.
const SAVES: Duration = Duration::from_secs(20);
/// Pause between two looks at the page.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Complaints of the console that a failure repeats.
const MAX_COMPLAINTS: usize = 6;
/// Characters of each of them.
const MAX_COMPLAINT_CHARS: usize = 600;

static SEATS: Semaphore = Semaphore::const_new(MAX_BROWSERS);
static PROFILES: AtomicU32 = AtomicU32::new(0);

/// Headless, silent, alone: without the background flags the browser waits for connections that
/// never open.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// How the page is shown, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
    /// Whether fingers touch it; else there is a mouse.
    pub touch: bool,
    /// What `prefers-color-scheme` says.
    pub dark: bool,
    /// What `prefers-reduced-motion` says.
    pub calm: bool,
    /// Whether `prefers-contrast` asks for more.
    pub contrast: bool,
}

impl Look {
    /// A desktop window, dark.
    pub const DESKTOP: Self =
        Self { width: 1440, height: 900, ratio: 1.0, touch: false, dark: true, calm: false, contrast: false };
    /// A phone, dark.
    pub const PHONE: Self = Self { width: 390, height: 844, touch: true, ..Self::DESKTOP };

    /// The same in daylight.
    #[must_use]
    pub const fn light(self) -> Self {
        Self { dark: false, ..self }
    }

    /// The same with so many device pixels to a CSS pixel.
    #[must_use]
    pub const fn at(self, ratio: f64) -> Self {
        Self { ratio, ..self }
    }

    /// The same for somebody who asked for more contrast.
    #[must_use]
    pub const fn contrast(self) -> Self {
        Self { contrast: true, ..self }
    }

    /// The same for somebody who asked for less motion.
    #[must_use]
    pub const fn calm(self) -> Self {
        Self { calm: true, ..self }
    }
}

/// A browser with one page.
pub struct Browser {
    name: String,
    web: WebDriver,
    driver: Driver,
    _seat: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts a browser for the test `name`; waits for its turn.
    ///
    /// # Errors
    /// If driver or browser do not start.
    pub async fn open(name: &str, look: Look) -> Result<Self> {
        let seat = SEATS.acquire().await?;
        let driver = Driver::start().await?;
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", driver.profile.display()))?;
        if let Some(binary) = std::env::var_os("WICKWIRE_BROWSER") {
            wanted.set_binary(&binary.to_string_lossy())?;
        }
        wanted.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
        let downloads = json!({
            "download.default_directory": driver.downloads(), "download.prompt_for_download": false,
        });
        wanted.add_experimental_option("prefs", downloads)?;
        let web = WebDriver::new(format!("http://127.0.0.1:{}", driver.port), wanted)
            .await
            .context("the browser did not start")?;
        let browser = Self { name: name.to_owned(), web, driver, _seat: seat };
        browser.look(look).await?;
        browser.listen_to_canvases().await?;
        Ok(browser)
    }

    /// Shows the page in another size and colour scheme.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn look(&self, look: Look) -> Result<()> {
        let size = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": look.ratio, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let touch = json!({ "enabled": look.touch, "maxTouchPoints": 5 });
        self.devtools("Emulation.setTouchEmulationEnabled", touch).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let motion = if look.calm { "reduce" } else { "no-preference" };
        let contrast = if look.contrast { "more" } else { "no-preference" };
        let features = json!({ "features": [
            { "name": "prefers-contrast", "value": contrast },
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Asks the browser by its own protocol, as its developer tools do
    /// (<https://chromedevtools.github.io/devtools-protocol/>).
    ///
    /// # Errors
    /// If it refuses.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.web.cdp().send_raw(method, parameters).await?)
    }

    /// The WebDriver session.
    #[must_use]
    pub const fn web(&self) -> &WebDriver {
        &self.web
    }

    /// Opens an address.
    ///
    /// # Errors
    /// If it does not load.
    pub async fn visit(&self, address: &str) -> Result<()> {
        self.web.goto(address).await.with_context(|| format!("cannot open {address}"))?;
        Ok(())
    }

    /// Runs a script in the page and returns what it returns.
    ///
    /// # Errors
    /// If it throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.web.execute(script, arguments).await?.json().clone())
    }

    /// What the console said since this was last asked, warnings and errors only; without the note
    /// that every Chromium makes about checksums on preloads, which other browsers do check
    /// (<https://crbug.com/981419>).
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let log = self.web.get_log("browser").await?;
        Ok(log
            .into_iter()
            .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
            .filter(|entry| !entry.message.contains("crbug.com/981419"))
            .map(|entry| format!("{}: {}", entry.level, entry.message))
            .collect())
    }

    /// Saves a picture of the page as `target/e2e/NAME.png` and says where it is.
    ///
    /// # Errors
    /// If the browser does not answer or the file cannot be written.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let path = report::folder()?.join(format!("{name}.png"));
        self.web.screenshot(&path).await?;
        Ok(path)
    }

    /// Runs `action` and waits for the file that it makes the browser save: name and content.
    ///
    /// # Errors
    /// If `action` fails or no file comes.
    pub async fn saved(&self, action: impl AsyncFnOnce() -> Result<()>) -> Result<(String, Vec<u8>)> {
        let folder = self.driver.downloads();
        let names = || -> Result<BTreeSet<PathBuf>> {
            std::fs::create_dir_all(&folder)?;
            std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect()
        };
        let before = names()?;
        action().await?;
        let path = self
            .until("saved file", SAVES, async || {
                let new: Vec<PathBuf> = names()?.difference(&before).cloned().collect();
                let [path] = new.as_slice() else { bail!("new in the folder: {new:?}") };
                // It has another name until it is complete.
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                ensure!(!name.starts_with('.') && !name.ends_with(".crdownload"), "it is on its way: {name}");
                ensure!(path.metadata()?.len() > 0, "it is empty so far");
                Ok(path.clone())
            })
            .await?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, std::fs::read(&path)?))
    }

    /// The driver's process id.
    #[must_use]
    pub fn driver_id(&self) -> Option<u32> {
        self.driver.process.id()
    }

    /// Looks at the page until `look` gives something, at most `limit`. `look` says what is missing
    /// by an error, which is what a failure reports.
    ///
    /// # Errors
    /// What was missing in the end.
    pub async fn until<T>(
        &self,
        what: &str,
        limit: Duration,
        mut look: impl AsyncFnMut() -> Result<T>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            let missing = match look().await {
                Ok(found) => return Ok(found),
                Err(missing) => missing,
            };
            if start.elapsed() >= limit {
                bail!("no {what} within {limit:?}: {missing:#}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Adds a picture of the page, and what its console said, to an error.
    pub async fn with_picture(&self, error: anyhow::Error) -> anyhow::Error {
        let picture = match self.picture(&format!("failed-{}", self.name)).await {
            Ok(path) => path.display().to_string(),
            Err(error) => format!("none, {error:#}"),
        };
        // What came first is the cause of what came later.
        let complaints = self.complaints().await.unwrap_or_default();
        let cut = |text: &String| text.chars().take(MAX_COMPLAINT_CHARS).collect::<String>();
        let console: Vec<String> = complaints.iter().take(MAX_COMPLAINTS).map(cut).collect();
        let console = console.join("\n  ");
        anyhow!("{error:#}\n  picture: {picture}\n  console: {console}")
    }

    /// Closes the browser and ends its driver.
    ///
    /// # Errors
    /// If the browser does not close.
    pub async fn close(self) -> Result<()> {
        let Self { web, driver, .. } = self;
        web.quit().await?;
        drop(driver);
        Ok(())
    }
}

/// The driver's process; ended when dropped, and its browser with it.
struct Driver {
    process: Child,
    port: u16,
    profile: PathBuf,
}

impl Driver {
    /// Where the browser saves files.
    fn downloads(&self) -> PathBuf {
        self.profile.join("saved")
    }

    async fn start() -> Result<Self> {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let (process, port) = Self::listening(|| Command::new(&program)).await?;
        let number = PROFILES.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("wickwire-e2e-{}-{number}", std::process::id()));
        let driver = Self { process, port, profile };
        std::fs::create_dir_all(&driver.profile)?;
        Ok(driver)
    }

    /// Starts `program` until it listens: its process and port. A start that another's port ended is
    /// tried again.
    async fn listening(program: impl Fn() -> Command) -> Result<(Child, u16)> {
        let mut starts = 1;
        loop {
            match Self::started(program()).await {
                Err(error) if starts < MAX_STARTS && error.to_string().contains(PORT_TAKEN) => starts += 1,
                outcome => return outcome,
            }
        }
    }

    /// Starts `program` once and waits until it listens.
    async fn started(mut program: Command) -> Result<(Child, u16)> {
        let mut process = program
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.as_std().get_program().display()))?;
        let output = process.stdout.take().context("the driver has no output")?;
        let mut lines = BufReader::new(output).lines();
        let port = tokio::time::timeout(START, async {
            let mut said = Vec::new();
            while let Some(line) = lines.next_line().await? {
                let port = line.split_once("started successfully on port ").map(|(_, port)| port);
                if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
                    return Ok(port);
                }
                if said.len() == MAX_SAID {
                    said.remove(0);
                }
                said.push(line);
            }
            bail!("the driver ended at once: {}", said.join(" / "))
        })
        .await
        .context("the driver did not start in time")??;
        // Its pipe must be read on, or the driver would stop at a full one.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok((process, port))
    }

    fn ask_to_end(&self) -> std::io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, END)?;
        stream.set_read_timeout(Some(END))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        let mut answer = [0; 512];
        let _ = stream.read(&mut answer)?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.ask_to_end();
        let start = Instant::now();
        while start.elapsed() < END && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.start_kill();
        // The browser lets go of its last files a moment after it has ended.
        for _ in 0..10 {
            if std::fs::remove_dir_all(&self.profile).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A driver that writes a line for each start and then does as `then` says.
    async fn starts_of(name: &str, then: &str) -> Result<(Result<u16, String>, usize)> {
        let folder = std::env::temp_dir().join(format!("wickwire-driver-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let starts = folder.join("starts");
        let script = format!("echo start >> '{0}'; starts=$(wc -l < '{0}'); {then}", starts.display());
        let program = || {
            let mut shell = Command::new("sh");
            shell.args(["-c", &script]);
            shell
        };
        let outcome = Driver::listening(program).await;
        let count = std::fs::read_to_string(&starts)?.lines().count();
        std::fs::remove_dir_all(&folder)?;
        Ok((outcome.map(|(_, port)| port).map_err(|error| error.to_string()), count))
    }

    const TAKEN: &str = "echo Starting; echo 'IPv4 port not available. Exiting...'; echo Bye; exit 1";

    #[tokio::test]
    async fn a_driver_whose_port_is_taken_is_started_again() -> Result<()> {
        let works = "echo 'ChromeDriver was started successfully on port 4711.'; exec sleep 5";
        let then = format!("if [ $starts -lt 3 ]; then {TAKEN}; fi; {works}");
        assert_eq!(starts_of("again", &then).await?, (Ok(4711), 3));
        Ok(())
    }

    #[tokio::test]
    async fn it_is_given_up_at_last_and_says_why() -> Result<()> {
        let (outcome, starts) = starts_of("taken", TAKEN).await?;
        assert_eq!(starts, MAX_STARTS as usize);
        assert_eq!(
            outcome,
            Err("the driver ended at once: Starting / IPv4 port not available. Exiting... / Bye".to_owned())
        );
        Ok(())
    }

    #[tokio::test]
    async fn another_end_is_not_tried_again() -> Result<()> {
        let (outcome, starts) = starts_of("broken", "echo 'no such library'; exit 127").await?;
        assert_eq!((outcome, starts), (Err("the driver ended at once: no such library".to_owned()), 1));
        Ok(())
    }
}
