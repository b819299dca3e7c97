//! Macros that implement traits for the types of generated code.
//!
//! They only write implementations. Every type, field and parameter is declared in the generated file with its docs; the
//! code that follows from the list of its fields is written here, once.

mod request;

/// Implements [`Encode`](crate::Encode), [`Decode`](crate::Decode) and `Debug`, and serde's traits with the feature `serde`,
/// for a struct from the list of its fields.
///
/// ```text
/// record!(Image { "url": url, "isSafe": ?is_safe, "error": [error OrNull], ..extra });
/// ```
///
/// Each field has its name in JSON before it. `?` stands before an optional field, and brackets hold a field with what else
/// is to know of it, a parameter of [`Field`](crate::Field). With `..extra` the struct keeps unknown fields; without it they
/// are an error. `strict` is for types that only occur in requests: an optional field that is present but cannot be read is
/// an error. `tag "type"` is a field that belongs to the enclosing union.
/// `..extra as Unlisted` is for a closed record of a union of which only one member may accept a value.
///
/// The names are literals, and no macro is called for a field: the compiler would have three expansions for each.
#[macro_export]
macro_rules! record {
    (strict $name:ident $(tag $tag:literal)* { $(
        $wire:literal: $($field:ident)? $(? $optional:ident)? $([$other:ident $mode:ident])?
    ),* $(,)? $(..$extra:ident $(as $rest:ident)?)? }) => {
        $crate::record!(@encode $name { $($wire: $($field)? $(? $optional)? $([$other $mode])?,)* $(..$extra $(as $rest)?)? });
        #[allow(deprecated)]
        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                // Not `?`: the compiler would have traits to look for, here and for each field.
                let object = match from.object() {
                    Ok(it) => it,
                    Err(error) => return Err(error),
                };
                let known: &[&str] = &[$($tag,)* $($wire),*];
                $crate::record!(@only object, known $($extra)?);
                Ok(Self {
                    $(
                        $($field: match object.field($wire) {
                            Ok(it) => it,
                            Err(error) => return Err(error),
                        },)?
                        $($optional: match object.strict_optional($wire) {
                            Ok(it) => it,
                            Err(error) => return Err(error),
                        },)?
                        $($other: match <_ as $crate::Field<$crate::$mode>>::read_strict(&object, $wire) {
                            Ok(it) => it,
                            Err(error) => return Err(error),
                        },)?
                    )*
                    $($extra: match <_ as $crate::Rest$(<$crate::$rest>)?>::read_strict(&object, known) {
                        Ok(it) => it,
                        Err(error) => return Err(error),
                    },)?
                })
            }
        }
    };
    (@encode $name:ident { $(
        $wire:literal: $($field:ident)? $(? $optional:ident)? $([$other:ident $mode:ident])?,
    )* $(..$extra:ident $(as $rest:ident)?)? }) => {
        #[allow(deprecated)]
        impl $crate::Encode for $name {
            #[inline]
            fn fields(&self, out: &mut $crate::JsonWriter) {
                $(
                    $(out.field($wire, &self.$field);)?
                    $(out.optional($wire, &self.$optional);)?
                    $(<_ as $crate::Field<$crate::$mode>>::write(&self.$other, $wire, out);)?
                )*
                $(<_ as $crate::Rest$(<$crate::$rest>)?>::write(&self.$extra, out);)?
                let _ = out;
            }
        }

        $crate::debug_as_json!($name);
    };
    (@only $object:ident, $known:ident) => {
        $object.only($known)?;
    };
    (@only $object:ident, $known:ident $extra:ident) => {};
    ($name:ident $(tag $tag:literal)* { $(
        $wire:literal: $($field:ident)? $(? $optional:ident)? $([$other:ident $mode:ident])?
    ),* $(,)? $(..$extra:ident $(as $rest:ident)?)? }) => {
        $crate::record!(@encode $name { $($wire: $($field)? $(? $optional)? $([$other $mode])?,)* $(..$extra $(as $rest)?)? });
        #[allow(deprecated)]
        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                // Not `?`: the compiler would have traits to look for, here and for each field.
                let object = match from.object() {
                    Ok(it) => it,
                    Err(error) => return Err(error),
                };
                let known: &[&str] = &[$($tag,)* $($wire),*];
                $crate::record!(@only object, known $($extra)?);
                Ok(Self {
                    $(
                        $($field: match object.field($wire) {
                            Ok(it) => it,
                            Err(error) => return Err(error),
                        },)?
                        $($optional: object.lenient($wire),)?
                        $($other: match <_ as $crate::Field<$crate::$mode>>::read(&object, $wire) {
                            Ok(it) => it,
                            Err(error) => return Err(error),
                        },)?
                    )*
                    $($extra: <_ as $crate::Rest$(<$crate::$rest>)?>::read(&object, known),)?
                })
            }
        }
    };
}

