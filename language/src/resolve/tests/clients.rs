//! Faults of what clients need: servers, pages, credentials, tasks, and parameters of the client.

use super::faults::{check, operation};
use crate::testing;

#[test]
fn servers_without_encryption() {
    let messages = |servers: &str| {
        let api = testing::API.replace("servers: https://api.example.com", &format!("servers: {servers}"));
        let compiled = testing::compile(&[("api.yaml", &api), ("x.yaml", &super::operation("get: /it"))]);
        compiled.diagnostics.into_iter().map(|it| (it.severity.as_str(), it.message)).collect::<Vec<_>>()
    };
    for url in ["http://api.example.com/v1", "http://10.0.0.1:80", "http://127.0.0.1.example.com", "http://127.1"] {
        let message = format!("`{url}` is not encrypted: credentials would be sent in plain text");
        assert_eq!(messages(url), [("warning", message.clone())]);
        assert_eq!(messages(&format!("{{default: \"https://a.example\", plain: \"{url}\"}}")), [("warning", message)]);
    }
    for url in ["https://api.example.com", "http://localhost:8080/v1", "http://api.localhost", "http://127.0.0.2"] {
        assert_eq!(messages(url), []);
    }
    // A URL that is none is one fault, not two.
    assert_eq!(messages("http://a b").len(), 1);
}

