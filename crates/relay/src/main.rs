//! The relay's program: reads the command line, serves until Ctrl-C.

use std::process::ExitCode;

use wickwire_relay::{Config, Error, Relay, config, log};

fn main() -> ExitCode {
    log::init(std::env::var("RUST_LOG").ok().as_deref());
    let config = match Config::parse(std::env::args_os().skip(1), |name| std::env::var(name).ok()) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{}", config::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{}", config::USAGE);
            return ExitCode::from(2);
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), Error> {
    let open = config.open;
    let relay = Relay::start(config).await?;
    let url = format!("http://{}/", relay.address());
    println!("Wickwire is at {url}\nshowing {}\nCtrl-C stops it", relay.showing());
    if open {
        open_browser(&url);
    }
    wait_for_end().await;
    println!("stopping");
    relay.stop().await
}

/// Opens the page with the system's own command; says so if there is none.
fn open_browser(url: &str) {
    let command = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if std::process::Command::new(command).arg(url).spawn().is_err() {
        println!("no browser could be opened; open the address yourself");
    }
}

/// Ctrl-C, or the system's wish that the program ends.
async fn wait_for_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
