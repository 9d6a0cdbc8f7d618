//! The crate's layers: modules import only downwards, and a type's name says which one it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

/// The crate's layers, each of which imports only those before it. The crate's root hands on what others define.
const LAYERS: [&str; 13] = [
    "development",
    "version",
    "accounts",
    "trace",
    "state",
    "evm",
    "stylus",
    "arbos",
    "chain",
    "genesis",
    "rpc",
    "node",
    "mod",
];

/// Imports upwards that stay, as folder, file, and what it imports. A context carries whom to ask, ArbOS and programs, and
/// who is asked is given the context: one of the two must name the other.
const KNOWN: [(&str, &str, &str); 1] = [("evm", "context", "runtime")];

/// A module by its names, from the crate's root down; the root itself is empty.
type Module = Vec<String>;

/// The crate's sources, without comments and unit tests.
fn sources() -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = BTreeMap::new();
    let mut folders = vec![(root, Module::new())];
    while let Some((folder, module)) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let inner = [module.clone(), vec![name.clone()]].concat();
            if path.is_dir() {
                folders.push((path, inner));
            } else if path.extension().is_some_and(|extension| extension == "rs") && name != "main" {
                let is_own = name == "mod" || name == "lib";
                let text = fs::read_to_string(&path).unwrap();
                sources.insert(if is_own { module.clone() } else { inner }, code(&text));
            }
        }
    }
    assert!(sources.len() > 100, "the sources are found");
    sources
}

/// The code of a file up to its unit tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The single paths of what a `use` names: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn single_paths(tree: &str) -> Vec<String> {
    let Some((prefix, rest)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap().split_whitespace().collect()];
    };
    let inside = &rest[..rest.rfind('}').unwrap()];
    let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
    for (at, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inside[start..at].trim();
                if !part.is_empty() {
                    let part = format!("{}{part}", prefix.trim());
                    paths.extend(single_paths(&part));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    paths
}

/// The paths of a file's `use` declarations, and all other paths in it.
fn paths(code: &str) -> (Vec<String>, Vec<String>) {
    let (mut used, mut rest) = (Vec::new(), String::new());
    let mut tail = code;
    while let Some(at) = tail.find("use ") {
        let is_word = tail[..at].chars().next_back().is_none_or(|before| before.is_whitespace());
        rest.push_str(&tail[..at]);
        tail = &tail[at + 4..];
        if is_word {
            let (tree, after) = tail.split_once(';').unwrap();
            used.extend(single_paths(tree));
            tail = after;
        }
    }
    rest.push_str(tail);
    let is_of_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let other = rest.split(|letter| !is_of_path(letter)).filter(|word| word.contains("::")).map(str::to_owned);
    // `pub(in crate::a)` imports nothing.
    let rest: BTreeSet<_> = rest.split("pub(in ").skip(1).filter_map(|text| text.split(')').next()).collect();
    (used, other.filter(|path| !rest.contains(path.as_str())).collect())
}

/// The modules and what they import.
struct Graph {
    sources: BTreeMap<Module, String>,
}

impl Graph {
    /// A path, seen from a module, as one from the root; `None` if it leads out of the crate.
    fn absolute(&self, from: &[String], path: &str) -> Option<Vec<String>> {
        let mut names: Vec<_> = path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let mut base = from.to_vec();
        match names.first()?.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                while names.first().is_some_and(|name| name == "super") {
                    base.pop();
                    names.remove(0);
                }
                return Some([base, names].concat());
            }
            child if self.sources.contains_key(&[from, &[child.to_owned()]].concat()) => names.insert(0, "self".into()),
            _ => return None,
        }
        names.remove(0);
        Some([base, names].concat())
    }

    /// The module that defines what an absolute path names: names that a module hands on belong to where they come from.
    fn definer(&self, path: &[String]) -> Module {
        let depth = (0..=path.len()).rev().find(|depth| self.sources.contains_key(&path[..*depth])).unwrap();
        let (module, item) = path.split_at(depth);
        let Some(item) = item.first() else { return module.to_vec() };
        let (used, _) = paths(&self.sources[module]);
        let handed_on = used.iter().filter(|path| path.rsplit("::").next() == Some(item));
        let origin = handed_on.filter_map(|path| self.absolute(module, path)).find(|origin| origin[..] != *path);
        origin.map_or_else(|| module.to_vec(), |origin| self.definer(&origin))
    }

    /// What a module imports, and the path by which it does.
    fn imports(&self, module: &[String]) -> BTreeMap<Module, String> {
        let (used, other) = paths(&self.sources[module]);
        let all = used.into_iter().chain(other);
        all.filter_map(|path| Some((self.definer(&self.absolute(module, &path)?), path))).collect()
    }

    /// For each folder what its files and folders import of each other. The folder's own file is called `mod`.
    fn folders(&self) -> BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>> {
        let mut folders: BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
        for module in self.sources.keys() {
            for (other, path) in self.imports(module) {
                let shared = module.iter().zip(&other).take_while(|(a, b)| a == b).count();
                let child = |of: &[String]| of.get(shared).cloned().unwrap_or_else(|| "mod".into());
                if *module != other {
                    let folder = folders.entry(module[..shared].to_vec()).or_default();
                    let why = format!("{} imports {path}", module.join("/"));
                    folder.entry(child(module)).or_default().insert(child(&other), why);
                }
            }
        }
        folders
    }
}

