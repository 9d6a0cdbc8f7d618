use proptest::prelude::*;

use super::{LAST, end, start, write};

#[test]
fn partial_dates_cover_their_whole_span() {
    assert_eq!(start("2015", 0), Ok(1_420_070_400));
    assert_eq!(end("2015", 0), Ok(Some(1_451_606_400)));
    assert_eq!(start("2016-02", 0), Ok(1_454_284_800));
    assert_eq!(end("2016-02", 0), Ok(Some(1_456_790_400)), "a leap year's February has 29 days");
    assert_eq!(end("2015-12", 0), Ok(Some(1_451_606_400)));
    assert_eq!(start("2016-10-10", 0), Ok(1_476_057_600));
    assert_eq!(end("2016-10-10", 0), Ok(Some(1_476_144_000)), "the last day counts");
}

#[test]
fn zones_move_dates_and_times() {
    assert_eq!(start("2016-10-10", 120), Ok(1_476_057_600 - 7_200), "Amsterdam's day begins two hours before UTC's");
    assert_eq!(start("2016-06-23T17:02:33+10:00", 0), Ok(1_466_665_353));
    assert_eq!(start("2016-06-23T17:02:33+10:00", 120), Ok(1_466_665_353), "a time has its own zone");
    assert_eq!(start("2016-05-26T00:41:10-04:00", 0), Ok(1_464_237_670));
    assert_eq!(end("2016-06-23T17:32:33+10:00", 0), Ok(Some(1_466_667_154)), "the second that is named still counts");
}

#[test]
fn fractions_keep_whole_seconds_exact() {
    assert_eq!(start("1970-01-01T00:00:05.5Z", 0), Ok(6), "5 is before the start");
    assert_eq!(start("1970-01-01T00:00:05.000Z", 0), Ok(5));
    assert_eq!(end("1970-01-01T00:00:05.5Z", 0), Ok(Some(6)), "5 is before the end, 6 is not");
    assert_eq!(start("2016-12-31T23:59:60Z", 0), Ok(1_483_228_800), "a leap second is the next minute's first");
}

#[test]
fn times_before_1970() {
    assert_eq!(start("1964-01-01", 0), Ok(0));
    assert_eq!(end("1964-01-01", 0), Ok(None));
    assert_eq!(end("1969-12-31T23:59:59Z", 0), Ok(None), "0 would mean that it has no end");
    assert_eq!(end("1970-01-01T00:00:00Z", 0), Ok(Some(1)));
}

#[test]
fn what_is_no_date_is_refused() {
    let wrong = [
        "",
        "15",
        "2015-1",
        "2015-13",
        "2015-02-29",
        "2015-02-30",
        "2015-00-01",
        "0000",
        "2015-01-01T",
        "2015T00:00:00Z",
        "2015-01-01T00:00:00",
        "2015-01-01T24:00:00Z",
        "2015-01-01T00:60:00Z",
        "2015-01-01T00:00:61Z",
        "2015-01-01T00:00Z",
        "2015-01-01T00:00:00.Z",
        "2015-01-01T00:00:00+1:00",
        "2015-01-01T00:00:00+15:00",
        "2015-01-01T00:00:00Zx",
        "2015-01-01T00:00:00z",
        " 2015",
        "+015",
        "2015-01-01-01",
        "2015-01-01T00:00:00.5é",
        "２０１５",
    ];
    for text in wrong {
        assert!(start(text, 0).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(second in 1..=LAST) {
        prop_assert_eq!(start(&write(second), 0), Ok(second));
        prop_assert_eq!(end(&write(second), 0), Ok(Some(second + 1)));
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*") {
        let _ = start(&text, 0);
        let _ = end(&text, -720);
    }

    #[test]
    fn a_day_has_its_seconds(second in 86_400..=LAST, zone in -14 * 60i64..=14 * 60) {
        let text = write(second);
        let day = text.split('T').next().unwrap();
        let first = start(day, zone).unwrap();
        prop_assert_eq!(end(day, zone).unwrap().unwrap() - first, if first == 0 { unreachable!() } else { 86_400 });
    }
}