#[test]
fn credentials_in_bodies_without_fields() {
    let api = format!(
        "{}credentials:\n  key: {{env: KEY, doc: A key., send: {{field: {{body: api_key}}}}}}\n",
        testing::API.split("credentials:").next().unwrap_or_default()
    );
    let messages = |keys: &str| {
        let compiled = testing::compile(&[("api.yaml", &api), ("x.yaml", &super::operation(keys))]);
        compiled.diagnostics.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    let no_fields = "`key` is sent in the body, which has no fields here";
    assert_eq!(messages("get: /it\nresponse: none"), [no_fields]);
    assert_eq!(messages("post: /it\nresponse: none\nbody: map<string>"), [no_fields]);
    assert_eq!(messages("post: /it\nresponse: none\nbody: {binary: [image/png]}"), [no_fields]);
    let twice = "`api_key` is a parameter, and also how `key` is sent";
    assert_eq!(messages("post: /it\nresponse: none\nbody: {api_key: string}"), [twice]);
    let fits = ["post: /it\nresponse: none", "post: /it\nresponse: none\nencoding: form\nbody: {a: string}"];
    fits.into_iter().for_each(|it| assert_eq!(messages(it), [""; 0]));
}

#[test]
fn pages_that_lead_nowhere() {
    let pages = |response: &str, pages: &str, expected: &str| {
        let query = "query: {after: string, page: integer, tags: '[string]'}";
        operation(&format!("get: /it\nsummary: Get it.\n{query}\nresponse: {response}\npages: {pages}"), expected);
    };
    let page = "{data: [json], next?: string, more?: boolean}";
    pages(page, "{items: /data}", "`pages` needs one of the keys `cursor`, `offset`, `page`, `url` or `link`");
    pages(page, "{items: /data, page: page, url: /next}", "one way leads to the next page");
    pages(page, "{items: /rows, page: page}", "`/rows` leads nowhere: `RunResponse` has no `rows`");
    pages(page, "{page: page}", "the response is not a list but `RunResponse`");
    pages(page, "{items: /next, page: page}", "`/next` is not a list but a string");
    pages(page, "{items: /data, page: pag}", "the operation has no `pag`");
    pages(page, "{items: /data, page: after}", "`after` cannot select a page: it is a string");
    pages(page, "{items: /data, page: tags}", "`tags` cannot select a page: it is an array");
    pages(page, "{items: /data, page: {parameter: page, first: 2}}", "expected 0 or 1, found 2");
    let nowhere = "a cursor needs one of the keys `from`, `header` or `last_item`";
    pages(page, "{items: /data, cursor: {parameter: after}}", nowhere);
    pages(page, "{items: /data, cursor: {parameter: after, from: /next, header: x}}", "a cursor is in one place");
    pages(page, "{items: /data, cursor: {parameter: after, header: a b}}", "`a b` is not a valid header name");
    pages(
        page,
        "{items: /data, cursor: {parameter: tags, header: X-Next}}",
        "`tags` cannot select a page: it is an array",
    );
    let of_another_type = "`/next` is not an array, as `tags` is, but a string";
    pages(page, "{items: /data, cursor: {parameter: tags, from: /next}}", of_another_type);
    pages(
        page,
        "{items: /data, cursor: {parameter: after, from: /more}}",
        "`/more` is not text or a whole number but a boolean",
    );
    pages(page, "{items: /data, page: page, while: /next}", "`/next` is not a boolean but a string");
    pages(page, "{items: /data, page: page, while: /more, until: /more}", "one flag says whether more pages follow");
    pages(page, "{items: /data, page: page, size: after}", "`after` cannot select a page: it is a string");
    pages(page, "{items: /data, link: next page}", "`next page` is not the relation of a link");
    pages("none", "{page: page}", "`pages` requires a JSON response");
    pages("{200: '[json]', 202: string}", "{page: page}", "`pages` requires a JSON response");
    pages("{wrapped: rows, type: '[json]'}", "{page: page}", "the response is an object, not a list");
    let post = "post: /it\nsummary: Get it.\nresponse: '[json]'\npages: {link: next}";
    operation(post, "the URL of a next page can only be requested with `get`");
}

#[test]
fn pages_that_a_field_of_an_object_selects() {
    let page = |fields: &str, body: &str, parameter: &str| {
        let operation = super::operation(&format!(
            "post: /it\nsummary: Get it.\nbody: {{options: {body}}}\nresponse: '[json]'\npages: {{page: {parameter}}}"
        ));
        format!("{operation}types:\n  Options:\n    doc: Options.\n    fields: {fields}\n")
    };
    let fits = |fields: &str, body: &str| check(&page(fields, body, "options.at"), &[]);
    fits("{at?: integer, sort?: string}", "Options");
    fits("{at: integer, sort: string}", "{type: Options, required: true}");
    let faults = |page: String, expected: &str| check(&page, &[expected]);
    faults(
        page("{at?: integer, sort: string}", "Options", "options.at"),
        "`options` may be left out, but cannot be created without `sort`",
    );
    let nullable = "`options` may be `null`, and then has no field that selects a page";
    faults(page("{at?: integer}", "{type: Options, nullable: true}", "options.at"), nullable);
    faults(page("{at?: string}", "Options", "options.at"), "`options.at` cannot select a page: it is a string");
    faults(page("{at?: integer}", "Options", "options"), "`options` cannot select a page: it is `Options`");
    faults(page("{at?: integer}", "Options", "options.to"), "the object has no `to`");
    let in_list = "`options[].at` cannot select a page: it is in a list";
    faults(page("{at?: integer}", "'[Options]'", "'options[].at'"), in_list);
}

#[test]
fn credentials_that_cannot_be_sent() {
    let api = |credentials: &str, expected: &[&str]| {
        let head = "api: tea\ntitle: Tea\ndoc: Tea.\nservers: https://test.example\n";
        let resource = super::operation("get: /it\nresponse: none");
        let files = [("api.yaml", &*format!("{head}{credentials}\n")), ("x.yaml", &*resource)];
        let compiled = testing::compile(&files);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected, "{credentials}\n{}", compiled.rendered());
    };
    let key = |send: &str| format!("credentials: {{key: {{env: KEY, doc: A key., send: {send}}}}}");
    api(&key("{a: {query: k}, b: {cookie: c}, c: {basic: username}, d: {basic: password, username: u}}"), &[]);
    let places = "a way to send a credential needs one of the keys `header`, `query`, `cookie`, `body` or `basic`";
    api(&key("{a: {}}"), &[places]);
    api(&key("{a: {query: k, header: X}}"), &["a credential is sent in one place"]);
    api(&key("{a: {query: k, prefix: p}}"), &["`prefix` is only valid beside `header`"]);
    api(&key("{a: {basic: both}}"), &["`both` is not a valid value here"]);
    api(&key("{a: {basic: username, username: u}}"), &["the key is the user name already"]);
    api(
        &key("{a: {basic: password, username: 'a:b'}}"),
        &["`a:b` cannot be the user name of HTTP basic authentication"],
    );
    let pair = "credentials: {login: {env: {username: U, password: P}, doc: A pair.";
    api(&format!("{pair}}}}}"), &[]);
    let by_basic = "a user name and a password are sent by HTTP basic authentication";
    api(&format!("{pair}, send: {{a: {{query: k}}}}}}}}"), &[by_basic]);
    api(
        "credentials: {login: {env: {username: U}, doc: A pair.}}",
        &["the variables of a user name and a password needs the key `password`"],
    );
    let keys = key("{a: {query: k}}");
    api(&format!("{keys}\nauth: [[key, key.a], none]"), &[]);
    api(&format!("{keys}\nauth: [other]"), &["unknown credential `other`"]);
    api(&format!("{keys}\nauth: [[key.b]]"), &["unknown way to send the credential `b`"]);
    api(&format!("{keys}\nauth: []"), &["`auth` is empty"]);
}

