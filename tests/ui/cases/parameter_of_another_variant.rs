async fn only_others_lock_the_camera(client: studio::Client) {
    let _ = client.motion().text_to_clip().brush_2_0().prompt("A dog running").lock_camera(true).send().await;
}

fn main() {}
