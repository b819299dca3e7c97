use runanything::text::{Message, Role};

async fn which_model(client: runanything::Client) {
    let hello = Message::new(Role::You, "Hello!", 0);
    let _ = client.text().generate().send().await;
    let _ = client.text().generate().messages([hello]).send().await;
}

fn main() {}
