//! Dates and seconds, as a person writes them.

use toml::value::Datetime;
use toml::{Spanned, Value};

use crate::config::moment::moment;

/// The first second that no time of the contract reaches.
const END: u64 = 1 << 40;

/// The units of `+30d`.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];

/// A second since 1970 from a date (`2027-06-30`, `2027-06-30T08:00:00Z`), a time from `now` (`+3600`, `+30d`), or
/// seconds since 1970. `what` names it in a refusal.
///
/// # Errors
/// If it is something else.
pub fn when(text: &str, what: &str, now: u64) -> Result<u64, String> {
    let no_time = || {
        format!(
            "{what} is not a time: write a date as 2027-06-30 or 2027-06-30T08:00:00Z, a time from now as +3600 \
             (seconds) or +30d, or seconds since 1970"
        )
    };
    if let Some(span) = text.strip_prefix('+') {
        let unit = UNITS.iter().find(|(letter, _)| span.ends_with(*letter));
        let digits = unit.map_or(span, |(letter, _)| span.strip_suffix(*letter).unwrap_or(span));
        let count = number(digits).ok_or_else(no_time)?;
        let seconds = count.checked_mul(unit.map_or(1, |(_, seconds)| *seconds));
        let at = seconds.and_then(|seconds| seconds.checked_add(now)).filter(|at| *at < END);
        return at.ok_or_else(|| format!("{what} is too far away: write a shorter time"));
    }
    let value = match number(text) {
        Some(0) => return Ok(0),
        Some(seconds) => Value::Integer(i64::try_from(seconds).unwrap_or(i64::MAX)),
        None => Value::Datetime(text.parse::<Datetime>().map_err(|_| no_time())?),
    };
    moment(&Spanned::new(0..0, value), what).map(|moment| moment.0).map_err(|refusal| refusal.reason)
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_seconds_and_spans_are_read() {
        for (text, second) in [
            ("+3600", 1_003_600),
            ("+90s", 1_000_090),
            ("+2m", 1_000_120),
            ("+1h", 1_003_600),
            ("+30d", 3_592_000),
            ("1800000000", 1_800_000_000),
            ("2027-01-15T08:00:00Z", 1_800_000_000),
            ("2024-02-29", 1_709_164_800),
            ("0", 0),
        ] {
            assert_eq!(when(text, "the end", 1_000_000), Ok(second), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_what_to_write() {
        for text in ["", "+", "+x", "+1w", "+-1", "tomorrow", "-5", "2027-13-01", "1e9", "+1dd", "99999999999999999999"]
        {
            let error = when(text, "the end", 0).expect_err(text);
            assert!(error.starts_with("the end is not a time: write a date as 2027-06-30"), "{text}: {error}");
        }
        assert!(when("+99999999999999999d", "the end", 0).expect_err("far").contains("too far away"));
        assert!(when("1800000000000", "the end", 0).expect_err("milliseconds").contains("2099"));
        assert!(when("2027-01-15T08:00:00", "the end", 0).expect_err("no offset").contains("offset"));
    }
}
