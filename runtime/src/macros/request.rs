//! What a request is in generated code: its parameters by their places, and what reads its response.

/// Implements [`Request`](crate::Request) and `Default`, and [`Decode`](crate::Decode) with the feature `serde`, for a struct
/// from the list of its parameters and their places. Each field is an `Option`.
///
/// ```text
/// request!(SpeakRequest => rt::Response<Speech> {
///     OPERATION, json(),
///     path "/v1/voices/" { voice_id } "/speech",
///     query { format },
///     headers { request_id = "X-Request-Id" as "x-request-id" },
///     body { "text": text, "isDraft": is_draft },
/// });
/// ```
///
/// In brackets, a parameter of the path, the query or the headers has a style in which its lists and objects are written:
/// `query { page, [ids in rt::Style::JSON] }`. Cookies always have one: `cookies { sid in rt::Style::PLAIN }`. `{ *path }`
/// in a path keeps the slashes of its value, and `* meta = "x-meta-*" as "x-meta-"` is a map whose entries are headers. A
/// form is `fields { text in STYLE }` in place of `body`, and a body that is one value is `whole { body as whole_body }`,
/// with the method of [`RequestParts`](crate::RequestParts) that writes it. `or { fields { … } for "TYPE" }` is another way
/// to write the body, if the header `Content-Type` says so. `as "name"` is another name by which a parameter is sent, and
/// `by json_part "application/json"` or `by styled_part STYLE` the method of [`Multipart`](crate::Multipart) that adds a
/// part. `form as related { … }` has parts without names. A parameter of `body` has the name by which it is sent before it,
/// and `= "name"` is its own then.
///
/// The first line names the operation's static and the function of [`reply`](crate::reply) that reads the response. The
/// struct implements [`Rules`](crate::Rules) itself. `keys by put_extra` adds credentials to the body. Values
/// that serde reads must be valid, and an undocumented parameter is an error, unless `open` precedes the name.
#[macro_export]
macro_rules! request {
    (open $name:ident => $reply:ty { $($rest:tt)* }) => {
        $crate::request!(@implement [] $name => $reply { $($rest)* });
    };
    ($name:ident => $reply:ty { $($rest:tt)* }) => {
        $crate::request!(@implement [only] $name => $reply { $($rest)* });
    };
    (@implement [$($only:ident)?] $name:ident => $reply:ty {
        $operation:ident, $read:ident($($argument:tt)?), $(keys by $put:ident,)?
        path $path:literal $(
            $({ $path_field:ident $(= $path_wire:literal)? $(,)? })?
            $({ * $segments:ident $(= $segments_wire:literal)? $(,)? })?
            $([ $path_styled:ident $(= $path_styled_wire:literal)? in $path_style:expr $(,)? ])?
            $after:literal
        )*
        $(, query { $(
            $($query:ident $(= $query_wire:literal)? $(as $query_sent:literal)?)?
            $([ $styled:ident $(= $styled_wire:literal)? $(as $styled_sent:literal)? in $style:expr ])?
        ),* })?
        $(, headers { $(
            $($header:ident = $header_wire:literal as $header_lower:literal)?
            $(* $entries:ident = $entries_wire:literal as $entries_start:literal)?
            $([ $header_styled:ident = $header_styled_wire:literal as $header_styled_lower:literal in $header_style:expr ])?
        ),* })?
        $(, cookies { $(
            $cookie:ident $(= $cookie_wire:literal)? $(as $cookie_sent:literal)? in $cookie_style:expr
        ),* $(,)? })?
        $(, form $(as $kind_of_form:ident)? { $(
            $form:ident $(= $form_wire:literal)? $(as $form_sent:literal)? $(by $part:ident $kind:expr)?
        ),* $(,)? })?
        $(, fields { $($field:ident $(= $field_wire:literal)? $(as $field_sent:literal)? in $field_style:expr),* $(,)? })?
        $(, body { $($body_sent:literal: $body:ident $(= $body_wire:literal)?),* $(,)? })?
        $(, whole { $whole:ident $(= $whole_wire:literal)? as $write:ident })?
        $(, or { $($other:tt)* })*
        $(,)?
    }) => {
        #[allow(deprecated)]
        impl $crate::Request for $name {
            type Reply = $reply;

            #[inline]
            fn operation(&self) -> &'static $crate::Operation {
                &$operation
            }

            #[inline]
            fn write(&self, out: &mut $crate::RequestParts) {
                $(out.takes_keys($crate::$put);)?
                out.path($path);
                $(
                    $(out.path_parameter(&self.$path_field);)?
                    $(out.path_segments(&self.$segments);)?
                    $(out.styled_path(&self.$path_styled, $path_style);)?
                    out.path($after);
                )*
                $($(
                    $(out.query_parameter(
                        $crate::wire_name!($query $($query_sent)? $($query_wire)?),
                        &self.$query,
                    );)?
                    $(out.styled_query(
                        $crate::wire_name!($styled $($styled_sent)? $($styled_wire)?),
                        &self.$styled,
                        $style,
                    );)?
                )*)?
                $($(
                    $(out.header_parameter($header_lower, &self.$header);)?
                    $(out.headers_of_entries($entries_start, &self.$entries);)?
                    $(out.styled_header($header_styled_lower, &self.$header_styled, $header_style);)?
                )*)?
                $($(out.styled_cookie(
                    $crate::wire_name!($cookie $($cookie_sent)? $($cookie_wire)?),
                    &self.$cookie,
                    $cookie_style,
                );)*)?
                $($crate::request!(@or self, out, $($other)*);)*
                $(
                    let out = $crate::request!(@multipart out $(, $kind_of_form)?);
                    $($crate::request!(@part
                        out,
                        &self.$form,
                        $crate::wire_name!($form $($form_sent)? $($form_wire)?)
                        $(, $part $kind)?
                    );)*
                )?
                $(
                    let out = out.form();
                    $(out.styled_form(
                        $crate::wire_name!($field $($field_sent)? $($field_wire)?),
                        &self.$field,
                        $field_style,
                    );)*
                    let _ = out;
                )?
                $(
                    let out = out.body();
                    out.begin_object();
                    $(out.optional($body_sent, &self.$body);)*
                    out.end_object();
                )?
                $(out.$write(&self.$whole);)?
            }

            #[inline]
            fn reply(raw: $crate::RawResponse, client: &$crate::Client) -> $crate::Result<Self::Reply> {
                $crate::request!(@reply raw, client, $read $($argument)?)
            }
        }

        #[allow(deprecated)]
        impl ::core::default::Default for $name {
            #[inline]
            fn default() -> Self {
                Self {
                    $($($path_field: None,)? $($segments: None,)? $($path_styled: None,)?)*
                    $($($($query: None,)? $($styled: None,)?)*)?
                    $($($($header: None,)? $($entries: None,)? $($header_styled: None,)?)*)?
                    $($($cookie: None,)*)?
                    $($($form: None,)*)?
                    $($($field: None,)*)?
                    $($($body: None,)*)?
                    $($whole: None,)?
                }
            }
        }

        #[cfg(feature = "serde")]
        $crate::request_from_json!($name [$($only)?] {
            $(
                $($path_field $(= $path_wire)?,)?
                $($segments $(= $segments_wire)?,)?
                $($path_styled $(= $path_styled_wire)?,)?
            )*
            $($($($query $(= $query_wire)?,)? $($styled $(= $styled_wire)?,)?)*)?
            $($($($header = $header_wire,)? $($entries = $entries_wire,)? $($header_styled = $header_styled_wire,)?)*)?
            $($($cookie $(= $cookie_wire)?,)*)?
            $($($form $(= $form_wire)?,)*)?
            $($($field $(= $field_wire)?,)*)?
            $($($body $(= $body_wire)? = $body_sent,)*)?
            $($whole $(= $whole_wire)?,)?
        });
    };
    (@or $request:ident, $out:ident, form $(as $kind_of_form:ident)? { $(
        $form:ident $(= $form_wire:literal)? $(as $form_sent:literal)? $(by $part:ident $kind:expr)?
    ),* $(,)? } for $chosen:literal $(,)?) => {
        if $out.is_chosen($chosen) {
            let out = $crate::request!(@multipart $out $(, $kind_of_form)?);
            $($crate::request!(@part
                out,
                &$request.$form,
                $crate::wire_name!($form $($form_sent)? $($form_wire)?)
                $(, $part $kind)?
            );)*
            return;
        }
    };
    (@or $request:ident, $out:ident, fields { $(
        $field:ident $(= $field_wire:literal)? $(as $field_sent:literal)? in $field_style:expr
    ),* $(,)? } for $chosen:literal $(,)?) => {
        if $out.is_chosen($chosen) {
            let out = $out.form();
            $(out.styled_form(
                $crate::wire_name!($field $($field_sent)? $($field_wire)?),
                &$request.$field,
                $field_style,
            );)*
            return;
        }
    };
    (@or $request:ident, $out:ident, body {
        $($body_sent:literal: $body:ident $(= $body_wire:literal)?),* $(,)?
    } for $chosen:literal $(,)?) => {
        if $out.is_chosen($chosen) {
            let out = $out.body();
            out.begin_object();
            $(out.optional($body_sent, &$request.$body);)*
            out.end_object();
            return;
        }
    };
    (@or $request:ident, $out:ident, whole {
        $whole:ident $(= $whole_wire:literal)? as $write:ident
    } for $chosen:literal $(,)?) => {
        if $out.is_chosen($chosen) {
            $out.$write(&$request.$whole);
            return;
        }
    };
    (@multipart $out:ident) => {
        $out.multipart()
    };
    (@multipart $out:ident, $method:ident) => {
        $out.$method()
    };
    (@part $out:ident, $value:expr, $name:expr) => {
        $crate::Parameter::add_to($value, $name, $out)
    };
    (@part $out:ident, $value:expr, $name:expr, $method:ident $kind:expr) => {
        $out.$method($name, $value, $kind)
    };
    (@reply $raw:ident, $client:ident, download) => {
        $crate::reply::download($raw, $client)
    };
    (@reply $raw:ident, $client:ident, task $task:ident) => {
        $crate::reply::task($raw, $client, &$task)
    };
    (@reply $raw:ident, $client:ident, optional [$($none:literal),*]) => {{
        let _ = $client;
        $crate::reply::optional($raw, &[$($none),*])
    }};
    (@reply $raw:ident, $client:ident, $read:ident $($argument:literal)?) => {{
        let _ = $client;
        $crate::reply::$read($raw $(, $argument)?)
    }};
}

/// Implements [`Decode`](crate::Decode) for a request. It stands apart, so that the compiler does not read it without the
/// feature `serde`.
#[doc(hidden)]
#[macro_export]
macro_rules! request_from_json {
    ($name:ident [$($only:ident)?] { $($field:ident $(= $wire:literal)*,)* }) => {
        #[allow(deprecated)]
        impl $crate::Decode for $name {
            #[inline]
            fn decode(from: &$crate::Reader<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                let object = from.object()?;
                let names: &[&str] = &[$($crate::wire_name!($field $($wire)*)),*];
                $(object.$only(names)?;)?
                let _ = (&object, names);
                Ok(Self { $($field: object.strict_optional($crate::wire_name!($field $($wire)*))?,)* })
            }
        }
    };
}

/// Implements `Debug` for a request: the operation, and what is sent.
#[macro_export]
macro_rules! debug_request {
    ($name:ident) => {
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_request(::core::stringify!($name), self, f)
            }
        }
    };
}
