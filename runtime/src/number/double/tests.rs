//! Doubles are read and written as serde_json and the standard library do it.

use proptest::prelude::*;

use super::{Decimal, push_json, push_plain};

fn read(text: &str) -> f64 {
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, fraction) = (whole.as_bytes(), fraction.as_bytes());
    Decimal { whole, fraction, power: power.parse().expect("a power") }.to_double()
}

fn reads_as_the_standard_library(text: &str) {
    let expected: f64 = text.parse().expect("a number");
    assert_eq!(read(text).to_bits(), expected.to_bits(), "{text}: {} instead of {expected}", read(text));
}

fn writes_as_others(value: f64) {
    let (mut json, mut plain) = (Vec::new(), Vec::new());
    push_json(&mut json, value);
    push_plain(&mut plain, value);
    let [json, plain] = [json, plain].map(|it| String::from_utf8(it).expect("text"));
    assert_eq!(json, serde_json::Number::from_f64(value).expect("not infinite").to_string());
    // Of two texts that are as near, the standard library takes the greater one, and serde_json the even one.
    assert_eq!((plain.len(), plain.parse()), (value.to_string().len(), Ok(value)), "{plain}");
}

/// The number halfway between a double and the next, exactly.
fn halfway(value: f64) -> String {
    let next = f64::from_bits(value.to_bits() + 1);
    let exact = |it: f64| format!("{it:.1100}");
    // The sum of both, digit by digit, and half of it.
    let (mut carry, mut digits) = (0, Vec::new());
    for (one, other) in exact(value).bytes().rev().zip(exact(next).bytes().rev()) {
        if one == b'.' {
            digits.push(b'.');
            continue;
        }
        let sum = one - b'0' + other - b'0' + carry;
        digits.push(sum % 10);
        carry = sum / 10;
    }
    let mut rest = u32::from(carry);
    let halves = digits.iter().rev().map(|digit| {
        if *digit == b'.' {
            return '.';
        }
        let all = rest * 10 + u32::from(*digit);
        rest = all % 2;
        char::from_digit(all / 2, 10).expect("a digit")
    });
    let text: String = halves.collect();
    text
}

#[test]
fn what_is_halfway_is_read_as_the_even_one() {
    for value in [1.0, 3.0, 1e22, 1e23, 0.1, 5e-324, 1e-310, f64::MIN_POSITIVE, 2.0_f64.powi(-44), 1.5e300] {
        let value: f64 = value;
        let next = f64::from_bits(value.to_bits() + 1);
        if value.floor().to_string().len() != next.floor().to_string().len() {
            continue;
        }
        let text = halfway(value);
        reads_as_the_standard_library(&text);
        reads_as_the_standard_library(&format!("{text}1"));
        reads_as_the_standard_library(&format!("{}4", text.trim_end_matches('0').trim_end_matches('5')));
    }
}

#[test]
fn numbers_at_the_limits_are_read() {
    for text in [
        "0",
        "0.0",
        "0e999999999",
        "1e-400",
        "1e400",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793e289",
        "9007199254740993",
        "9007199254740993.0000000000000001",
        "9007199254740995",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999",
        "1e23",
        "8.5e22",
        "0.000000000000000000000000000000000000000000001e45",
        "123456789012345678901234567890e-300",
        "1e-999999999999",
        "100000000000000000000000000000000000000000000000000000e-53",
        "6.02214076e23",
        "0.3",
    ] {
        reads_as_the_standard_library(text);
    }
    assert!(read(&format!("1e{}", i64::MAX)).is_infinite());
    assert_eq!(read(&format!("1e{}", i64::MIN)), 0.0);
}

#[test]
fn numbers_at_the_limits_are_written() {
    for power in -1074..1024 {
        let value = 2.0_f64.powi(power.max(-1022)) * 2.0_f64.powi((power + 1022).min(0));
        for bits in [value.to_bits(), value.to_bits() + 1, value.to_bits() - 1] {
            writes_as_others(f64::from_bits(bits));
        }
    }
    for value in [0.0, -0.0, 1e15, 1e16, 1e17, 1e-4, 1e-5, 1e-6, 1e22, 1e23, f64::MAX, 2_251_799_813_685_248.25, 0.3] {
        writes_as_others(value);
        writes_as_others(-value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_double_is_written_and_read(bits in 0..f64::INFINITY.to_bits()) {
        let value = f64::from_bits(bits);
        writes_as_others(value);
        reads_as_the_standard_library(&format!("{value:e}"));
    }

    #[test]
    fn common_numbers_are_written_and_read(whole in any::<u64>(), digits in 0_u32..20, power in -25_i32..5) {
        let text = format!("{}e{power}", whole % 10_u64.saturating_pow(digits).max(2));
        reads_as_the_standard_library(&text);
        writes_as_others(read(&text));
    }

    #[test]
    fn any_decimal_is_read(whole in "[0-9]{1,25}", fraction in "[0-9]{0,30}", power in -360_i32..330) {
        reads_as_the_standard_library(&format!("{whole}.{fraction}e{power}"));
    }

    /// Many digits of a double, or just more or less than halfway to the next.
    #[test]
    fn what_is_nearly_halfway_is_read(bits in 1..f64::MAX.to_bits(), digits in 17_usize..800, last in 0_u8..10) {
        let exact = format!("{:.*e}", digits, f64::from_bits(bits));
        let (number, power) = exact.split_once('e').expect("an exponent");
        reads_as_the_standard_library(&format!("{number}{last}e{power}"));
        let middle = (f64::from_bits(bits), f64::from_bits(bits + 1));
        if middle.1 < 1e15 && middle.0 > 1e-5 {
            let text = halfway(middle.0);
            let end = digits.min(text.len());
            reads_as_the_standard_library(&text);
            reads_as_the_standard_library(&text[..end]);
            reads_as_the_standard_library(&format!("{}{last}", &text[..end]));
        }
    }
}
