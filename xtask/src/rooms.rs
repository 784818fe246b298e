//! Which room may know which, and what none of the inner rooms may know.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::workspace::Member;

/// For each room, the rooms it may depend on; a room that is not listed has no rule yet, which is an error.
const ARROWS: [(&str, &[&str]); 9] = [
    ("wickwire-proto", &[]),
    ("wickwire-market", &["wickwire-proto"]),
    ("wickwire-chart", &[]),
    ("wickwire-sim", &["wickwire-proto", "wickwire-market"]),
    ("wickwire-relay", &["wickwire-proto", "wickwire-market", "wickwire-sim"]),
    ("wickwire", &["wickwire-proto", "wickwire-market", "wickwire-chart", "wickwire-sim"]),
    ("wickwire-bench-page", &["wickwire", "wickwire-proto", "wickwire-market", "wickwire-chart"]),
    ("wickwire-e2e", &["wickwire-proto", "wickwire-market", "wickwire-sim", "wickwire-relay"]),
    ("xtask", &[]),
];

/// Rooms that know no browser, no runtime and no calendar but their own.
const PURE: [&str; 4] = ["wickwire-proto", "wickwire-market", "wickwire-chart", "wickwire-sim"];
const FORBIDDEN: [&str; 8] =
    ["web-sys", "js-sys", "wasm-bindgen", "tokio", "leptos", "chrono", "async-std", "log"];

/// Dependencies between rooms that go against the arrows.
pub(crate) fn arrows(members: &[Member]) -> Vec<String> {
    let rooms: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut broken = Vec::new();
    for member in members {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member.name) else {
            broken.push(format!("{} is a room without a rule: add it to the arrows", member.name));
            continue;
        };
        for dependency in &member.normal {
            if rooms.contains(dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                broken.push(format!("{} must not depend on {dependency}", member.name));
            }
            if dependency == "leptos" && member.name != "wickwire" {
                broken.push(format!("{} must not know Leptos: only the page does", member.name));
            }
        }
    }
    broken
}

/// Crates in the trees of the pure rooms that do not belong there, each with the way by which it came.
pub(crate) fn forbidden_in_trees(metadata: &Value) -> Vec<String> {
    let graph = Graph::read(metadata);
    let mut broken = Vec::new();
    for room in PURE {
        for path in graph.paths_to(room, &FORBIDDEN) {
            broken.push(path.join(" → "));
        }
    }
    broken
}

/// Names of packages and the normal dependencies between them.
struct Graph<'a> {
    names: BTreeMap<&'a str, &'a str>,
    edges: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    fn read(metadata: &'a Value) -> Self {
        let mut graph = Self { names: BTreeMap::new(), edges: BTreeMap::new() };
        for package in metadata["packages"].as_array().into_iter().flatten() {
            if let (Some(id), Some(name)) = (package["id"].as_str(), package["name"].as_str()) {
                graph.names.insert(id, name);
            }
        }
        for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
            let Some(id) = node["id"].as_str() else { continue };
            let dependencies = node["deps"].as_array().into_iter().flatten();
            let normal = dependencies.filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
                kinds.into_iter().any(|kind| kind["kind"].is_null())
            });
            graph.edges.insert(id, normal.filter_map(|dependency| dependency["pkg"].as_str()).collect());
        }
        graph
    }

    /// The shortest way from a room to each forbidden crate, not looking behind it.
    fn paths_to(&self, room: &'a str, forbidden: &[&str]) -> Vec<Vec<&'a str>> {
        let Some((start, _)) = self.names.iter().find(|(_, name)| **name == room) else {
            return Vec::new();
        };
        let mut seen = BTreeSet::from([*start]);
        let mut queue = VecDeque::from([(*start, vec![room])]);
        let mut found = Vec::new();
        while let Some((id, path)) = queue.pop_front() {
            for next in self.edges.get(id).into_iter().flatten() {
                let Some(name) = self.names.get(next).filter(|_| seen.insert(next)) else { continue };
                let mut way = path.clone();
                way.push(name);
                if forbidden.contains(name) {
                    found.push(way);
                } else {
                    queue.push_back((next, way));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::PathBuf;

    fn member(name: &str, normal: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            normal: normal.iter().map(|&name| name.to_owned()).collect(),
            dev: Vec::new(),
            folder: PathBuf::new(),
            tests: Vec::new(),
            has_lib: true,
        }
    }

    #[test]
    fn an_arrow_against_the_rule_is_found() {
        let rooms = [
            member("wickwire-proto", &["serde", "wickwire-market"]),
            member("wickwire-market", &["wickwire-proto"]),
            member("wickwire-chart", &["plotters", "leptos"]),
            member("wickwire-new", &[]),
        ];
        let broken = arrows(&rooms);
        assert_eq!(broken.len(), 3, "{broken:?}");
        assert!(broken[0].contains("wickwire-proto must not depend on wickwire-market"));
    }

    fn metadata(edge_kind: &Value) -> Value {
        let package = |name: &str| json!({ "id": format!("id-{name}"), "name": name });
        let edge = |name: &str, kind: &Value| json!({ "pkg": format!("id-{name}"), "dep_kinds": [{ "kind": kind }] });
        json!({
            "workspace_members": ["id-wickwire-sim"],
            "packages": [package("wickwire-sim"), package("helper"), package("tokio")],
            "resolve": { "nodes": [
                { "id": "id-wickwire-sim", "deps": [edge("helper", &Value::Null)] },
                { "id": "id-helper", "deps": [edge("tokio", edge_kind)] },
                { "id": "id-tokio", "deps": [] },
            ]},
        })
    }

    #[test]
    fn a_forbidden_crate_is_found_with_its_way() {
        assert_eq!(forbidden_in_trees(&metadata(&Value::Null)), ["wickwire-sim → helper → tokio"]);
    }

    #[test]
    fn crates_for_tests_and_builds_do_not_count() {
        assert!(forbidden_in_trees(&metadata(&json!("dev"))).is_empty());
        assert!(forbidden_in_trees(&metadata(&json!("build"))).is_empty());
    }

    #[test]
    fn every_room_of_this_workspace_has_a_rule() {
        let metadata =
            crate::workspace::Workspace::open().and_then(|workspace| workspace.metadata()).unwrap();
        assert_eq!(crate::workspace::members(&metadata).len(), ARROWS.len());
        for member in crate::workspace::members(&metadata) {
            assert!(ARROWS.iter().any(|(name, _)| *name == member.name), "{}", member.name);
        }
    }
}