#[test]
fn states_and_what_cancels() {
    let task = |task: &str, expected: &[&str]| {
        let stop = "delete: /jobs/{id}\n    summary: Stop it.\n    response: none";
        let head = format!("resource: x\ntitle: X\ndoc: X.\noperations:\n  stop:\n    {stop}\n");
        let run = "  run:\n    post: /jobs\n    summary: Run it.\n";
        let resource = format!("{head}{run}    task: {task}\n");
        let compiled = testing::compile(&[("api.yaml", testing::API), ("x.yaml", &resource)]);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected, "{task}\n{}", compiled.rendered());
    };
    task("{result: {a: string}, state: done, completed: [true], cancel: stop}", &[]);
    task("{result: {a: string}, completed: [done], failed: [bad], cancel: stop}", &[]);
    task("{result: {a: string}, completed: [true, done]}", &["the states of a task are of one type"]);
    task("{result: {a: string}, completed: [true], pending: [true]}", &["the state `true` is listed twice"]);
    task("{result: {a: string}, completed: [true], cancel: halt}", &["unknown operation `halt`"]);
    task("{result: {a: string}, completed: [true], cancel: run}", &["`run` cannot cancel a task"]);
}

#[test]
fn parameters_of_the_client() {
    let api = |client: &str, expected: &[&str]| {
        let head = "api: tea\ntitle: Tea\ndoc: Tea.\nservers: https://test.example\n";
        let resource = super::operation("get: /shops/{shop}\nresponse: none\nquery: {own: string}");
        let files = [("api.yaml", &*format!("{head}client: {client}\n")), ("x.yaml", &*resource)];
        let compiled = testing::compile(&files);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected, "{client}\n{}", compiled.rendered());
    };
    api("{path: {shop: {env: TEA_SHOP}}, headers: {V: {default: \"1\"}}, query: {many: integer}}", &[]);
    // The only operation describes it itself.
    api("{query: {own: string}}", &["no operation has the parameter `own` of the client"]);
    api("{path: {shop: {env: tea}}}", &["`tea` is not a valid name for an environment variable"]);
    api("{path: {room: string}}", &["no operation has the parameter `room` of the client"]);
    let several = "`tags` holds several values, and a parameter of the client is one";
    api("{query: {tags: \"[string]\"}}", &[several]);
    api("{headers: {own: string}}", &["two parameters have the name `own`"]);
    api("{body: {a: string}}", &["unknown key `body` in the parameters of the client"]);
}

#[test]
fn access_tokens_that_cannot_be_fetched() {
    let api = |credential: &str, expected: &[&str]| {
        let head = "api: tea\ntitle: Tea\ndoc: Tea.\nservers: https://test.example\n";
        let resource = super::operation("get: /it\nresponse: none");
        let credentials = format!("credentials: {{app: {{doc: An app., {credential}}}}}");
        let files = [("api.yaml", &*format!("{head}{credentials}\n")), ("x.yaml", &*resource)];
        let compiled = testing::compile(&files);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected, "{credentials}\n{}", compiled.rendered());
    };
    let envs = "env: {client_id: ID, client_secret: SECRET}";
    let app = "grant: client_credentials, token_url: /token";
    let user =
        "grant: refresh_token, token_url: 'https://a.example/token', authorization_url: 'https://a.example/auth'";
    api(&format!("{envs}, oauth2: {{{app}, scopes: [read]}}"), &[]);
    api(&format!("{envs}, oauth2: {{{app}}}, send: {{a: {{header: X-Token}}}}"), &[]);
    api(&format!("env: {{client_id: ID, refresh_token: TOKEN}}, oauth2: {{{user}, client_authentication: none}}"), &[]);
    api(&format!("{envs}, oauth2: {{{app}}}, send: {{a: {{query: t}}}}"), &["access tokens are sent in a header"]);
    api(&format!("{envs}, oauth2: {{token_url: /token}}"), &["OAuth 2 needs the key `grant`"]);
    api(&format!("{envs}, oauth2: {{grant: password, token_url: /token}}"), &["`password` is not a valid value here"]);
    api(&format!("{envs}, oauth2: {{{user}}}"), &["the variables of OAuth 2 needs the key `refresh_token`"]);
    let consent = "grant: refresh_token, token_url: /token";
    api(
        &format!("env: {{client_id: ID, client_secret: S, refresh_token: T}}, oauth2: {{{consent}}}"),
        &["a refresh token needs the key `authorization_url`"],
    );
    api(
        &format!("env: {{client_id: ID}}, oauth2: {{{app}}}"),
        &["the variables of OAuth 2 needs the key `client_secret`"],
    );
    let no_secret = "`client_authentication: none` sends no secret";
    api(&format!("{envs}, oauth2: {{{app}, client_authentication: none}}"), &[no_secret]);
    let no_url = "`ftp://a.example` is not the URL of a token server";
    api(&format!("{envs}, oauth2: {{grant: client_credentials, token_url: 'ftp://a.example'}}"), &[no_url]);
    api(&format!("{envs}, oauth2: {{{app}, scopes: ['read play']}}"), &["`read play` is not a scope"]);
}

