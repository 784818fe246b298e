//! One headless browser for one test.
//!
//! The driver is a process that this harness starts on a free port and ends by asking it to shut
//! down, which closes its browser too; after a failed test just the same.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::report;

/// Browsers open at once: two cores feed no more without slowing what is measured.
const MAX_BROWSERS: usize = 2;
/// How long the driver may take to start.
const START: Duration = Duration::from_secs(20);
/// How long the driver may take to end.
const END: Duration = Duration::from_secs(5);
/// Pause between two looks at the page.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

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

/// How large and how light the page is shown.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// What `prefers-color-scheme` says.
    pub dark: bool,
}

impl Look {
    /// A desktop window, dark.
    pub const DESKTOP: Self = Self { width: 1440, height: 900, dark: true };
    /// A phone, dark.
    pub const PHONE: Self = Self { width: 390, height: 844, dark: true };

    /// The same in daylight.
    #[must_use]
    pub const fn light(self) -> Self {
        Self { dark: false, ..self }
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
        let web = WebDriver::new(format!("http://127.0.0.1:{}", driver.port), wanted)
            .await
            .context("the browser did not start")?;
        let browser = Self { name: name.to_owned(), web, driver, _seat: seat };
        browser.look(look).await?;
        Ok(browser)
    }

    /// Shows the page in another size and colour scheme.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn look(&self, look: Look) -> Result<()> {
        let size =
            json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
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
        let console = self.complaints().await.unwrap_or_default().join("\n  ");
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
    async fn start() -> Result<Self> {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let number = PROFILES.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("wickwire-e2e-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&profile)?;
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("the driver has no output")?;
        let mut lines = BufReader::new(output).lines();
        let port = tokio::time::timeout(START, async {
            while let Some(line) = lines.next_line().await? {
                let port = line.split_once("started successfully on port ").map(|(_, port)| port);
                if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
                    return Ok(port);
                }
            }
            bail!("the driver ended at once")
        })
        .await
        .context("the driver did not start in time")??;
        // Its pipe must be read on, or the driver would stop at a full one.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { process, port, profile })
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
