//! Counts tests in what test programs print: libtest, wasm-bindgen-test and the SDK script.

use std::fmt;
use std::ops::AddAssign;

/// How tests ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tally {
    /// For one stage, unlike the form of the last line so that only that has it.
    pub(super) fn in_words(&self) -> String {
        format!("passed {}, failed {}, skipped {}", self.passed, self.failed, self.skipped)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Where in libtest's output a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Tests,
    /// Output of tests that passed, shown because of `--show-output`.
    Successes,
    Failures,
}

/// Reads lines as they come.
pub(super) struct Report {
    tally: Tally,
    part: Part,
    /// Whether the passing test whose output is being read has said that it skipped itself.
    skip_counted: bool,
    /// Such tests in the program whose output is being read.
    skipped_themselves: u64,
}

impl Default for Report {
    fn default() -> Self {
        Self { tally: Tally::default(), part: Part::Tests, skip_counted: false, skipped_themselves: 0 }
    }
}

impl Report {
    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Takes a line into account; whether a reader wants to see it.
    pub(super) fn line(&mut self, line: &str) -> bool {
        if let Some(result) = line.strip_prefix("test result: ") {
            let mut tally = libtest_result(result);
            // They are among those that libtest calls passed.
            tally.passed = tally.passed.saturating_sub(self.skipped_themselves);
            tally.skipped += std::mem::take(&mut self.skipped_themselves);
            self.tally += tally;
            self.part = Part::Tests;
            return false;
        }
        match line {
            "successes:" => self.part = Part::Successes,
            "failures:" => self.part = Part::Failures,
            _ => {}
        }
        match self.part {
            Part::Successes => self.success_output(line),
            // The panic's own line names its place; the stack of a module is only noise.
            Part::Failures => !(line.trim_start().starts_with("at ") && line.contains("wasm")),
            Part::Tests => self.plain(line),
        }
    }

    /// A test that prints `skipped: …` and returns has passed for libtest, but tested nothing.
    fn success_output(&mut self, line: &str) -> bool {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.skip_counted = false;
        }
        if !line.starts_with("skipped: ") {
            return false;
        }
        if !self.skip_counted {
            self.skip_counted = true;
            self.skipped_themselves += 1;
        }
        true
    }

    fn plain(&mut self, line: &str) -> bool {
        if line.starts_with("skipped: ") {
            self.tally.skipped += 1;
            return true;
        }
        if let Some(tally) = summary(line) {
            self.tally += tally;
            return false;
        }
        let passing = line.starts_with("test ") && (line.ends_with(" ... ok") || line.contains(" ... ok <"));
        let count = line.starts_with("running ") && line.contains(" test");
        !(passing || count || line.trim().is_empty())
    }
}

/// `ok. 1 passed; 0 failed; 1 ignored; …`
fn libtest_result(text: &str) -> Tally {
    let mut tally = Tally::default();
    let counts = text.split_once(". ").map_or(text, |(_, counts)| counts);
    for part in counts.split(';') {
        match number_and_word(part) {
            Some((count, "passed")) => tally.passed = count,
            Some((count, "failed")) => tally.failed = count,
            Some((count, "ignored")) => tally.skipped = count,
            _ => {}
        }
    }
    tally
}

/// `12 passed, 0 failed`, maybe with `, 3 skipped`: the last line of a test script.
fn summary(line: &str) -> Option<Tally> {
    let mut tally = Tally::default();
    let mut parts = line.split(',');
    (tally.passed, _) = number_and_word(parts.next()?).filter(|(_, word)| *word == "passed")?;
    (tally.failed, _) = number_and_word(parts.next()?).filter(|(_, word)| *word == "failed")?;
    if let Some(part) = parts.next() {
        (tally.skipped, _) = number_and_word(part).filter(|(_, word)| *word == "skipped")?;
    }
    Some(tally)
}

fn number_and_word(text: &str) -> Option<(u64, &str)> {
    let (number, word) = text.trim().split_once(' ')?;
    Some((number.parse().ok()?, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Tally, Vec<&str>) {
        let mut report = Report::default();
        let shown = text.lines().filter(|line| report.line(line)).collect();
        (report.tally(), shown)
    }

    #[test]
    fn adds_up_the_programs_of_one_cargo_test() {
        let text = "\nrunning 2 tests\ntest a ... ok\ntest b ... ignored\n\n\
                    test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    running 1 test\ntest c ... ok\n\
                    test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let (tally, shown) = read(text);
        assert_eq!(tally, Tally { passed: 2, failed: 0, skipped: 1 });
        assert_eq!(shown, ["test b ... ignored"]);
    }

    #[test]
    fn wasm_bindgen_test_prints_the_same_without_measured() {
        let text = "test t::ok ... ok\ntest result: ok. 7 passed; 0 failed; 1 ignored; 0 filtered out; finished in 0.01s\n";
        assert_eq!(read(text).0, Tally { passed: 7, failed: 0, skipped: 1 });
    }

    #[test]
    fn a_failure_is_shown_with_its_output() {
        let text = "running 2 tests\ntest good ... ok\ntest bad ... FAILED\n\nfailures:\n\n---- bad stdout ----\n\
                    thread 'bad' panicked\n\n\nfailures:\n    bad\n\n\
                    test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";
        let (tally, shown) = read(text);
        assert_eq!(tally, Tally { passed: 1, failed: 1, skipped: 0 });
        assert!(shown.contains(&"thread 'bad' panicked") && shown.contains(&"test bad ... FAILED"));
    }

    #[test]
    fn a_test_that_skips_itself_is_not_counted_as_passed() {
        let text = "test a ... ok\ntest b ... ok\n\nsuccesses:\n\n---- a stdout ----\nskipped: no recordings here\n\
                    skipped: none at all\n\n---- b stdout ----\nchatter\n\n\nsuccesses:\n    a\n    b\n\n\
                    test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        let (tally, shown) = read(text);
        assert_eq!(tally, Tally { passed: 1, failed: 0, skipped: 1 });
        assert_eq!(shown, ["skipped: no recordings here", "skipped: none at all"]);
    }

    #[test]
    fn a_script_sums_itself_up() {
        assert_eq!(
            read("x: ok trades\n12 passed, 1 failed\n").0,
            Tally { passed: 12, failed: 1, skipped: 0 }
        );
        assert_eq!(read("skipped: no node\n0 passed, 0 failed, 2 skipped\n").0.skipped, 3);
        assert_eq!(read("3 passed the bridge, 4 failed\n").0, Tally::default());
    }

    #[test]
    fn the_last_line_has_its_form() {
        assert_eq!(Tally { passed: 3, failed: 0, skipped: 1 }.to_string(), "3 passed, 0 failed, 1 skipped");
    }
}
