//! What generated code can expect of this runtime.

/// Counts the additions to the runtime that generated code depends on. A generated crate says which level it needs.
#[doc(hidden)]
pub const LEVEL: u32 = 1;

/// Stops the compilation of a generated crate that needs a newer runtime than this one.
///
/// Generated crates call it. The message says what to do:
///
/// ```compile_fail
/// specwright_runtime::requires!(4_000_000_000);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! requires {
    ($level:literal) => {
        const _: () = ::core::assert!(
            $crate::LEVEL >= $level,
            "this crate was generated for a newer `specwright-runtime`: run `cargo update -p specwright-runtime`, \
             or ask for a newer version of it in `Cargo.toml`"
        );
    };
}
