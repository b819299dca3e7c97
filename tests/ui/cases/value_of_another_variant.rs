use studio::motion::{AspectRatio, Resolution};

async fn only_others_draw_4k(client: studio::Client) {
    let _ = client.motion().text_to_clip().brush15().resolution(Resolution::K4);
    let _ = client.motion().text_to_clip().pen_v1_lite().aspect_ratio(AspectRatio::R21x9);
}

fn main() {}
