//! What the set-up found, and the commands that use it.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::browser::Browser;
use super::compiler::WasmCompiler;
use super::lean_std;
use crate::process;
use crate::workspace::Workspace;

/// Variables that Cargo and rustup set for the program they run, and that would steer a Cargo below us.
const INHERITED: [&str; 9] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_MANIFEST_LINKS",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
    "RUST_RECURSION_COUNT",
];

/// The tools a command asked for.
pub(crate) struct Tools {
    folder: PathBuf,
    pub(super) compiler: Option<WasmCompiler>,
    pub(crate) browser: Option<Browser>,
    /// Whether the page's standard library is built for size, from source.
    pub(crate) lean: Cell<bool>,
    /// Whether trunk finds all of its tools here and need not download.
    pub(crate) offline: bool,
}

impl Tools {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, compiler: None, browser: None, lean: Cell::new(false), offline: true }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn npm(&self) -> PathBuf {
        self.folder.join("npm")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// The search path: our own tools, then the compiler for Wasm, then what the user has.
    pub(super) fn path(&self) -> OsString {
        let mut folders = vec![self.folder.join("bin"), self.npm().join("node_modules").join(".bin")];
        folders.extend(self.compiler.as_ref().and_then(|compiler| compiler.folder.clone()));
        let own = std::env::var_os("PATH").unwrap_or_default();
        folders.extend(std::env::split_paths(&own));
        // Only a folder with the separator in its name can fail here; such a PATH never worked.
        std::env::join_paths(folders).unwrap_or(own)
    }

    /// A program that is found where the set-up left it.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        process::find_in(&self.path(), name)
    }

    /// A command in the environment of the Wasm compiler.
    pub(crate) fn wasm_command(&self, workspace: &Workspace, program: &str) -> Command {
        let mut command = Command::new(self.find(program).unwrap_or_else(|| program.into()));
        clean(&mut command);
        command.current_dir(workspace.root()).env("PATH", self.path());
        if let Some(compiler) = &self.compiler {
            if let Some(linker) = &compiler.linker {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
            if compiler.folder.is_some() {
                // Libraries of the native toolchain must not reach another compiler.
                command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTUP_TOOLCHAIN");
                command.env("CARGO_TARGET_DIR", self.wasm_target(workspace));
            }
        }
        command
    }

    /// A command that builds the page, or gets what that takes.
    pub(crate) fn page_command(&self, workspace: &Workspace, program: &str) -> Command {
        let mut command = self.wasm_command(workspace, program);
        if self.lean.get() {
            lean_std::apply(&mut command);
            command.env("CARGO_TARGET_DIR", self.page_target(workspace));
        }
        command
    }

    /// Cargo's build folder for the page: its own if all of it is built in another way than the rest.
    pub(crate) fn page_target(&self, workspace: &Workspace) -> PathBuf {
        if self.lean.get() { workspace.target().join("page") } else { self.wasm_target(workspace) }
    }

    /// Cargo's build folder for Wasm: its own only if another compiler builds there.
    pub(crate) fn wasm_target(&self, workspace: &Workspace) -> PathBuf {
        match &self.compiler {
            Some(compiler) if compiler.folder.is_some() => workspace.target().join("wasm"),
            _ => workspace.target(),
        }
    }

    /// Adds what tells tests which browser to drive.
    pub(crate) fn add_browser(&self, command: &mut Command) {
        if let Some(browser) = &self.browser {
            command.env(browser.driver_variable(), &browser.driver).env("WICKWIRE_BROWSER", &browser.binary);
        }
    }
}

/// The Cargo that started this program.
pub(crate) fn native_cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    clean(&mut command);
    command.current_dir(workspace.root());
    command
}

fn clean(command: &mut Command) {
    for name in INHERITED {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
}
