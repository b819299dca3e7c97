//! A request with a body of twelve parameters, for measurements and for the test that counts allocations.

use runapi::qwen_2::remix_image::RemixImageRequest;
use runapi::qwen_2::{Acceleration, OutputFormat};
use specwright_runtime::{Request, RequestParts, ValidationError, Violations};

/// A valid request.
pub(crate) fn request() -> RemixImageRequest {
    let mut request = RemixImageRequest::default();
    request.model = Some("qwen-2-remix-image".to_owned());
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

/// A request with three violations.
pub(crate) fn broken() -> RemixImageRequest {
    let mut broken = request();
    broken.strength = Some(2.0);
    broken.num_inference_steps = Some(1);
    broken.guidance_scale = Some(21.0);
    broken
}

/// All violations of a request.
pub(crate) fn found(request: &RemixImageRequest) -> Violations {
    let mut found = Violations::default();
    request.check(&mut found);
    found
}

/// Violations as an error prints them.
pub(crate) fn text(found: Violations) -> String {
    let error = ValidationError {
        operation: "qwen_2.remix_image",
        violations: found.into_vec(),
        omitted: 0,
        warnings: Vec::new(),
    };
    error.to_string()
}

/// A request that is built, checked and written.
pub(crate) fn sent() -> (bool, RequestParts) {
    let request = request();
    let legal = found(&request).is_empty();
    let mut parts = RequestParts::default();
    request.write(&mut parts);
    (legal, parts)
}
