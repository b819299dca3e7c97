//! Nanoseconds that checking and writing a request takes: a body of twelve parameters, two of them URLs.
//!
//! ```text
//! cargo bench -p specwright-tests --bench requests
//! ```
//! Each line is the best of many rounds, so that other work on the machine counts little.

use std::hint::black_box;
use std::time::{Duration, Instant};

use runapi::qwen_2::remix_image::RemixImageRequest;
use runapi::qwen_2::{Acceleration, OutputFormat, RemixImageModel};
use specwright_runtime::{Request, RequestParts, ValidationError, Violations};

fn main() {
    let valid = request();
    let mut broken = request();
    broken.strength = Some(2.0);
    broken.num_inference_steps = Some(1);
    broken.guidance_scale = Some(21.0);
    assert_eq!((found(&valid).as_slice().len(), found(&broken).as_slice().len()), (0, 3));
    println!("valid, checked: {:.1} ns", best(|| found(black_box(&valid)).is_empty()));
    println!("three violations, as data: {:.1} ns", best(|| found(black_box(&broken))));
    println!("three violations, as text: {:.1} ns", best(|| text(found(black_box(&broken)))));
    println!("built, checked and written: {:.1} ns", best(sent));
}

fn request() -> RemixImageRequest {
    let mut request = RemixImageRequest::default();
    request.model = Some(RemixImageModel::Qwen2RemixImage);
    request.prompt = Some("A paper boat crossing a puddle, in the style of an old woodcut".to_owned());
    request.source_image_url = Some("https://example.com/pictures/boat.png".to_owned());
    request.strength = Some(0.75);
    request.output_format = Some(OutputFormat::Png);
    request.acceleration = Some(Acceleration::Regular);
    request.negative_prompt = Some("blurry, low quality".to_owned());
    request.seed = Some(123_456);
    request.num_inference_steps = Some(30);
    request.guidance_scale = Some(7.5);
    request.enable_safety_checker = Some(true);
    request.callback_url = Some("https://example.com/hooks/finished".to_owned());
    request
}

fn found(request: &RemixImageRequest) -> Violations {
    let mut found = Violations::default();
    request.check(&mut found);
    found
}

fn text(found: Violations) -> String {
    let error = ValidationError {
        operation: "qwen_2.remix_image",
        violations: found.into_vec(),
        omitted: 0,
        warnings: Vec::new(),
    };
    error.to_string()
}

fn sent() -> (bool, RequestParts) {
    let request = request();
    let legal = found(&request).is_empty();
    let mut parts = RequestParts::default();
    request.write(&mut parts);
    (legal, parts)
}

/// Nanoseconds of one call, in the best of many rounds.
fn best<T>(mut work: impl FnMut() -> T) -> f64 {
    const CALLS: u32 = 1000;
    let mut round = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(work());
        }
        start.elapsed()
    };
    let until = Instant::now() + Duration::from_millis(500);
    let mut best = Duration::MAX;
    while Instant::now() < until {
        best = best.min(round());
    }
    best.as_secs_f64() * 1e9 / f64::from(CALLS)
}
