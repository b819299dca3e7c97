//! Tests streams in any pieces, cut anywhere, with undocumented contents.

use std::sync::Arc;

use specwright_codegen::interpret::accumulate;

use super::*;
use scripted_server::CHUNKS;

const MANNERS: [Manner; 4] = [
    PLAIN,
    Manner { line_end: "\r\n", names: true, noise: true },
    Manner { line_end: "\r", names: true, noise: true },
    Manner { line_end: "\n", names: false, noise: true },
];

/// Sends these bytes in random pieces from this seed: one byte at a time for seed 0, and in chunks for odd seeds.
async fn saying(bytes: Vec<u8>, seed: u64) -> ScriptedServer {
    let bytes = Arc::new(bytes);
    ScriptedServer::start(move |mut line| {
        let bytes = bytes.clone();
        async move {
            let mut chance = fastrand::Rng::with_seed(seed);
            if seed.is_multiple_of(2) {
                line.say(EVENTS).await;
                let size = || if seed == 0 { 1 } else { chance.usize(1..40) };
                line.dribble(&bytes, size).await;
                return;
            }
            line.say(CHUNKS).await;
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (now, then) = rest.split_at(chance.usize(1..200).min(rest.len()));
                line.chunk(now).await;
                rest = then;
            }
            line.end().await;
        }
    })
    .await
}

#[tokio::test]
async fn any_pieces_give_the_same_total() {
    assert!(samples().len() >= ALL.len(), "{}", samples().len());
    for sample in samples() {
        let wanted = accumulate::collect(&sample.stream, &sample.events).unwrap();
        for (manner, seed) in MANNERS.iter().flat_map(|it| [0, 1, 2, 3].map(|seed| (it, seed))) {
            let what = format!("{}, `{}`, {manner:?}, seed {seed}", sample.operation, sample.name);
            let server = saying(sample.written(*manner), seed).await;
            let it = (sample.drains)(&Setup::of(&server)).await.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(it.errors.is_empty(), "{what}: {:?}", it.errors);
            assert_eq!((it.events, it.whole.unwrap()), (sample.events.len(), wanted.clone()), "{what}");
        }
    }
}

/// The end of each event, after its blank line.
fn ends(bytes: &[u8]) -> Vec<usize> {
    (2..=bytes.len()).filter(|&at| &bytes[at - 2..at] == b"\n\n").collect()
}

/// Whether both are equal. Texts that contain JSON stay texts until the end.
fn same(partial: &Value, whole: &Value) -> bool {
    match (partial, whole) {
        (Value::Object(some), Value::Object(all)) => {
            some.len() == all.len() && some.iter().all(|(name, it)| all.get(name).is_some_and(|all| same(it, all)))
        }
        (Value::Array(some), Value::Array(all)) => {
            some.len() == all.len() && some.iter().zip(all).all(|(it, all)| same(it, all))
        }
        (Value::String(text), all) if !all.is_string() => {
            text.is_empty() || text.parse::<Value>().is_ok_and(|it| it == *all)
        }
        (some, all) => some == all,
    }
}

