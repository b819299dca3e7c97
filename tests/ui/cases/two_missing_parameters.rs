async fn forgot_two(client: studio::Client) {
    let _ = client.motion().text_to_clip().pen_v1_pro().seed(7).send().await;
}

async fn forgot_one_of_three(client: studio::Client) {
    let _ = client.motion().text_to_clip().brush15().duration(8).prompt("A dog running").send().await;
}

fn main() {}