/// Implements `Debug` for a type with [`Encode`](crate::Encode), and serde's traits with the feature `serde`.
#[macro_export]
macro_rules! debug_as_json {
    ($name:ident) => {
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug(::core::stringify!($name), self, f)
            }
        }

        #[cfg(feature = "serde")]
        $crate::serde_via_json!($name);
    };
}

/// The name of a field in JSON: its own, or the first that is given.
///
/// A literal: as the result of a function, the compiler would have a constant to check for each field.
#[doc(hidden)]
#[macro_export]
macro_rules! wire_name {
    ($field:ident) => {
        ::core::stringify!($field)
    };
    ($field:ident $name:literal $($other:literal)?) => {
        $name
    };
}

/// Adds the method that reads a record from the headers of a response, from the list of their names.
///
/// ```text
/// response_headers!(RepoHeaders { "etag" as "ETag": Text, "x-total-count" as "X-Total-Count": Json });
/// ```
#[macro_export]
macro_rules! response_headers {
    ($name:ty { $($lower:literal as $field:literal: $form:ident),* $(,)? }) => {
        impl $name {
            /// Reads them from the headers of a response: `read(response.headers())`.
            ///
            /// # Errors
            /// Fails if a header that is always sent is missing, or if one cannot be read.
            pub fn read(headers: &$crate::http::HeaderMap) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::reply::headers(headers, &[$(($lower, $field, $crate::reply::HeaderForm::$form)),*])
            }
        }
    };
}

/// Implements [`DecodeByStatus`](crate::DecodeByStatus) for the enum of an operation's answers, from the list of its
/// statuses.
///
/// ```text
/// by_status!(RenameAnswer { Ok = 200: crate::types::Repo, Accepted = 202: crate::types::Job, NoContent = 204 } else 200);
/// ```
///
/// `Ok = 200: T as "data"` is a value under that key, `Ok = 200 => text` is text, and `Ok = 200 => bytes` is bytes. A status
/// that is not listed is read as the one after `else`.
#[macro_export]
macro_rules! by_status {
    ($name:ident {
        $($variant:ident = $status:literal $(: $ty:ty)? $(as $key:literal)? $(=> $kind:ident)?),* $(,)?
    } else $other:literal) => {
        impl $crate::DecodeByStatus for $name {
            fn has_body(status: u16) -> bool {
                match status {
                    $($status => $crate::by_status!(@has_body $($ty)? $(=> $kind)?),)*
                    _ => true,
                }
            }

            fn decode(
                status: u16,
                body: &$crate::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                match status {
                    $($status => $crate::by_status!(@decode $variant, body $(, $ty)? $(as $key)? $(=> $kind)?),)*
                    _ => Self::decode($other, body),
                }
            }

            fn raw_body(status: u16) -> $crate::reply::RawBody<Self> {
                match status {
                    $($status => $crate::by_status!(@raw $variant $(=> $kind)?),)*
                    _ => $crate::reply::RawBody::Json,
                }
            }
        }
    };
    (@has_body => $kind:ident) => { true };
    (@has_body) => { false };
    (@has_body $ty:ty) => { true };
    (@raw $variant:ident) => { $crate::reply::RawBody::Json };
    (@raw $variant:ident => text) => { $crate::reply::RawBody::Text };
    (@raw $variant:ident => bytes) => { $crate::reply::RawBody::Bytes(Self::$variant) };
    (@decode $variant:ident, $body:ident => text) => {
        <::std::string::String as $crate::Decode>::decode($body).map(Self::$variant)
    };
    (@decode $variant:ident, $body:ident => bytes) => {
        ::core::result::Result::Err($body.expected("bytes"))
    };
    (@decode $variant:ident, $body:ident, $ty:ty as $key:literal) => {
        $body.object()?.required($key, <$ty as $crate::Decode>::decode).map(Self::$variant)
    };
    (@decode $variant:ident, $body:ident) => {{
        let _ = $body;
        ::core::result::Result::Ok(Self::$variant)
    }};
    (@decode $variant:ident, $body:ident, $ty:ty) => {
        <$ty as $crate::Decode>::decode($body).map(Self::$variant)
    };
}

