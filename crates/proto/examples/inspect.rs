//! Decodes captured frames and prints one JSON object per message, in a form that does not depend
//! on the codec.
//!
//! `inspect [--trading] FILE…`: `.json`, `.msgpack` and `.bin` hold one frame, `.jsonl` one a
//! line. What was delivered, skipped and refused goes to standard error, file by file. Ends with
//! 0 whatever the frames hold, with 2 if a file cannot be read.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use wickwire_proto::decode::{Tally, decode_with};
use wickwire_proto::encode::to_canonical_json;
use wickwire_proto::error::Error;
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::request::{Credentials, Request, decode_request, encode_request};
use wickwire_proto::trading;

const USAGE: &str = "usage: inspect [--trading] FILE…

Prints the messages of captured frames as JSON, one a line.
FILE: .json .msgpack .bin hold one frame, .jsonl one frame a line
--trading: the frames come from the trading stream";

/// Reasons that are told per file; the count tells the rest.
const MAX_REASONS: usize = 50;

/// What became of one file.
#[derive(Default)]
struct Report {
    tally: Tally,
    reasons: Vec<String>,
}

impl Report {
    fn refuse(&mut self, place: &str, error: Error) {
        if self.reasons.len() < MAX_REASONS {
            self.reasons.push(format!("{place}: {error}"));
        }
    }

    fn frame(&mut self, frame: Frame<'_>, trading: bool, line: &str, out: &mut impl Write) -> io::Result<()> {
        // What a client says is told apart by its `action`.
        match decode_request(frame) {
            Ok(Request::Unknown) | Err(_) => {}
            Ok(request) => {
                self.tally.delivered += 1;
                return writeln!(out, "{}", request_line(request));
            }
        }
        if trading { self.trading(frame, line, out) } else { self.market(frame, line, out) }
    }

    fn market(&mut self, frame: Frame<'_>, line: &str, out: &mut impl Write) -> io::Result<()> {
        let mut written = Ok(());
        let mut refusals = Vec::new();
        let tally = decode_with(
            frame,
            &mut |message| {
                if written.is_ok() {
                    written = writeln!(out, "{}", to_canonical_json(&message));
                }
            },
            &mut |index, error| refusals.push((index, error)),
        );
        match tally {
            Ok(tally) => self.tally += tally,
            Err(error) => {
                self.tally.refused += 1;
                self.refuse(&format!("{line}frame"), error);
            }
        }
        for (index, error) in refusals {
            self.refuse(&format!("{line}message {index}"), error);
        }
        written
    }

    fn trading(&mut self, frame: Frame<'_>, line: &str, out: &mut impl Write) -> io::Result<()> {
        match trading::decode_trading(frame) {
            Ok(Some(message)) => {
                self.tally.delivered += 1;
                writeln!(out, "{}", trading::to_canonical_json(&message))?;
            }
            Ok(None) => self.tally.skipped_types += 1,
            Err(error) => {
                self.tally.refused += 1;
                self.refuse(&format!("{line}frame"), error);
            }
        }
        Ok(())
    }
}

/// A client's request as JSON, with its credentials hidden.
fn request_line(request: Request) -> String {
    let hidden = match request {
        Request::Auth(_, form) => Request::Auth(Credentials::new("***", "***"), form),
        other => other,
    };
    String::from_utf8_lossy(encode_request(Codec::Json, &hidden).bytes()).into_owned()
}

fn inspect(path: &str, bytes: &[u8], trading: bool, out: &mut impl Write) -> io::Result<Report> {
    let mut report = Report::default();
    let binary = path.ends_with(".msgpack") || path.ends_with(".bin");
    // A text frame is UTF-8; anything else can only have come in a binary one.
    let frame = |bytes| match std::str::from_utf8(bytes) {
        Ok(text) if !binary => Frame::Text(text),
        _ => Frame::Binary(bytes),
    };
    if path.ends_with(".jsonl") {
        for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
            if !line.trim_ascii().is_empty() {
                report.frame(frame(line), trading, &format!("line {}, ", number + 1), out)?;
            }
        }
    } else {
        report.frame(frame(bytes), trading, "", out)?;
    }
    Ok(report)
}

fn run(paths: &[String], trading: bool) -> io::Result<bool> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut readable = true;
    for path in paths {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{path}: {error}");
                readable = false;
                continue;
            }
        };
        let Report { tally, reasons } = inspect(path, &bytes, trading, &mut out)?;
        // In step with the messages, should both go to one terminal.
        out.flush()?;
        let Tally { delivered, skipped_types, skipped_fields, refused, .. } = tally;
        eprintln!("{path}: delivered {delivered}, skipped {skipped_types}, refused {refused}");
        if skipped_fields > 0 {
            eprintln!("  unknown fields ignored: {skipped_fields}");
        }
        for reason in &reasons {
            eprintln!("  refused {reason}");
        }
    }
    Ok(readable)
}

fn main() -> ExitCode {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    if paths.is_empty() || flags.iter().any(|flag| flag != "--trading") {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    match run(&paths, !flags.is_empty()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        // The reader of our output has left.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("standard output: {error}");
            ExitCode::from(2)
        }
    }
}
