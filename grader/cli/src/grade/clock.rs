//! Dates and times, as people write them and as the gradebook keeps them: milliseconds since 1970, UTC.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Now. Only ever shown: no mark depends on what a clock says.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A file's time.
pub(crate) fn of(time: SystemTime) -> i64 {
    Timestamp::try_from(time).map_or(0, Timestamp::as_millisecond)
}

/// `2026-11-20T23:59:00+01:00`, or without an offset in this machine's time zone: `2026-11-20 23:59`.
pub(crate) fn parse(text: &str) -> Result<i64, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_millisecond());
    }
    let local = text
        .parse::<DateTime>()
        .ok()
        .and_then(|time| time.to_zoned(TimeZone::system()).ok());
    local
        .map(|time| time.timestamp().as_millisecond())
        .ok_or_else(|| {
            "write it as 2026-11-20T23:59:00+01:00, or as 2026-11-20T23:59 in this machine's time zone"
                .into()
        })
}

/// As people here write it: `2026-11-20 23:59`.
pub(crate) fn shown(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    let here = time.to_zoned(TimeZone::system());
    here.strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_with_an_offset_is_the_same_everywhere() {
        assert_eq!(parse("1970-01-01T01:00:01+01:00"), Ok(1000));
        assert_eq!(parse("1970-01-01T00:00:01Z"), Ok(1000));
    }

    #[test]
    fn one_without_is_meant_here() {
        let noon = parse("2026-11-20 12:00").expect("a time");
        assert_eq!(parse("2026-11-20T12:00"), Ok(noon));
        assert_eq!(shown(noon), "2026-11-20 12:00");
    }

    #[test]
    fn nonsense_is_told_how_to_write_it() {
        assert!(parse("tomorrow").is_err_and(|words| words.contains("2026-11-20T23:59")));
    }
}
