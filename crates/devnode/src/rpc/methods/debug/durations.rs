//! Durations as Go reads them.

use std::time::Duration;

/// The duration that a text names, or what Go says of it. One below zero counts as zero.
pub(super) fn read(text: &str) -> Result<Duration, String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let invalid = || format!("time: invalid duration {text:?}");
    if unsigned == "0" {
        return Ok(Duration::ZERO);
    }
    if unsigned.is_empty() {
        return Err(invalid());
    }
    let (mut rest, mut sum) = (unsigned, 0.0);
    while !rest.is_empty() {
        let number =
            rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
        let (digits, after) = rest.split_at(number);
        if !digits.bytes().any(|byte| byte.is_ascii_digit()) || digits.matches('.').count() > 1 {
            return Err(invalid());
        }
        let end = after.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(after.len());
        let unit = &after[..end];
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        sum += digits.parse::<f64>().map_err(|_| invalid())? * seconds;
        rest = &after[end..];
    }
    if sum > MOST {
        return Err(invalid());
    }
    Ok(if text.starts_with('-') { Duration::ZERO } else { Duration::from_secs_f64(sum) })
}

/// The longest duration that Go has, in seconds: so many nanoseconds fit 63 bits.
const MOST: f64 = i64::MAX as f64 / 1e9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, millis) in [
            ("0", 0),
            ("-0", 0),
            ("5s", 5_000),
            ("1.5h", 5_400_000),
            (".5s", 500),
            ("1.s", 1_000),
            ("1m2s3ms", 62_003),
            ("-1h2m3s4ms5us6ns", 0),
            ("1µs", 0),
        ] {
            assert_eq!(read(text).map(|time| time.as_millis()), Ok(millis), "{text}");
        }
        assert_eq!(read("1ns"), Ok(Duration::from_nanos(1)));
        for (text, why) in [
            ("", "time: invalid duration \"\""),
            ("x", "time: invalid duration \"x\""),
            (".s", "time: invalid duration \".s\""),
            ("5", "time: missing unit in duration \"5\""),
            ("3000000h", "time: invalid duration \"3000000h\""),
            ("5x", "time: unknown unit \"x\" in duration \"5x\""),
        ] {
            assert_eq!(read(text), Err(why.to_owned()), "{text}");
        }
    }
}
