//! The `inspect` example: what it prints, and how it ends.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The example stands beside the folder of this test's own binary; `cargo test` builds it.
fn program() -> Option<PathBuf> {
    let own = std::env::current_exe().unwrap();
    let path =
        own.parent()?.parent()?.join("examples").join(format!("inspect{}", std::env::consts::EXE_SUFFIX));
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "the example is not built");
    println!("skipped: the example is not built; run all tests of the package");
    None
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).to_str().unwrap().to_owned()
}

fn run(arguments: &[String]) -> Option<Output> {
    Some(Command::new(program()?).args(arguments).output().unwrap())
}

fn texts(output: &Output) -> (i32, &str, &str) {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn messages_go_out_and_counts_to_standard_error() {
    for extension in ["json", "msgpack"] {
        let path = fixture(&format!("odd_unknown_type.{extension}"));
        let Some(output) = run(std::slice::from_ref(&path)) else { return };
        let (code, out, err) = texts(&output);
        assert_eq!(code, 0);
        assert_eq!(
            out,
            "{\"T\":\"t\",\"S\":\"MSFT\",\"i\":7,\"x\":\"V\",\"p\":410.5,\"s\":100,\"c\":[\"@\"],\
             \"z\":\"C\",\"t\":\"2025-01-02T15:04:05.123456789Z\"}\n"
        );
        assert_eq!(err, format!("{path}: delivered 1, skipped 1, refused 0\n"));
    }
}

#[test]
fn a_frame_a_line_and_reasons_by_line() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("frames.jsonl");
    let lines = "[{\"T\":\"success\",\"msg\":\"connected\"}]\n\nnonsense\n[{\"T\":\"t\",\"S\":\"X\"}]\n";
    std::fs::write(&path, lines).unwrap();
    let Some(output) = run(&[path.to_str().unwrap().to_owned()]) else { return };
    let (code, out, err) = texts(&output);
    assert_eq!((code, out), (0, "{\"T\":\"success\",\"msg\":\"connected\"}\n"));
    assert!(err.contains("delivered 1, skipped 0, refused 2\n"), "{err}");
    assert!(err.contains("refused line 3, frame: neither an array nor a map\n"), "{err}");
    assert!(err.contains("refused line 4, message 0: required field `p` is missing\n"), "{err}");
}

#[test]
fn the_trading_stream_and_what_clients_say() {
    let files = ["trading_authorization_ok.json", "trading_heartbeat.bin", "trading_error.json"].map(fixture);
    let Some(output) = run(&[vec!["--trading".to_owned()], files.to_vec()].concat()) else { return };
    let (code, out, err) = texts(&output);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "{\"stream\":\"authorization\",\"data\":{\"action\":\"authenticate\",\"status\":\"authorized\"}}\n\
         {\"action\":\"error\",\"data\":{\"error_message\":\"internal server error\"}}\n"
    );
    assert!(err.contains("heartbeat.bin: delivered 0, skipped 1, refused 0"), "{err}");

    let output = run(&[fixture("mp_auth.msgpack")]).unwrap();
    assert_eq!(texts(&output).1, "{\"action\":\"auth\",\"key\":\"***\",\"secret\":\"***\"}\n");
}

#[test]
fn a_file_that_cannot_be_read_ends_with_2() {
    let Some(output) = run(&["missing.json".to_owned(), fixture("odd_empty_array.json")]) else { return };
    let (code, _, err) = texts(&output);
    assert_eq!(code, 2);
    assert!(err.contains("missing.json: ") && err.contains("delivered 0, skipped 0, refused 0"), "{err}");
    assert_eq!(run(&[]).unwrap().status.code(), Some(2));
    assert_eq!(run(&["--other".to_owned()]).unwrap().status.code(), Some(2));
}
