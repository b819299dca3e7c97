//! What setters take for text of a format: text itself or, with a feature of this crate, the type of another crate that
//! stands for it.
//!
//! A field of a format is a `String`: a server may send what no type holds. To read one, parse it:
//! `answer.created_at.parse::<jiff::Timestamp>()`.
//!
//! | feature | types |
//! |---|---|
//! | `jiff` | `jiff::Timestamp`, `jiff::ZonedDateTime`, `jiff::civil::Date`, `jiff::Span`, `jiff::SignedDuration` |
//! | `chrono` | `chrono::DateTime`, `chrono::NaiveDate`, `chrono::TimeDelta` |
//! | `uuid` | `uuid::Uuid` |
//! | `rust_decimal` | `rust_decimal::Decimal` |

use std::borrow::Cow;

macro_rules! text {
    ($(#[doc = $doc:literal] $name:ident;)*) => {$(
        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text of a value.
            pub fn text(value: impl Into<Self>) -> String {
                value.into().0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(text.clone())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<Cow<'_, str>> for $name {
            fn from(text: Cow<'_, str>) -> Self {
                Self(text.into_owned())
            }
        }

        impl From<Box<str>> for $name {
            fn from(text: Box<str>) -> Self {
                Self(text.into_string())
            }
        }
    )*};
}

text! {
    /// A date and time of RFC 3339, such as `2026-11-20T08:30:00Z`.
    DateTime;
    /// A day, such as `2026-11-20`.
    Date;
    /// A duration of ISO 8601, such as `PT1H30M`. RFC 3339 has no fractions of a second in it.
    Duration;
    /// A UUID.
    Uuid;
    /// A decimal number as text, such as `-12.50`.
    Decimal;
}

/// Conversions from types whose text is right as it is shown.
#[allow(unused_macros, reason = "without features there are none")]
macro_rules! shown {
    ($($from:ty => $name:ident,)*) => {$(
        impl From<$from> for $name {
            fn from(value: $from) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}

#[cfg(feature = "jiff")]
shown! {
    jiff::Timestamp => DateTime,
    jiff::civil::Date => Date,
    jiff::Span => Duration,
    jiff::SignedDuration => Duration,
}

#[cfg(feature = "jiff")]
impl From<&jiff::ZonedDateTime> for DateTime {
    /// With the offset of the zone; its name is no part of RFC 3339.
    fn from(value: &jiff::ZonedDateTime) -> Self {
        Self(value.timestamp().display_with_offset(value.offset()).to_string())
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::ZonedDateTime> for DateTime {
    fn from(value: jiff::ZonedDateTime) -> Self {
        Self::from(&value)
    }
}

#[cfg(feature = "chrono")]
shown! {
    chrono::NaiveDate => Date,
    chrono::TimeDelta => Duration,
}

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> From<chrono::DateTime<Tz>> for DateTime {
    fn from(value: chrono::DateTime<Tz>) -> Self {
        Self(value.to_rfc3339())
    }
}

#[cfg(feature = "uuid")]
shown! { uuid::Uuid => Uuid, }

#[cfg(feature = "rust_decimal")]
shown! { rust_decimal::Decimal => Decimal, }

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    #[test]
    fn text_stays_as_it_is() {
        let owned = "P1D".to_owned();
        for made in [
            Duration::from("P1D"),
            Duration::from(&owned),
            Duration::from(owned.clone()),
            Duration::from(Cow::Borrowed("P1D")),
            Duration::from(owned.clone().into_boxed_str()),
        ] {
            assert_eq!(Duration::text(made), "P1D");
        }
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn times_of_jiff_have_their_formats() {
        use crate::check::{is_date, is_date_time, is_duration};

        let moment: jiff::Timestamp = "2026-11-20T08:30:00.5Z".parse().unwrap();
        assert_eq!(DateTime::text(moment), "2026-11-20T08:30:00.5Z");
        let zoned = moment.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(2)));
        let (text, day) = (DateTime::text(&zoned), Date::text(zoned.date()));
        assert_eq!((text.as_str(), day.as_str()), ("2026-11-20T10:30:00.5+02:00", "2026-11-20"));
        assert!(is_date_time(&text) && is_date(&day));
        let span = Duration::text(jiff::Span::new().days(2).hours(3));
        assert_eq!(span, "P2DT3H");
        assert!(is_duration(&span) && is_duration(&Duration::text(jiff::SignedDuration::from_hours(1))));
        assert_eq!(text.parse::<jiff::Timestamp>().unwrap(), moment);
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn times_of_chrono_have_their_formats() {
        use crate::check::{is_date, is_date_time, is_duration};

        let moment = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (text, day) = (DateTime::text(moment), Date::text(moment.date_naive()));
        assert_eq!((text.as_str(), day.as_str()), ("2027-01-15T08:00:00+00:00", "2027-01-15"));
        assert!(is_date_time(&text) && is_date(&day));
        assert!(is_duration(&Duration::text(chrono::TimeDelta::hours(1))));
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn a_uuid_is_written_with_hyphens() {
        let text = Uuid::text(uuid::Uuid::from_u128(0x018f_3c5e_7b1a_7c3d_9e2f_5a6b_7c8d_9e0f));
        assert_eq!(text, "018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f");
    }

    #[cfg(feature = "rust_decimal")]
    #[test]
    fn a_decimal_keeps_its_digits() {
        assert_eq!(Decimal::text(rust_decimal::Decimal::new(-1250, 2)), "-12.50");
    }
}
