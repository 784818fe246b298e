//! Child processes: found on the path, run with a log, a limit or a visible clock.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How often a running step is looked at.
const POLL: Duration = Duration::from_millis(50);
/// How often a long step says that it is alive where no terminal can show a clock.
const REMINDER: Duration = Duration::from_secs(30);
/// Lines of a failed step's log that are shown.
const LOG_TAIL: usize = 40;

/// The file that `name` stands for on the given search path.
pub(crate) fn find_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

/// The same on this process's own PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    find_in(&std::env::var_os("PATH").unwrap_or_default(), name)
}

/// Standard output of a short command that succeeded.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs quietly; whether it ended well within the limit.
pub(crate) fn succeeds(command: &mut Command, limit: Duration) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(POLL),
            _ => {
                // It may have ended meanwhile, which is as good.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Runs in the foreground with this process's own output; an error names the command.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("{what}: cannot start {command:?}"))?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}

/// Runs a long step with its output in a log file, showing for how long it has run.
pub(crate) fn run_logged(command: &mut Command, log: &Path, what: &str) -> Result<Duration> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let err = out.try_clone()?;
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
        .with_context(|| format!("{what}: cannot start {command:?}"))?;
    let terminal = std::io::stderr().is_terminal();
    let mut shown = Duration::ZERO;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(POLL);
        let elapsed = start.elapsed();
        let due = if terminal { Duration::from_secs(1) } else { REMINDER };
        if elapsed >= shown + due {
            shown = elapsed;
            if terminal {
                eprint!("\r      {} ", clock(elapsed));
                // Only a picture of progress: nothing is lost if it cannot be drawn.
                let _ = std::io::stderr().flush();
            } else {
                eprintln!("      {what}: {} so far", clock(elapsed));
            }
        }
    };
    if terminal && !shown.is_zero() {
        eprint!("\r                    \r");
    }
    if !status.success() {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(LOG_TAIL)..).unwrap_or_default().join("\n");
        bail!("{what} failed ({status}); the end of {}:\n{tail}", log.display());
    }
    Ok(start.elapsed())
}

/// `45 s`, `2 min 05 s`.
pub(crate) fn clock(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_reads_as_people_say_it() {
        assert_eq!(clock(Duration::from_millis(900)), "0 s");
        assert_eq!(clock(Duration::from_secs(59)), "59 s");
        assert_eq!(clock(Duration::from_secs(125)), "2 min 05 s");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_over_its_limit_is_ended() {
        let start = Instant::now();
        assert!(!succeeds(Command::new("sleep").arg("20"), Duration::from_millis(200)));
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(succeeds(&mut Command::new("true"), Duration::from_secs(5)));
    }

    #[cfg(unix)]
    #[test]
    fn a_failed_step_shows_the_end_of_its_log() {
        let log = std::env::temp_dir().join(format!("wickwire-xtask-{}.log", std::process::id()));
        let error = run_logged(Command::new("sh").args(["-c", "echo reason; exit 3"]), &log, "a step");
        let text = error.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains("a step failed") && text.contains("reason"), "{text}");
        let _ = std::fs::remove_file(log);
    }
}