/// A way from a node back to itself.
fn circle(edges: &BTreeMap<String, BTreeMap<String, String>>) -> Option<Vec<String>> {
    let mut clear = BTreeSet::new();
    edges.keys().find_map(|start| visit(edges, start, &mut Vec::new(), &mut clear))
}

fn visit(
    edges: &BTreeMap<String, BTreeMap<String, String>>,
    node: &String,
    way: &mut Vec<String>,
    clear: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(at) = way.iter().position(|passed| passed == node) {
        return Some(way[at..].to_vec());
    }
    if clear.contains(node) {
        return None;
    }
    way.push(node.clone());
    let found = edges.get(node).into_iter().flat_map(BTreeMap::keys).find_map(|next| visit(edges, next, way, clear));
    way.pop();
    clear.insert(node.clone());
    found
}

#[test]
fn modules_import_only_downwards() {
    let graph = Graph { sources: sources() };
    let mut found = String::new();
    let mut folders = graph.folders();
    for (folder, from, to) in KNOWN {
        let edges = folders.get_mut(&vec![folder.to_owned()]).unwrap();
        assert!(circle(edges).is_some(), "src/{folder} has no circle any more: take {from} -> {to} off the list");
        edges.get_mut(from).unwrap().remove(to).expect("what is known is there");
    }
    for (folder, edges) in folders {
        let Some(way) = circle(&edges) else { continue };
        writeln!(found, "src/{} has a circle of imports, {} -> {}:", folder.join("/"), way.join(" -> "), way[0])
            .unwrap();
        for (at, node) in way.iter().enumerate() {
            let next = &way[(at + 1) % way.len()];
            writeln!(found, "  {}", edges[node][next]).unwrap();
        }
    }
    assert!(found.is_empty(), "{found}\nMove what both sides need into a file below both.");
}

#[test]
fn each_layer_knows_only_those_below() {
    let place =
        |layer: &String| LAYERS.iter().position(|known| known == layer).unwrap_or_else(|| panic!("{layer} is new"));
    let folders = Graph { sources: sources() }.folders();
    for (layer, imports) in &folders[&Module::new()] {
        for (other, why) in imports {
            assert!(place(other) < place(layer), "{why}, but {other} is above {layer}");
        }
    }
}

#[test]
fn no_two_types_have_one_name() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, code) in sources() {
        let mut words =
            code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
        while let Some(word) = words.next() {
            if matches!(word, "struct" | "enum" | "trait" | "union")
                && let Some(name) = words.next()
                && name.starts_with(char::is_uppercase)
            {
                places.entry(name.to_owned()).or_default().insert(module.join("/"));
            }
        }
    }
    assert!(places.len() > 100, "the types are found");
    places.retain(|_, places| places.len() > 1);
    assert!(places.is_empty(), "call each what it is: {places:#?}");
}