#[test]
fn urls_with_variables() {
    let servers = |url: &str, variables: &str, expected: &[&str]| {
        let head = "api: tea\ntitle: Tea\ndoc: Tea.\n";
        let api = format!("{head}servers: {{default: {{url: '{url}', variables: {variables}}}}}\n");
        let resource = super::operation("get: /it\nresponse: none");
        let compiled = testing::compile(&[("api.yaml", &*api), ("x.yaml", &*resource)]);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected, "{url}\n{}", compiled.rendered());
    };
    servers("https://{shop}.test.example/{region}", "{shop: The shop., region: {default: eu, enum: [eu, us]}}", &[]);
    servers("https://a.example", "{shop: The shop.}", &["the URL does not contain `{shop}`"]);
    let undeclared = "`https://{shop}.example` contains a variable that is not declared under `variables`";
    servers("https://{shop}.example", "{}", &[undeclared]);
    servers("https://{a}.example", "{a: {default: x/y}}", &["`x/y` is not a part of a URL"]);
    servers("https://{a}.example", "{a: {default: c, enum: [a, b]}}", &["the default `c` is not a value of the enum"]);
    servers("{a}.example", "{a: The host.}", &["`{a}.example` is not an absolute http or https URL"]);
}

#[test]
fn scopes_are_those_of_an_access_token() {
    let compiled = |auth: &str| {
        let app = "app:\n    env: {client_id: A, client_secret: B}\n    oauth2:\n      grant: client_credentials\n      \
                   token_url: https://a.example/t\n      scopes: [read, write]";
        let api = testing::API.replace("credentials:\n", &format!("credentials:\n  {app}\n"));
        testing::compile(&[("api.yaml", &api), ("x.yaml", &super::operation(&format!("get: /x\nauth: {auth}")))])
    };
    let fine = compiled("[{app: [read, write]}, api_key]").api.expect("an API");
    assert_eq!(fine.operations[0].auth[0][0].scopes, ["read", "write"]);
    assert!(fine.operations[0].auth[1][0].scopes.is_empty());
    for (auth, expected) in [
        ("{app: [raed]}", "unknown scope `raed`"),
        ("{api_key: [read]}", "`api_key` has no scopes"),
        ("{app: []}", "`scopes` is empty"),
        ("{app: [read], api_key: [write]}", "scopes belong to one credential"),
    ] {
        let compiled = compiled(auth);
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, [expected], "{auth}");
    }
}

#[test]
fn cookies_have_names_and_styles_of_their_own() {
    let cookies = |it: &str| format!("get: /x\ncookies: {it}");
    let fine = testing::api(&[("x.yaml", &super::operation(&cookies("{sid: string, ids: \"[string]\"}")))]);
    let places: Vec<_> = fine.operations[0].parameters.fields.iter().map(|it| it.location).collect();
    assert_eq!(places, [crate::model::Location::Cookie; 2]);
    operation(&cookies("{a b: string}"), "`a b` is not a valid name of a cookie");
    operation(&cookies("{a: file}"), "`a` cannot be written like this: a file is not allowed in a cookie");
    operation(
        &cookies("{a: {type: map<string>, style: exploded}}"),
        "`a` cannot be written like this: `exploded` cannot be written in a cookie, only `comma` and `json`",
    );
}
