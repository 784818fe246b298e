//! The lines that show how far the set-up is.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Numbers the steps: `[3/7] …`.
pub(super) struct Steps {
    current: usize,
    total: usize,
}

impl Steps {
    pub(super) fn new(total: usize) -> Self {
        Self { current: 0, total }
    }

    pub(super) fn next(&mut self) {
        self.current += 1;
    }

    /// The step has nothing to do.
    pub(super) fn found(&self, what: &str) {
        eprintln!("[{}/{}] found {what}", self.current, self.total);
    }

    /// Something short is done or decided.
    pub(super) fn note(&self, what: &str) {
        eprintln!("[{}/{}] {what}", self.current, self.total);
    }

    /// A long piece of work, with how long it takes on an idle two-core machine.
    pub(super) fn long(&self, what: &str, usual: &str, command: &mut Command, log: &Path) -> Result<()> {
        eprintln!("[{}/{}] {what} (takes about {usual})…", self.current, self.total);
        let elapsed = process::run_logged(command, log, what)?;
        eprintln!("      done in {}", process::clock(elapsed));
        Ok(())
    }
}
