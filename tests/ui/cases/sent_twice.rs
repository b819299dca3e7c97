async fn each_request_is_sent_once(client: animeapi::Client) {
    let call = client.images().generate().prompt("A paper boat");
    let _ = call.send().await;
    let _ = call.send().await;
}

fn main() {}
