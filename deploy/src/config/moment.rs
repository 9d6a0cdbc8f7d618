//! Moments in the settings and in what is printed: seconds since 1970 for the chain, a date for people.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use toml::value::Offset;
use toml::{Spanned, Value};

use super::error::Refusal;
use super::rules::refuse;

/// The first second of the year 2100. A later end is most likely in milliseconds.
const MOST: u64 = 4_102_444_800;

/// The first second whose year has five digits.
const YEAR_10000: u64 = 253_402_300_800;

const DAY: u64 = 24 * 60 * 60;

/// A second since 1970. It prints as `2027-06-30T00:00:00Z`, and in seconds where the year has more than four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

/// In the record and in JSON: the number for programs, and the date for people; none for a year of more than four digits.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Moment", 2)?;
        fields.serialize_field("seconds", &self.0)?;
        fields.serialize_field("date", &(self.0 < YEAR_10000).then(|| self.to_string()))?;
        fields.end()
    }
}

/// Days since 1970 of a day of the Gregorian calendar.
const fn days(year: u64, month: u64, day: u64) -> u64 {
    // Years begin in March, so that the leap day is a year's last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    // Of March and the months after it, five have 153 days.
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= YEAR_10000 {
            // A grant can end later than any calendar, and a node can say anything.
            return f.pad(&format!("second {}", self.0));
        }
        let (today, second) = (self.0 / DAY, self.0 % DAY);
        // A year has at most 366 days, so this is the year or one before it.
        let mut year = 1970 + today / 366;
        while days(year + 1, 1, 1) <= today {
            year += 1;
        }
        let month = (1..=12).rev().find(|month| days(year, *month, 1) <= today).unwrap_or(1);
        let day = today - days(year, month, 1) + 1;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        f.pad(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
    }
}

/// Reads a moment: a date and a time with their offset, a date alone, which is the beginning of that day in UTC, or seconds
/// since 1970.
///
/// # Errors
/// A refusal at its place.
pub fn moment(value: &Spanned<Value>, what: &str) -> Result<Moment, Refusal> {
    let seconds = match value.get_ref() {
        Value::Integer(seconds) => u64::try_from(*seconds).ok(),
        Value::Datetime(written) => {
            let Some(date) = written.date else { return refuse(value, format!("{what} has no date")) };
            let (year, month, day) = (u64::from(date.year), u64::from(date.month), u64::from(date.day));
            let time = match (written.time, written.offset) {
                (None, _) => 0,
                (Some(_), None) => {
                    return refuse(value, format!("{what} has a time without an offset: end it with Z, which is UTC"));
                }
                (Some(time), Some(offset)) => {
                    if time.nanosecond.is_some_and(|part| part != 0) {
                        return refuse(value, format!("{what} has a fraction of a second: write whole seconds"));
                    }
                    let ahead = match offset {
                        Offset::Z => 0,
                        Offset::Custom { minutes } => i64::from(minutes),
                    };
                    let minutes = i64::from(time.hour) * 60 + i64::from(time.minute) - ahead;
                    minutes * 60 + i64::from(time.second.unwrap_or(0))
                }
            };
            let since = (year >= 1970).then(|| days(year, month, day) * DAY);
            since.and_then(|since| since.checked_add_signed(time))
        }
        _ => {
            let reason =
                format!("{what} is no date: write it as 2027-06-30T00:00:00Z without quotes, or as seconds since 1970");
            return refuse(value, reason);
        }
    };
    match seconds {
        None | Some(0) => refuse(value, format!("{what} is not after 1970")),
        Some(seconds) if seconds >= MOST && matches!(value.get_ref(), Value::Integer(_)) => refuse(
            value,
            format!("{what} is after the year 2099: write seconds since 1970 and not milliseconds, or a date"),
        ),
        Some(seconds) if seconds >= MOST => {
            refuse(value, format!("{what} is after the year 2099: write an earlier date, or leave it out for no end"))
        }
        Some(seconds) => Ok(Moment(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct File {
        until: Spanned<Value>,
    }

    fn read(text: &str) -> Result<u64, String> {
        let file: File = toml::from_str(&format!("until = {text}")).map_err(|error| error.message().to_owned())?;
        moment(&file.until, "the end").map(|moment| moment.0).map_err(|refusal| refusal.reason)
    }

    #[test]
    fn dates_and_seconds_are_read() {
        assert_eq!(read("1_800_000_000"), Ok(1_800_000_000));
        assert_eq!(read("2027-01-15T08:00:00Z"), Ok(1_800_000_000));
        assert_eq!(read("2027-01-15T09:30:00+01:30"), Ok(1_800_000_000));
        assert_eq!(read("2027-01-15 00:00:00-08:00"), Ok(1_800_000_000));
        assert_eq!(read("2024-02-29"), Ok(1_709_164_800));
        assert_eq!(read("2027-01-15T08:00:00.000Z"), Ok(1_800_000_000));
        assert_eq!(read("2099-12-31T23:59:59Z"), Ok(MOST - 1));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let no_date = "the end is no date: write it as 2027-06-30T00:00:00Z without quotes, or as seconds since 1970";
        for (text, reason) in [
            ("0", "the end is not after 1970"),
            ("-5", "the end is not after 1970"),
            ("1969-12-31T23:59:59Z", "the end is not after 1970"),
            (
                "1800000000000",
                "the end is after the year 2099: write seconds since 1970 and not milliseconds, or a date",
            ),
            ("2100-01-01", "the end is after the year 2099: write an earlier date, or leave it out for no end"),
            (
                "9999-12-31T23:59:59Z",
                "the end is after the year 2099: write an earlier date, or leave it out for no end",
            ),
            ("2027-01-15T08:00:00.5Z", "the end has a fraction of a second: write whole seconds"),
            ("2027-01-15T08:00:00.000000001+01:00", "the end has a fraction of a second: write whole seconds"),
            ("2027-01-15T08:00:00", "the end has a time without an offset: end it with Z, which is UTC"),
            ("08:00:00", "the end has no date"),
            ("\"2027-01-15\"", no_date),
            ("true", no_date),
        ] {
            assert_eq!(read(text), Err(reason.to_owned()), "{text}");
        }
        // The format refuses days that there are not.
        assert!(read("2027-02-29").is_err());
    }

    #[test]
    fn what_no_calendar_has_is_printed_in_seconds() {
        assert_eq!(Moment(YEAR_10000 - 1).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Moment(YEAR_10000).to_string(), "second 253402300800");
        assert_eq!(Moment(u64::MAX).to_string(), "second 18446744073709551615");
        assert_eq!(Moment(0).to_string(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn json_has_seconds_and_a_date() {
        let json = |second| serde_json::to_string(&Moment(second)).expect("JSON");
        assert_eq!(json(1_800_000_000), r#"{"seconds":1800000000,"date":"2027-01-15T08:00:00Z"}"#);
        assert_eq!(json(YEAR_10000), r#"{"seconds":253402300800,"date":null}"#);
    }

    proptest! {
        #[test]
        fn printing_is_the_inverse_of_reading(second in 1..MOST) {
            prop_assert_eq!(read(&Moment(second).to_string()), Ok(second));
        }
    }
}
