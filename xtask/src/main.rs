//! The project's chores as one small program: `cargo xtask <command>`.
//!
//! Each command sets up what it needs and is missing, then does its work; see `setup`.

mod bench;
mod build;
mod check;
mod csp;
mod dist;
mod optimizer;
mod pack;
mod process;
mod rooms;
mod serve;
mod setup;
mod size;
mod soak;
mod sources;
mod test;
mod version;
mod wasm_module;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  serve   set up what is missing, build the page and the relay, and serve both
  test    run every test, or one stage: native, wasm, e2e, sdk
  check   format, lints, rules between rooms, licences and advisories
  dist    build the static site into dist/
  size    report the page's download size against its budget
  bench   run every benchmark, and the comparison with other charts
  bench-page  build the page that the comparison measures
  soak    watch memory and frames of the page for half an hour
  setup   install what is missing for all of the above, and stop

`cargo xtask <command> --help` tells more. Tools are kept in wickwire/tools below
$XDG_CACHE_HOME or ~/.cache, or in the folder that WICKWIRE_TOOLS names.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = arguments.collect();
    match dispatch(&command.to_string_lossy(), rest) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: Vec<OsString>) -> Result<ExitCode> {
    let help = match command {
        "setup" => setup::HELP,
        "serve" => serve::HELP,
        "test" => test::HELP,
        "check" => check::HELP,
        "dist" => dist::HELP,
        "size" => size::HELP,
        "soak" => soak::HELP,
        "bench" => bench::HELP,
        "bench-page" => bench::PAGE_HELP,
        test::RUNNER_COMMAND => return test::run_module(&rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        "" => bail!("which command?\n\n{HELP}"),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    };
    if rest.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{help}");
        return Ok(ExitCode::SUCCESS);
    }
    let workspace = workspace::Workspace::open()?;
    match command {
        "setup" => setup::command(&workspace, rest),
        "serve" => serve::command(&workspace, rest),
        "test" => test::command(&workspace, rest),
        "check" => check::command(&workspace, rest),
        "dist" => dist::command(&workspace, rest),
        "soak" => soak::command(&workspace, rest),
        "bench" => bench::command(&workspace, rest),
        "bench-page" => bench::page_command(&workspace, rest),
        _ => size::command(&workspace, rest),
    }
}
