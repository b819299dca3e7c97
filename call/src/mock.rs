//! A mock server in this process, for calls without a key and without a network.

use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::model::Api;
use specwright_contract::Server;

/// Starts it on a free port of loopback. It ends when it is dropped.
///
/// # Errors
/// Fails if the server cannot start.
pub(crate) fn start(spec: &Path, api: &Api) -> Result<Server, Failure> {
    let fault = |why: &dyn std::fmt::Display| Failure::new(format!("the mock server does not start: {why}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|it| fault(&it))?;
    // URLs of this server would lead nowhere when the call has ended.
    let builder = Server::builder().spec_folder(spec).apis([api.name.as_str()]).documented_urls();
    let server = runtime.block_on(builder.start());
    server.map_err(|it| fault(&it))
}

/// The URLs of the API's servers, by name.
pub(crate) fn urls(server: &Server, api: &Api) -> Vec<(String, String)> {
    let url = |name: &String| Some((name.clone(), server.url_of_server(&api.name, name)?));
    api.servers.iter().filter_map(|it| url(&it.name)).collect()
}
