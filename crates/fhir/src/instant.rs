//! FHIR's dates and times as whole seconds since 1970, the clock of a chain.
//!
//! - A time is the instant that it names, in the zone that it names. FHIR requires a zone where there is a time.
//! - A date without a time begins at its first second in the zone that the caller gives, and ends with its last. So
//!   does a month, and a year.
//! - The start of a period is the first whole second in it. Its end is inclusive in FHIR: the end on chain is the first
//!   whole second after it.
//! - What begins before 1970 has begun: 0.

const DAY: i64 = 86_400;
/// The last second of the year 9999, the last that FHIR can write.
pub(crate) const LAST: u64 = 253_402_300_799;

/// The first whole second of a period that starts at a FHIR dateTime.
pub(crate) fn start(text: &str, zone: i64) -> Result<u64, &'static str> {
    let span = Span::read(text, zone)?;
    Ok(u64::try_from(span.first + i64::from(span.fraction)).unwrap_or(0))
}

/// The first whole second after a period that ends with a FHIR dateTime. `None` where that is before 1970.
pub(crate) fn end(text: &str, zone: i64) -> Result<Option<u64>, &'static str> {
    let span = Span::read(text, zone)?;
    Ok(u64::try_from(span.next).ok().filter(|end| *end != 0))
}

/// The seconds that a dateTime covers at its precision.
struct Span {
    first: i64,
    /// Whether it is later than the first second's beginning.
    fraction: bool,
    next: i64,
}

impl Span {
    fn read(text: &str, zone: i64) -> Result<Self, &'static str> {
        let bytes = text.as_bytes();
        let (date, time) = match bytes.iter().position(|byte| *byte == b'T') {
            Some(at) => (text.get(..at), text.get(at + 1..)),
            None => (Some(text), None),
        };
        let mut parts = date.ok_or(FORM)?.split('-');
        let year = digits(parts.next(), 4)?;
        let month = parts.next().map(|part| digits(Some(part), 2)).transpose()?;
        let day = parts.next().map(|part| digits(Some(part), 2)).transpose()?;
        if year == 0 || parts.next().is_some() {
            return Err(FORM);
        }
        if month.is_some_and(|month| !(1..=12).contains(&month)) {
            return Err("there is no such month");
        }
        if day.is_some_and(|day| !(1..=days_of(year, month.unwrap_or(1))).contains(&day)) {
            return Err("the month has no such day");
        }
        let first = days(year, month.unwrap_or(1), day.unwrap_or(1)) * DAY;
        if let Some(time) = time {
            let _ = day.ok_or(FORM)?;
            return clock(time, first);
        }
        let next = match (month, day) {
            (_, Some(_)) => first + DAY,
            (Some(12) | None, None) => days(year + 1, 1, 1) * DAY,
            (Some(month), None) => days(year, month + 1, 1) * DAY,
        };
        Ok(Self { first: first - zone * 60, fraction: false, next: next - zone * 60 })
    }
}

const FORM: &str = "it has not the form of a FHIR dateTime";

/// `hh:mm:ss.sss+zz:zz` of a day.
fn clock(time: &str, day: i64) -> Result<Span, &'static str> {
    let zone_at = time.find(['Z', '+', '-']).ok_or("a time needs a zone: Z, or an offset as +01:00")?;
    let (clock, zone) = time.split_at(zone_at);
    let (whole, fraction) = match clock.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(FORM),
        None => (clock, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FORM);
    }
    let mut parts = whole.split(':');
    let (hour, minute, second) = (digits(parts.next(), 2)?, digits(parts.next(), 2)?, digits(parts.next(), 2)?);
    // FHIR allows second 60 for a leap second. It is the next minute's first: a chain's clock has none.
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return Err("there is no such time of day");
    }
    let offset = match zone.split_at_checked(1) {
        Some(("Z", "")) => 0,
        Some((sign, rest)) if sign != "Z" => {
            let (hours, minutes) = rest.split_once(':').ok_or(FORM)?;
            let (hours, minutes) = (digits(Some(hours), 2)?, digits(Some(minutes), 2)?);
            if hours > 14 || minutes > 59 {
                return Err("there is no such zone");
            }
            (hours * 60 + minutes) * if sign == "-" { -1 } else { 1 }
        }
        _ => return Err(FORM),
    };
    let first = day + hour * 3600 + minute * 60 + second - offset * 60;
    Ok(Span { first, fraction: fraction.bytes().any(|byte| byte != b'0'), next: first + 1 })
}

fn digits(part: Option<&str>, length: usize) -> Result<i64, &'static str> {
    let part = part.filter(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
    part.and_then(|part| part.parse().ok()).ok_or(FORM)
}

fn days_of(year: i64, month: i64) -> i64 {
    let (year_after, month_after) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(year_after, month_after, 1) - days(year, month, 1)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar. A year begins with March here, so that the leap day is
/// the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// A second as a FHIR instant in UTC. The second is at most [`LAST`].
pub(crate) fn write(second: u64) -> String {
    let (day, rest) = ((second / 86_400).cast_signed(), second % 86_400);
    let (mut year, mut month) = (1970 + day / 366, 1);
    while days(year + 1, 1, 1) <= day {
        year += 1;
    }
    while month < 12 && days(year, month + 1, 1) <= day {
        month += 1;
    }
    let date = day - days(year, month, 1) + 1;
    format!("{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests;
