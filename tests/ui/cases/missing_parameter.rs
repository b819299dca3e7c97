async fn forgot_the_prompt(client: animeapi::Client) {
    let _ = client.images().generate().enhance(false).send().await;
}

async fn forgot_the_messages(client: runanything::Client) {
    let _ = client.text().generate().mage().bot_name("Merlin").send().await;
}

fn main() {}
