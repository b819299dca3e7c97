async fn misspelled(client: animeapi::Client) {
    let _ = client.images().generate().prompt("A paper boat").orientatoin(animeapi::images::Orientation::Square);
    let _ = client.images().generate().prompt("A paper boat").style("ink").send().await;
}

fn main() {}
