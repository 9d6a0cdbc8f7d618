//! Durations as Go reads them.

/// Whether a text is one, or what Go says of it.
pub(super) fn check(text: &str) -> Result<(), String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let invalid = || format!("time: invalid duration {text:?}");
    if unsigned == "0" {
        return Ok(());
    }
    if unsigned.is_empty() {
        return Err(invalid());
    }
    let mut rest = unsigned;
    while !rest.is_empty() {
        let number =
            rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
        let (digits, after) = rest.split_at(number);
        if !digits.bytes().any(|byte| byte.is_ascii_digit()) || digits.matches('.').count() > 1 {
            return Err(invalid());
        }
        let end = after.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(after.len());
        let unit = &after[..end];
        match unit {
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => {}
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        }
        rest = &after[end..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for text in ["0", "-0", "5s", "1.5h", ".5s", "1.s", "-1h2m3s4ms5us6ns", "1µs"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for (text, why) in [
            ("", "time: invalid duration \"\""),
            ("x", "time: invalid duration \"x\""),
            (".s", "time: invalid duration \".s\""),
            ("5", "time: missing unit in duration \"5\""),
            ("5x", "time: unknown unit \"x\" in duration \"5x\""),
        ] {
            assert_eq!(check(text), Err(why.to_owned()), "{text}");
        }
    }
}
