//! The messages that docs/operations.md quotes are messages of the program.

use std::fs;
use std::path::Path;

use eyre::Result;
use harness::root;

/// All source text of a folder, with string literals in one piece.
fn sources(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            text += &sources(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&path)?;
        }
    }
    // A backslash at the end of a line leaves out the line's end and the blanks that follow.
    let mut joined = String::new();
    let mut pieces = text.split("\\\n");
    joined += pieces.next().unwrap_or_default();
    pieces.for_each(|piece| joined += piece.trim_start());
    Ok(joined)
}

#[test]
fn quoted_messages_are_the_programs_own() -> Result<()> {
    let page = fs::read_to_string(root().join("docs/operations.md"))?;
    let (_, table) = page.split_once("## When something is refused").expect("the table of messages");
    let source = sources(&root().join("deploy/src"))?;
    let mut quoted = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let message = line.split('`').nth(1).expect("a message");
        // Letters alone stand for values, as the dots do.
        let words = message.replace(" A,", " …,").replace(" B", " …").replace(" X ", " … ").replace(" Y", " …");
        for piece in words.split('…').map(str::trim).filter(|piece| piece.len() > 3) {
            let piece = piece.trim_start_matches("NOT DONE ");
            assert!(source.contains(piece), "no message has \"{piece}\", which docs/operations.md quotes");
            quoted += 1;
        }
    }
    assert!(quoted > 25, "{quoted} pieces");
    Ok(())
}
