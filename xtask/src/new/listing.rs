//! The list of deploy's parts, with one more.

use eyre::{OptionExt, Result, ensure};
use suite::Name;

/// The text of `deploy/src/parts.rs` with a module and, at the end of the list, the part: what is created last may call all
/// others.
pub(super) fn with(text: &str, name: &Name) -> Result<String> {
    let module = format!("pub mod {};", name.snake());
    ensure!(!text.lines().any(|line| line == module), "there is a part {name} already");
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let last =
        lines.iter().rposition(|line| line.starts_with("pub mod ")).ok_or_eyre("no `pub mod` to add a part after")?;
    let first = lines[..last].iter().rposition(|line| !line.starts_with("pub mod ")).map_or(0, |before| before + 1);
    lines.insert(last + 1, module);
    lines[first..=last + 1].sort();
    let text = lines.join("\n") + "\n";

    let start = text.find("pub const ALL").ok_or_eyre("no list `ALL`")?;
    let end = start + text[start..].find("];").ok_or_eyre("the list `ALL` has no end")?;
    let (before, after) = text.split_at(end);
    let before = before.trim_end().trim_end_matches(',');
    Ok(format!("{before},\n    &{}::{},\n{after}", name.snake(), name.pascal()))
}

#[cfg(test)]
mod tests {
    use super::with;
    use suite::Name;

    const ONE_LINE: &str = "//! Parts.\n\npub mod a;\npub mod c;\n\npub const ALL: &[&dyn Part] = &[&a::A, &c::C];\n";
    const MORE: &str = "pub mod a;\n\npub const ALL: &[&dyn Part] = &[\n    &a::A,\n];\n";

    #[test]
    fn a_part_is_added_once() {
        let name = Name::new("b-b").unwrap();
        let added = with(ONE_LINE, &name).unwrap();
        assert!(added.contains("pub mod a;\npub mod b_b;\npub mod c;\n"), "{added}");
        assert!(added.contains("&[&a::A, &c::C,\n    &b_b::BB,\n];"), "{added}");
        assert!(with(MORE, &name).unwrap().ends_with("&[\n    &a::A,\n    &b_b::BB,\n];\n"));
        assert!(with(&added, &name).unwrap_err().to_string().contains("already"));
    }

    #[test]
    fn a_file_without_the_list_is_refused() {
        let name = Name::new("b").unwrap();
        assert!(with("", &name).is_err());
        assert!(with("pub mod a;\n", &name).unwrap_err().to_string().contains("ALL"));
    }
}
