//! Where the workspace is and what Cargo knows of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::process;
use crate::version::Version;

/// The workspace this program works on.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Found from the variable that `cargo run` sets, or from the current folder upwards.
    pub(crate) fn open() -> Result<Self> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir().context("cannot read the current folder")?,
        };
        let root = start.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        Ok(Self { root: root.ok_or_else(|| anyhow!("run this inside the workspace"))?.to_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's build folder for the native compiler.
    pub(crate) fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The version of a package in Cargo.lock.
    pub(crate) fn locked(&self, package: &str) -> Result<Version> {
        let path = self.root.join("Cargo.lock");
        let text =
            std::fs::read_to_string(&path).context("cannot read Cargo.lock; it belongs to the repository")?;
        locked_version(&text, package).ok_or_else(|| anyhow!("Cargo.lock names no package {package}"))
    }

    /// `cargo metadata` with the resolved dependency graph.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["metadata", "--format-version", "1"]).current_dir(&self.root);
        let text = process::output(&mut command)
            .ok_or_else(|| anyhow!("`cargo metadata` failed; run it by hand to see why"))?;
        serde_json::from_str(&text).context("cannot read what `cargo metadata` wrote")
    }
}

fn locked_version(lock: &str, package: &str) -> Option<Version> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Version::find(version)
}

/// A member of the workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    /// Names of its direct dependencies of the normal kind.
    pub(crate) normal: Vec<String>,
    /// Names of its direct dependencies for tests.
    pub(crate) dev: Vec<String>,
    /// Folder of its Cargo.toml.
    pub(crate) folder: PathBuf,
    /// Test targets: name and source file.
    pub(crate) tests: Vec<(String, PathBuf)>,
    pub(crate) has_lib: bool,
}

/// The members, from what `cargo metadata` wrote.
pub(crate) fn members(metadata: &Value) -> Vec<Member> {
    let ids: Vec<&str> = strings(&metadata["workspace_members"]).collect();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| package["id"].as_str().is_some_and(|id| ids.contains(&id)))
        .map(member)
        .collect()
}

fn member(package: &Value) -> Member {
    let names = |kind: Option<&str>| {
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        dependencies
            .filter(|dependency| dependency["kind"].as_str() == kind)
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect()
    };
    let targets = || package["targets"].as_array().into_iter().flatten();
    let is_kind = |target: &&Value, kind: &str| strings(&target["kind"]).any(|name| name == kind);
    Member {
        name: package["name"].as_str().unwrap_or_default().to_owned(),
        normal: names(None),
        dev: names(Some("dev")),
        folder: package["manifest_path"]
            .as_str()
            .map(Path::new)
            .and_then(Path::parent)
            .unwrap_or(Path::new(""))
            .to_path_buf(),
        tests: targets()
            .filter(|target| is_kind(target, "test"))
            .filter_map(|target| {
                Some((target["name"].as_str()?.to_owned(), PathBuf::from(target["src_path"].as_str()?)))
            })
            .collect(),
        has_lib: targets().any(|target| is_kind(&target, "lib") || is_kind(&target, "cdylib")),
    }
}

pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_version_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some(Version::new(0, 2, 130)));
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn the_pinned_versions_are_in_our_own_lock_file() {
        let version = Workspace::open().and_then(|workspace| workspace.locked("wasm-bindgen"));
        assert!(version.is_ok(), "{version:?}");
    }
}
