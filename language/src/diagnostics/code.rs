//! [`Code`], put together from the tables of the areas. Nothing here changes when an area gains a code.

/// Makes the enum and its look-ups from all rows.
macro_rules! define_codes {
    ($($variant:ident, $id:literal, $title:literal;)*) => {
        /// The kind of a diagnostic: a closed list, stable across versions, each with a page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = concat!("`", $id, "`: ", $title, ".")]
                $variant,
            )*
        }

        impl Code {
            /// The code as users see it: `SW0101`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// A few words that name the fault: "duplicate key".
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)*
                }
            }

            /// The page that explains it, in Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("pages/", $id, ".md")),)*
                }
            }

            /// All codes, by number.
            #[must_use]
            pub fn all() -> &'static [Self] {
                &[$(Self::$variant,)*]
            }
        }
    };
}

// Each area's macro hands the rows so far, and its own, to the next one.
macro_rules! then_decode {
    ($($rows:tt)*) => { decode_codes! { then_names! $($rows)* } };
}
macro_rules! then_names {
    ($($rows:tt)*) => { names_codes! { then_types! $($rows)* } };
}
macro_rules! then_types {
    ($($rows:tt)*) => { types_codes! { then_rules! $($rows)* } };
}
macro_rules! then_rules {
    ($($rows:tt)*) => { rules_codes! { then_examples! $($rows)* } };
}
macro_rules! then_examples {
    ($($rows:tt)*) => { examples_codes! { then_emission! $($rows)* } };
}
macro_rules! then_emission {
    ($($rows:tt)*) => { emission_codes! { then_rust_names! $($rows)* } };
}
macro_rules! then_rust_names {
    ($($rows:tt)*) => { rust_names_codes! { define_codes! $($rows)* } };
}
yaml_codes! { then_decode! }

impl Code {
    /// The code of a text like `SW0101` or `sw0101`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().iter().copied().find(|it| it.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