/// Implements an enum of strings from the list of its values: `ALL`, `as_str`, `Debug`, and conversions to and from text and
/// JSON. Of an enum without other values also what is otherwise derived: the compiler needs half the time for it.
///
/// ```text
/// string_enum!(Shape { Square = "square", Wide = "16:9" });
/// ```
///
/// `open` is for an enum that may have other values, in a variant `Other(String)`. `of Shape` is for an enum with some of
/// the values of another enum: it can be converted into that one.
#[macro_export]
macro_rules! string_enum {
    (open $name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $name {
            /// All values that the API's documentation names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text that is sent.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value,
                }
            }

            /// Whether it is one of the values that the API's documentation lists.
            #[must_use]
            #[inline]
            pub fn is_known(&self) -> bool {
                $crate::is_known(self.as_str(), Self::ALL, Self::as_str)
            }
        }

        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::known_or_other(text, Self::ALL, Self::as_str, Self::Other)
            }
        }

        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::read_known_or_other(from, Self::ALL, Self::as_str, Self::Other)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            // Not `Self::Err`, which may be one of the values.
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(text))
            }
        }

        $crate::string_enum!(@both $name);

        #[cfg(feature = "serde")]
        $crate::serde_via_json!($name);
    };
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        $crate::string_enum!(@closed $name { $($variant = $value),* });

        #[cfg(feature = "serde")]
        $crate::serde_via_json!($name);
    };
    ($name:ident of $whole:ty { $($variant:ident = $value:literal),* $(,)? }) => {
        $crate::string_enum!(@closed $name { $($variant = $value),* });

        impl ::core::convert::From<$name> for $whole {
            #[inline]
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => Self::$variant,)*
                }
            }
        }
    };
    (@closed $name:ident { $($variant:ident = $value:literal),* }) => {
        impl ::core::marker::Copy for $name {}

        impl ::core::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                *self as usize == *other as usize
            }
        }

        impl ::core::hash::Hash for $name {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                state.write_usize(*self as usize);
            }
        }

        impl $name {
            /// All values that the API's documentation names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text that is sent.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::UnknownValue;

            // Not `Self::Err`, which may be one of the values.
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::UnknownValue> {
                $crate::known(text, Self::ALL, Self::as_str)
            }
        }

        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::read_known(from, Self::ALL, Self::as_str)
            }
        }

        $crate::string_enum!(@both $name);
    };
    (@both $name:ident) => {
        impl ::core::cmp::Eq for $name {}

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_text(self.as_str(), f)
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::show_name(self.as_str(), f)
            }
        }

        impl $crate::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::JsonWriter) {
                out.string(self.as_str());
            }
        }
    };
}

/// Declares the parameters that must be set before a request can be sent: a trait per parameter, and the compiler's
/// message if it is not set.
///
/// ```text
/// requirements!({ Prompt = "required parameter `prompt` is not set" => "call `.prompt(…)` before this" });
/// ```
#[macro_export]
macro_rules! requirements {
    ({ $($need:ident = $message:tt => $label:tt),* $(,)? }) => {
        /// The parameters that must be set before a request can be sent.
        #[doc(hidden)]
        #[allow(clippy::module_inception)]
        pub mod need {
            $(
                #[diagnostic::on_unimplemented(message = $message, label = $label)]
                pub trait $need {}

                // The compiler would show this implementation, including the macro, beside the message.
                #[diagnostic::do_not_recommend]
                impl $need for $crate::Set {}
            )*
        }
    };
}
