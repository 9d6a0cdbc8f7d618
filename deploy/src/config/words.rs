//! The refusals of the reader of TOML, in words of the file: the reader speaks of fields and of types of this program.

use std::ops::Range;

use toml::de::Error;

use super::error::Refusal;
use crate::shown::shortened;

/// The example that has every key.
const EXAMPLE: &str = include_str!("../../config/devnet.toml");

/// The most characters of a file that a refusal repeats.
const LONGEST: usize = 60;

/// A text that is no TOML.
pub(super) fn syntax(error: &Error) -> Refusal {
    let said = shortened(&error.message().replace('\n', ", "), 4 * LONGEST);
    Refusal { span: error.span().unwrap_or_default(), reason: format!("this is not valid TOML: {said}") }
}

/// A section that has another shape. `whole` is where it is, and `text` the file.
pub(super) fn shape(error: &Error, section: &str, whole: Range<usize>, text: &str) -> Refusal {
    let span = error.span().unwrap_or_else(|| whole.clone());
    let message = error.message();
    // A list in a section has tables of its own.
    let is_section = span == whole;
    let reason = if let Some(key) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let place = if is_section { format!("[{section}]") } else { format!("this entry of [{section}]") };
        let line = example(section, key).map_or_else(|| format!("{key} = …"), |value| format!("{key} = {value}"));
        format!("{place} has no `{key}`: add it, for example `{line}`")
    } else if let Some(rest) = message.strip_prefix("unknown field `") {
        let (key, known) = rest.rsplit_once("`, expected ").unwrap_or((rest.trim_end_matches('`'), ""));
        let key = shortened(key, LONGEST);
        // The names stand between backticks.
        let known: Vec<String> = known.split('`').skip(1).step_by(2).map(|name| format!("`{name}`")).collect();
        format!("[{section}] has no key `{key}` here: correct it, or leave it out; the keys are {}", listed(&known))
    } else if let Some((_, expected)) = message.rsplit_once(", expected ") {
        let found = shortened(text.get(span.clone()).unwrap_or_default(), LONGEST);
        format!("{found} is not {}", kind(expected))
    } else {
        shortened(&message.replace('\n', ", "), 4 * LONGEST)
    };
    Refusal { span, reason }
}

/// A section that is missing.
pub(super) fn without(section: &str) -> String {
    let first = EXAMPLE.lines().skip_while(|line| *line != format!("[{section}]")).find(|line| line.contains(" = "));
    match first.and_then(|line| line.split(" = ").next()) {
        Some(key) => {
            let value = example(section, key).unwrap_or_else(|| "…".to_owned());
            format!(
                "there is no section [{section}]: add it with its keys, beginning with `{key} = {value}`; \
                 deploy/config/devnet.toml explains each"
            )
        }
        None => format!("there is no section [{section}]: add it with its keys"),
    }
}

/// Names in a sentence.
pub(super) fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}

/// What a value should be, and how to write it.
fn kind(expected: &str) -> String {
    match expected {
        "u64" => "a whole number: write digits without quotes, sign or decimals, as 120".to_owned(),
        "a string" => "a text: write it in quotes, as \"…\"".to_owned(),
        "a sequence" => "a list: write it in brackets, as [ … ]".to_owned(),
        "a map" => "a table: write it in braces, as { … }".to_owned(),
        _ if expected.starts_with("struct ") => "a table: write it in braces, as { address = \"0x…\" }".to_owned(),
        _ => format!("what belongs here: {expected}"),
    }
}

/// The value that the example gives a key. Nobody should copy an address.
fn example(section: &str, key: &str) -> Option<String> {
    // Sections and entries that are optional are comments there.
    let mut lines = EXAMPLE.lines().map(|line| line.trim_start_matches(['#', ' ']));
    lines.find(|line| line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) == Some(section))?;
    let lines = lines.take_while(|line| !(line.starts_with('[') && line.ends_with(']')));
    let value = lines.into_iter().find_map(|line| {
        let (before, value) = line.split_once(&format!("{key} = "))?;
        (before.is_empty() || before.ends_with(' ')).then_some(value)
    })?;
    Some(match value.chars().next()? {
        '"' if value.starts_with("\"0x") => "\"0x…\"".to_owned(),
        '"' => format!("\"{}\"", value.split('"').nth(1)?),
        '[' if value.starts_with("[]") => "[]".to_owned(),
        '[' => "[ … ]".to_owned(),
        _ => value.split([',', ' ', '}']).next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_those_of_the_file_and_no_address() {
        for (section, key, value) in [
            ("chain", "salt", Some("\"consilium devnet\"")),
            ("timelock", "min_delay", Some("120")),
            ("timelock", "executors", Some("[]")),
            ("token", "holders", Some("[ … ]")),
            ("token", "address", Some("\"0x…\"")),
            ("token", "amount", Some("\"200_000\"")),
            ("governor", "quorum_percent", Some("4")),
            ("council", "guardian", Some("\"0x…\"")),
            ("access", "address", Some("\"0x…\"")),
            ("timelock", "quorum_percent", None),
            ("granary", "level", None),
        ] {
            assert_eq!(example(section, key).as_deref(), value, "[{section}] {key}");
        }
        let said = "there is no section [council]: add it with its keys, beginning with `guardian = \"0x…\"`; \
                    deploy/config/devnet.toml explains each";
        assert_eq!(without("council"), said);
        assert_eq!(without("granary"), "there is no section [granary]: add it with its keys");
    }
}
