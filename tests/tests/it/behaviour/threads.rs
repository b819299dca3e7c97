//! Tests many calls at once, and calls on other threads.

use super::*;

#[tokio::test]
async fn many_tasks_at_once_do_not_mix() {
    const TASKS: usize = 40;
    // Each task is named after its conversation, and is completed at the poll with its number.
    let asked = std::sync::Mutex::new(vec![0_usize; TASKS]);
    let server = Server::start(move |request, _| {
        if request.method == "POST" {
            return accepted(request.json()["messages"][0]["content"].as_str().unwrap());
        }
        let id = request.target.rsplit('/').next().unwrap().to_owned();
        let number: usize = id.parse().unwrap();
        let mut asked = asked.lock().unwrap();
        asked[number] += 1;
        if asked[number] > number % 4 { completed(&format!("reply to {id}")) } else { processing() }
    })
    .await;
    let clock = SkippingClock::new();
    let client = set_up(runanything::Client::builder(), &server).clock(clock).build().unwrap();
    let mut running = Vec::new();
    for number in 0..TASKS {
        let client = client.clone();
        running.push(tokio::spawn(async move {
            use runanything::text::{Message, Role};
            let message = Message::new(Role::You, number.to_string(), 0);
            let task = client.text().generate().default_model().messages([message]).send().await.unwrap();
            assert_eq!(task.id(), number.to_string());
            (number, task.wait().await.unwrap().into_inner().reply)
        }));
    }
    for task in running {
        let (number, reply) = task.await.unwrap();
        assert_eq!(reply, format!("reply to {number}"));
    }
    let polls: usize = (0..TASKS).map(|it| it % 4 + 1).sum();
    assert_eq!(server.count(), TASKS + polls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clones_work_on_other_threads() {
    let server = Server::answering([image()]).await;
    let client = anime(&server);
    let handle = tokio::runtime::Handle::current();
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (client, handle) = (client.clone(), handle.clone());
            std::thread::spawn(move || {
                handle.block_on(client.images().generate().prompt(number.to_string()).send()).unwrap().balance_usd
            })
        })
        .collect();
    drop(client);
    let done = tokio::task::spawn_blocking(|| threads.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>());
    assert_eq!(done.await.unwrap(), [9.5; 4]);
    let mut prompts: Vec<_> = server.received().iter().map(|it| it.json()["prompt"].clone()).collect();
    prompts.sort_by_key(|it| it.to_string());
    assert_eq!(prompts, ["0", "1", "2", "3"]);
}

#[test]
fn values_for_other_threads_are_send() {
    fn moves<T: Send>(_: &T) {}
    fn shares<T: Send + Sync + Clone + 'static>() {}
    shares::<animeapi::Client>();
    shares::<runanything::Client>();
    shares::<animeapi::images::generate::Generate>();
    shares::<rt::Task<runanything::text::GenerateResult>>();
    let client = animeapi::Client::new("x").unwrap();
    moves(&client.images().generate().prompt("a").send());
}
