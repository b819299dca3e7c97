//! Macros that implement traits for the types of generated code.
//!
//! They only write implementations. Every type, field and parameter is declared in the generated file with its docs; the
//! code that follows from the list of its fields is written here, once.

mod request;

/// Implements [`Encode`](crate::Encode) and [`Decode`](crate::Decode), and serde's traits with the feature `serde`, for a
/// struct from the list of its fields.
///
/// ```text
/// record!(Image { url, is_safe = "isSafe", error: OrNull, ..extra });
/// ```
///
/// A field has the same name in JSON as in Rust, unless a name is given. With `..extra` the struct keeps unknown fields;
/// without it they are an error. `strict` is for types that only occur in requests: an optional field that is present but
/// cannot be read is an error. `tag "type"` is a field that belongs to the enclosing union.
/// `..extra as typed` is for fields that the spec does not list but gives a type, and `..extra as unlisted` is for a closed
/// record of a union of which only one member may accept a value.
#[macro_export]
macro_rules! record {
    (strict $name:ident $(tag $tag:literal)* {
        $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* ..$extra:ident as typed
    }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* } $extra typed);
        $crate::record!(@decode read_strict $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } $extra: object.strict_rest(&[$($tag,)* $($crate::wire_name!($field $($wire)?)),*])?);
    };
    ($name:ident $(tag $tag:literal)* {
        $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* ..$extra:ident as typed
    }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* } $extra typed);
        $crate::record!(@decode read $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } $extra: object.typed_rest(&[$($tag,)* $($crate::wire_name!($field $($wire)?)),*]));
    };
    ($name:ident $(tag $tag:literal)* {
        $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* ..$extra:ident as unlisted
    }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* } $extra unlisted);
        $crate::record!(@decode read $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } $extra: object.rest(&[$($tag,)* $($crate::wire_name!($field $($wire)?)),*]));
    };
    (strict $name:ident $(tag $tag:literal)* {
        $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* ..$extra:ident
    }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* } $extra);
        $crate::record!(@decode read_strict $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } $extra: object.rest(&[$($tag,)* $($crate::wire_name!($field $($wire)?)),*]));
    };
    (strict $name:ident $(tag $tag:literal)* { $($field:ident $(: $mode:ident)? $(= $wire:literal)?),* $(,)? }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* });
        $crate::record!(@decode read_strict $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } [$($tag,)* $($crate::wire_name!($field $($wire)?)),*]);
    };
    ($name:ident $(tag $tag:literal)* { $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* ..$extra:ident }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* } $extra);
        $crate::record!(@decode read $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } $extra: object.rest(&[$($tag,)* $($crate::wire_name!($field $($wire)?)),*]));
    };
    ($name:ident $(tag $tag:literal)* { $($field:ident $(: $mode:ident)? $(= $wire:literal)?),* $(,)? }) => {
        $crate::record!(@encode $name { $($field $(: $mode)? $(= $wire)?,)* });
        $crate::record!(@decode read $name, object {
            $($field $(: $mode)? $(= $wire)?,)*
        } [$($tag,)* $($crate::wire_name!($field $($wire)?)),*]);
    };
    (@encode $name:ident { $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)* } $($extra:ident $($typed:ident)?)?) => {
        #[allow(deprecated)]
        impl $crate::Encode for $name {
            #[inline]
            fn fields(&self, out: &mut $crate::JsonWriter) {
                $(
                    <_ as $crate::Field $(<$crate::$mode>)?>::write(
                        &self.$field,
                        $crate::wire_name!($field $($wire)?),
                        out,
                    );
                )*
                $($crate::record!(@extra out, &self.$extra $(, $typed)?);)?
                let _ = out;
            }
        }

        #[cfg(feature = "serde")]
        $crate::serde_via_json!($name);
    };
    (@extra $out:ident, $extra:expr) => {
        $out.extra($extra)
    };
    (@extra $out:ident, $extra:expr, unlisted) => {
        $out.unlisted_extra($extra)
    };
    (@extra $out:ident, $extra:expr, typed) => {
        $out.typed_extra($extra)
    };
    (@decode $read:ident $name:ident, $object:ident {
        $($field:ident $(: $mode:ident)? $(= $wire:literal)?,)*
    } $([$($only:expr),* $(,)?])? $($extra:ident: $rest:expr)?) => {
        #[allow(deprecated)]
        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                let $object = from.object()?;
                $($object.only(&[$($only),*])?;)?
                ::core::result::Result::Ok(Self {
                    $(
                        // Not `?`: the compiler would have traits to look for, for each field.
                        $field: match <_ as $crate::Field $(<$crate::$mode>)?>::$read(
                            &$object,
                            $crate::wire_name!($field $($wire)?),
                        ) {
                            ::core::result::Result::Ok(it) => it,
                            ::core::result::Result::Err(error) => return ::core::result::Result::Err(error),
                        },
                    )*
                    $($extra: $rest,)?
                })
            }
        }
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

/// Implements an enum of strings from the list of its values: `ALL`, `as_str`, and conversions to and from text and JSON.
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
        }

        $crate::open_enum!($name);

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

        $crate::closed_enum!($name);
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
