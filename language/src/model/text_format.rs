//! Formats of text that the type of a value names: dates, identifiers, addresses.
//!
//! Each is a format of JSON Schema under its own name, but for `decimal`, which OpenAPI's registry of formats has.

/// A format of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextFormat {
    /// `2026-11-20`, RFC 3339.
    Date,
    /// `08:30:00Z`, RFC 3339: with an offset.
    Time,
    /// `P1DT12H`, ISO 8601 as in RFC 3339.
    Duration,
    /// 32 hexadecimal digits with hyphens, RFC 9562.
    Uuid,
    /// `-12.50`: a decimal number as text, so that no digit is lost.
    Decimal,
    /// `ann@example.com`, RFC 5321.
    Email,
    /// An absolute URI of any scheme, RFC 3986.
    Uri,
    /// `api.example.com`, RFC 1123.
    Hostname,
    /// `192.0.2.1`.
    Ipv4,
    /// `2001:db8::1`, RFC 4291.
    Ipv6,
}

impl TextFormat {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Date,
        Self::Time,
        Self::Duration,
        Self::Uuid,
        Self::Decimal,
        Self::Email,
        Self::Uri,
        Self::Hostname,
        Self::Ipv4,
        Self::Ipv6,
    ];

    /// The word of the spec language, which is the `format` of JSON Schema.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Uuid => "uuid",
            Self::Decimal => "decimal",
            Self::Email => "email",
            Self::Uri => "uri",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        }
    }

    /// A noun with its article, for sentences.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Date => "a date such as `2026-01-31`",
            Self::Time => "an RFC 3339 time such as `12:00:00Z`",
            Self::Duration => "an ISO 8601 duration such as `PT1H30M`",
            Self::Uuid => "a UUID",
            Self::Decimal => "a decimal number as text",
            Self::Email => "an email address",
            Self::Uri => "an absolute URI",
            Self::Hostname => "a host name",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
        }
    }

    /// A text of the format.
    #[must_use]
    pub fn sample(self) -> &'static str {
        match self {
            Self::Date => "2026-01-31",
            Self::Time => "12:00:00Z",
            Self::Duration => "PT1H30M",
            Self::Uuid => "018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f",
            Self::Decimal => "12.50",
            Self::Email => "ann@example.com",
            Self::Uri => "https://example.com/",
            Self::Hostname => "example.com",
            Self::Ipv4 => "192.0.2.1",
            Self::Ipv6 => "2001:db8::1",
        }
    }

    /// A pattern whose texts all have the format. It leaves out rare forms.
    #[must_use]
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Date => r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
            Self::Time => {
                r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
            }
            Self::Duration => r"^P([0-9]+D|T[0-9]+H|T[0-9]+M|T[0-9]+S|[0-9]+W)$",
            Self::Uuid => r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            Self::Decimal => r"^-?[0-9]+(\.[0-9]+)?$",
            Self::Email => r"^[a-z0-9]{1,64}@[a-z]{1,63}(\.[a-z]{2,63}){1,2}$",
            Self::Uri => r"^https?://[a-z0-9]{1,32}\.[a-z]{2,10}/[a-z0-9]*$",
            Self::Hostname => r"^[a-z]{1,63}(\.[a-z]{1,63}){0,2}$",
            Self::Ipv4 => r"^(25[0-5]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|1[0-9][0-9]|[1-9]?[0-9])){3}$",
            Self::Ipv6 => r"^[1-9a-f][0-9a-f]{0,3}(:[1-9a-f][0-9a-f]{0,3}){7}$",
        }
    }
}
