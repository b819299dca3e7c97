use animeapi::images::Orientation;
use animeapi::images::generate::GenerateRequest;
use runanything::text::{Message, Role};

fn requests_may_grow() -> GenerateRequest {
    GenerateRequest { prompt: Some("A paper boat".to_owned()), orientation: None, allow_nsfw: None, enhance: None }
}

fn types_may_grow() -> Message {
    Message { content: "Hello!".to_owned(), ..Message::new(Role::You, "", 0) }
}

fn enums_may_grow(orientation: Orientation) -> u32 {
    match orientation {
        Orientation::Portrait => 832,
        Orientation::Square => 1024,
        Orientation::Landscape => 1280,
    }
}

fn main() {}