#[tokio::test]
async fn a_broken_connection_is_an_error_and_earlier_events_are_kept() {
    let mut seen = (0, 0);
    for (nth, sample) in samples().iter().enumerate() {
        let bytes = sample.written(PLAIN);
        let ends = ends(&bytes);
        let says_when_it_ends = sample.stream.end_data.is_some() || sample.stream.states.iter().any(|it| it.ends);
        let (whole, last) = (bytes.len(), sample.events.len());
        let mut chance = fastrand::Rng::with_seed(nth as u64);
        let mut cuts: Vec<_> = ends.iter().flat_map(|&it| [it - 2, it - 1, it, (it + 1).min(whole)]).collect();
        cuts.extend((0..20).map(|_| chance.usize(..whole)));
        // Closed connections, and incomplete chunks.
        for (cut, in_chunks) in cuts.iter().flat_map(|&it| [(it, false), (it, true)]) {
            let what = format!("{}, `{}`, cut at {cut} of {whole}, {in_chunks}", sample.operation, sample.name);
            let cut = bytes[..cut].to_vec();
            let came = ends.iter().filter(|&&it| it <= cut.len()).count();
            let server = ScriptedServer::start({
                let cut = cut.clone();
                move |mut line| {
                    let cut = cut.clone();
                    async move {
                        line.say(if in_chunks { CHUNKS } else { EVENTS }).await;
                        if in_chunks && !cut.is_empty() {
                            line.chunk(&cut).await;
                        } else {
                            line.say(cut).await;
                        }
                    }
                }
            })
            .await;
            let setup = Setup::of(&server);
            let it = match (sample.drains)(&setup).await {
                Ok(it) => it,
                // Before the first event, the call itself fails.
                Err(error) => {
                    assert!(came == 0 && error.kind() == ErrorKind::Transport, "{what}: {error}");
                    seen.0 += 1;
                    continue;
                }
            };
            // An event without its blank line counts if its line is complete and the connection ended cleanly.
            let extra = usize::from(!in_chunks && came < last);
            assert!((came.min(last)..=came + extra).contains(&it.events), "{what}: {} events", it.events);
            if let Ok(complete) = &it.whole {
                // If the end of the connection is the only end, nothing more can be detected.
                let all = it.events == last || !(says_when_it_ends || in_chunks);
                assert!(it.errors.is_empty() && all, "{what}: {complete}");
            } else if it.errors.is_empty() {
                // Nothing arrived, and the connection ended cleanly.
                let kind = it.whole.as_ref().map_err(rt::Error::kind);
                assert_eq!((kind, it.events), (Err(ErrorKind::Decode), 0), "{what}");
                assert!(!says_when_it_ends && !in_chunks, "{what}");
            } else {
                assert_eq!(it.kind(), ErrorKind::Transport, "{what}");
                assert!(it.errors[0].message().contains("broke off"), "{what}: {}", it.errors[0]);
                seen.1 += 1;
            }
            let events = &sample.events[..it.events];
            let so_far = accumulate::collect(&sample.stream, events).unwrap();
            assert!(it.whole.is_ok() || same(&it.partial, &so_far), "{what}: {} is not {so_far}", it.partial);
        }
    }
    assert!(seen.0 > 20 && seen.1 > 100, "{seen:?}");
}

#[tokio::test]
async fn unknown_events_and_fields_are_skipped() {
    let strange = concat!(
        "event: fanfare\ndata: {\"type\":\"fanfare\",\"brass\":[1,{\"a\":null}]}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"mood\":\"calm\",",
        "\"delta\":{\"type\":\"hum_delta\",\"hum\":\"mm\"}}\n\n",
        "unheard: of\nid: 7\nretry: 1\n\n",
        "event: ping\ndata: {\"type\":\"ping\",\"cost\":0.1}\n\n",
    );
    let after = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\
                 \"delta\":{\"type\":\"text_delta\",\"text\":\"too late\"}}\n\ndata: nonsense\n\n";
    let bytes = [HALF, strange, REST, after].concat();
    let server = saying(bytes.into_bytes(), 2).await;
    let it = CLAUDE(&Setup::of(&server)).await.unwrap();
    assert!(it.errors.is_empty(), "{:?}", it.errors);
    // Three events of the first half, three unknown ones, three of the rest; nothing after the end.
    assert_eq!((it.events, keeps_half(&it), it.text.contains("too late")), (9, true, false));
    assert_eq!(it.whole.unwrap()["usage"]["output_tokens"], 3);
}

#[tokio::test]
async fn chunks_after_done_are_not_read() {
    let chunk =
        |text: &str| json!({"id": "c", "choices": [{"index": 0, "delta": {"content": text}}], "new": {"a": [1]}});
    let bytes = format!("data: {}\n\ndata: [DONE]\n\ndata: {}\n\ndata: [DONE]\n\n", chunk("Ahoy"), chunk("late"));
    let server = saying(bytes.into_bytes(), 0).await;
    let it = GPT(&Setup::of(&server)).await.unwrap();
    assert!(it.errors.is_empty(), "{:?}", it.errors);
    assert_eq!(it.events, 1);
    assert_eq!(it.whole.unwrap()["choices"][0]["message"]["content"], "Ahoy");
}
