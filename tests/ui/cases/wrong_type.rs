async fn wrong_types(client: animeapi::Client) {
    let _ = client.images().generate().orientation("square");
    let _ = client.images().generate().enhance("false");
    let _ = client.images().generate().enhance(None);
}

async fn wrong_items(client: runanything::Client) {
    let _ = client.text().generate().mage().messages(["Hello!"]);
}

fn main() {}
