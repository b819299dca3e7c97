//! A management key makes an API key with limits, changes them, and deletes the key.
//!
//! In a change, leaving a parameter out, `null`, an empty list and an empty text are four different things.
//!
//! `cargo run -p specwright-examples --example limited_key`

use runapi::types::{NoCreditLimit, ResetInterval};

#[tokio::main]
pub(crate) async fn main() -> runapi::Result<()> {
    let client = specwright_examples::management_client().await?;
    let keys = client.keys();

    let key = keys
        .create()
        .name("Nightly batch")
        .credit_limit_cents(500)
        .credit_limit_reset_interval(ResetInterval::Daily)
        .allowed_models(["nano-banana", "nano-banana-pro"])
        .send()
        .await?;
    // The key itself is told this once, and is no text for a log.
    println!("made {}, a secret of {} characters", key.id, key.key.len());

    // A value replaces; what is not named stays as it is.
    let it = keys.update(&key.id).credit_limit_cents(900).send().await?;
    println!("replaced: {}", limits(&it));

    // `null` takes the cap away; it has a method of its own, so that it cannot be sent by mistake.
    let it = keys.update(&key.id).credit_limit_cents_null().send().await?;
    println!("null:     {}", limits(&it));

    // An empty list allows all models.
    let it = keys.update(&key.id).credit_limit_cents(100).allowed_models([""; 0]).send().await?;
    println!("[]:       {}", limits(&it));

    // And an empty text takes the cap away too: this API says so, so the type has a value for it, and for no other text.
    let it = keys.update(&key.id).credit_limit_cents(NoCreditLimit::Cleared).enabled(false).send().await?;
    println!("\"\":       {}, enabled: {}", limits(&it), it.enabled);

    keys.delete(&key.id).send().await?;
    println!("deleted {}", key.id);
    Ok(())
}

fn limits(key: &runapi::keys::ApiKey) -> String {
    let cap = key.credit_limit_cents.map_or("no cap".to_owned(), |it| format!("{it} cents"));
    let models = key.allowed_models.as_ref().filter(|it| !it.is_empty());
    format!("{cap}, {}", models.map_or("all models".to_owned(), |it| it.join(" and ")))
}
