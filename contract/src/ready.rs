//! What a server says when it is ready: address, APIs, and a request to try.

use crate::sample;
use crate::server::Server;

/// The address, a line per API, and a sample `curl` that works.
#[must_use]
pub fn ready_message(server: &Server) -> String {
    let mut lines = vec![format!("listening at {}", server.url())];
    let mut curl = None;
    server.for_each_api(|api| {
        let base = server.url_of(&api.name).unwrap_or_default();
        let operations = api.operations.len();
        let plural = if operations == 1 { "" } else { "s" };
        lines.push(format!("  {}: {operations} operation{plural} at {base}", api.title));
        if let Some(secret) = server.callback_secret(&api.name) {
            let is_key = api.webhook.as_ref().is_some_and(|it| it.algorithm == "ed25519");
            let words = if is_key { "callbacks are verified with the public key" } else { "callbacks are signed with" };
            lines.push(format!("    {words} {secret}"));
        }
        if curl.is_none()
            && let Some((op, sample)) = sample::of_api(api)
            && let Some(server_name) = api.servers.get(op.server).map(|it| it.name.as_str())
        {
            curl = server.url_of_server(&api.name, server_name).map(|base| sample.curl(&base));
        }
    });
    if let Some(curl) = curl {
        lines.push(format!("try\n  {curl}"));
    }
    lines.join("\n")
}
