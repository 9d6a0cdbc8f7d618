//! What this crate names is written nowhere else in the repository's Rust sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders that hold no sources of the repository.
const SKIPPED: [&str; 3] = ["target", "node_modules", ".git"];

/// The sources of a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if entry.file_type().expect("its type").is_dir() {
            if !SKIPPED.iter().any(|name| path.ends_with(name)) {
                files.extend(sources(&path));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split_once(end)).map(|(inner, _)| inner)
}

/// Each address and key of this crate as its digits, and how else a short address could be written.
fn words(own: &str) -> Vec<String> {
    let mut words = Vec::new();
    for digits in between(own, "address!(\"", "\"").chain(between(own, "b256!(\"", "\"")) {
        words.push(digits.trim_start_matches("0x").to_lowercase());
    }
    for low in between(own, "Address = short(0x", ")") {
        words.push(format!("{low:0>40}"));
        words.push(format!("address::with_last_byte(0x{low})"));
    }
    words
}

/// The numbers of this crate, in each spelling.
fn numbers(own: &str) -> Vec<String> {
    let values = between(own, "pub const ", ";").filter_map(|constant| constant.split_once(" = "));
    let long =
        values.filter(|(_, value)| value.len() > 5 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'));
    long.map(|(_, value)| value.to_owned()).collect()
}

/// How often a constant is written in a text; digits within longer ones are something else.
fn times(constant: &str, text: &str) -> usize {
    let longer = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let places = text.match_indices(constant).map(|(at, _)| (at, at + constant.len()));
    let bytes = text.as_bytes();
    places.filter(|(start, end)| !longer(bytes[..*start].last()) && !longer(bytes.get(*end))).count()
}

#[test]
fn each_constant_is_written_once() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.ancestors().nth(2).expect("crates/nitro is in the repository");
    let (ours, others): (Vec<_>, Vec<_>) = sources(root).into_iter().partition(|file| file.starts_with(own));
    let text = |file: &PathBuf| fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let own: String = ours.iter().filter(|file| !file.ends_with("tests/once.rs")).map(text).collect();
    let (words, numbers) = (words(&own), numbers(&own));
    assert_eq!((words.len(), numbers.len()), (50, 2), "{words:#?} {numbers:?}");

    for constant in words.iter().chain(&numbers) {
        assert!(times(constant, &own.to_lowercase()) <= 1, "{constant} is written twice in this crate");
    }
    let mut again = Vec::new();
    for file in others {
        let text = text(&file).to_lowercase();
        let found = words.iter().chain(&numbers).filter(|constant| times(constant, &text) > 0);
        again.extend(found.map(|constant| format!("{}: {constant}", file.display())));
    }
    assert!(again.is_empty(), "these are constants of crates/nitro, use them from there:\n{}", again.join("\n"));
}
