//! `client.rs`: the client, its constructors, and the API as static data.

use specwright_format::{TokenStream, quote};

use super::statics::status_list;
use super::tokens::{docs, id, module_docs};
use crate::lower::view::{Client, ClientParameter, Crate, Credential, Docs, OAuth2};
use crate::model::{self, AuthScheme, BasicAuth, ClientAuthentication, Grant, KeyPlace, ServerVariable};

/// The module of the client.
pub(crate) fn module(krate: &Crate) -> TokenStream {
    let title = &krate.display_name;
    let words = module_docs(&vec![format!("The client of {title}.")]);
    let client_docs = docs(&vec![format!("A client of {title}. Clones are cheap and share connections and settings.")]);
    let constructors = constructors(krate);
    let resources = krate.resources.iter().map(|it| {
        let (words, module, handle, feature) = (docs(&it.docs), id(&it.module), id(&it.outline.handle), &it.feature);
        let named = super::tokens::allow_name(&it.module, super::tokens::Receiver::Reference);
        quote! {
            #words
            #[cfg(feature = #feature)]
            #named
            #[must_use]
            #[inline]
            pub fn #module(&self) -> crate::#module::#handle {
                crate::#module::#handle { client: self.core.clone() }
            }
        }
    });
    let api = api(krate);
    let selector = krate.has_variants.then(selector_struct);
    quote! {
        #words
        use specwright_runtime as rt;
        #client_docs
        #[derive(Clone, Debug)]
        pub struct Client {
            core: rt::Client,
        }
        impl From<rt::Client> for Client {
            #[inline]
            fn from(core: rt::Client) -> Self { Self { core } }
        }
        impl Client {
            #constructors
            /// Builds a client with custom settings.
            #[inline]
            pub fn builder() -> rt::ClientBuilder<Self> { rt::ClientBuilder::new(&API) }
            /// Checks and sends a request that was built as plain data.
            ///
            /// # Errors
            /// Fails if a rule is broken, if the call fails, or if the response cannot be read.
            pub async fn send<R: rt::Request>(&self, request: R) -> rt::Result<R::Reply> {
                self.core.send(request).await
            }
            #(#resources)*
        }
        #selector
        #api
    }
}

/// The struct that the selectors of all operations are.
fn selector_struct() -> TokenStream {
    quote! {
        /// Chooses a variant of an operation: each operation that has some has a name of its own for it.
        #[must_use = "choose a variant of the request, then send it"]
        pub struct Selector<R> {
            pub(crate) call: rt::Call,
            pub(crate) request: R,
        }
        rt::selector!(Selector);
    }
}

fn constructors(krate: &Crate) -> TokenStream {
    let base_url = format!("`{}_BASE_URL`", krate.name.to_ascii_uppercase());
    let variables = krate.client.server_variables.iter().map(|it| {
        let value = if it.default.is_some() { "may be set" } else { "is needed" };
        format!("`{}` {value} for URLs with `{{{}}}`.", it.env, it.name)
    });
    let parameters = krate.client.parameters.iter().filter_map(|it| {
        let value = if it.default.is_some() { "may replace" } else { "may be" };
        Some(format!("`{}` {value} the parameter `{}` of all calls.", it.env.as_ref()?, it.name))
    });
    let variables: Vec<String> = variables.chain(parameters).collect();
    let replaced =
        format!("If {base_url} is set, it replaces the API's URL. It must be `https`, or `http` on this machine.");
    let from_env = |words: &Docs| {
        let words = docs(words);
        quote! {
            #words
            #[inline]
            pub fn from_env() -> rt::Result<Self> { rt::Client::from_env(&API).map(|core| Self { core }) }
        }
    };
    let Some(first) = krate.client.credentials.first() else {
        let words = docs(&vec![
            "A client. The API needs no credential.".to_owned(),
            String::new(),
            "# Errors".to_owned(),
            "Fails if the transport cannot be set up.".to_owned(),
        ]);
        let from_env = krate.client.first_variable.is_some().then(|| {
            let first = match krate.client.has_open_url {
                true => "A client whose URL the environment says.",
                false => "A client with values of the environment.",
            };
            let mut words = vec![first.to_owned(), String::new()];
            words.extend(variables);
            words.extend([replaced, String::new(), "# Errors".to_owned()]);
            words.push("Fails if the URL is incomplete or malformed.".to_owned());
            from_env(&words)
        });
        return quote! {
            #from_env
            #words
            #[inline]
            pub fn new() -> rt::Result<Self> { Self::builder().build() }
        };
    };
    let from = from_variables(first);
    let mut env_words = vec![format!("A client with the credential from the environment {from}."), String::new()];
    for other in krate.client.credentials.iter().skip(1) {
        env_words.push(match &other.username_env {
            _ if other.oauth2.is_some() => {
                format!("The {} are read too if they are set. Either credential is enough.", from_variables(other))
            }
            Some(username) => {
                format!("`{username}` and `{}` are read too if they are set. Either credential is enough.", other.env)
            }
            None => format!("`{}` is read too if it is set. Either is enough.", other.env),
        });
    }
    env_words.extend(variables);
    env_words.push(replaced);
    env_words.extend([
        String::new(),
        "# Errors".to_owned(),
        "Fails if no credential is set, or if a value is malformed.".to_owned(),
    ]);
    let from_env = from_env(&env_words);
    let mut new_words = vec!["A client with a credential.".to_owned()];
    if !first.docs.is_empty() {
        new_words.push(String::new());
        new_words.extend(first.docs.iter().cloned());
    }
    new_words.extend([
        String::new(),
        "# Errors".to_owned(),
        "Fails if the credential cannot be sent in a header.".to_owned(),
    ]);
    let new_words = docs(&new_words);
    let argument = id(&first.method);
    let new = if let Some(OAuth2 { spec, .. }) = &first.oauth2 {
        let (name, id) = (&first.name, quote!(client_id: impl Into<String>));
        let mut arguments = vec![id];
        let mut set = vec![quote!(rt::OAuth2::new(client_id))];
        if spec.client_secret_env.is_some() {
            arguments.push(quote!(client_secret: impl Into<rt::Secret>));
            set.push(quote!(.client_secret(client_secret)));
        }
        if spec.refresh_token_env.is_some() {
            arguments.push(quote!(refresh_token: impl Into<rt::Secret>));
            set.push(quote!(.refresh_token(refresh_token)));
        }
        quote! {
            pub fn new(#(#arguments),*) -> rt::Result<Self> {
                Self::builder().oauth2(#name, #(#set)*).build()
            }
        }
    } else if first.username_env.is_some() {
        quote! {
            pub fn new(username: impl AsRef<str>, password: impl Into<rt::Secret>) -> rt::Result<Self> {
                Self::builder().basic_auth(username, password).build()
            }
        }
    } else {
        quote! {
            pub fn new(#argument: impl Into<rt::Secret>) -> rt::Result<Self> {
                rt::Client::new(&API, #argument).map(|core| Self { core })
            }
        }
    };
    quote! {
        #from_env
        #new_words
        #new
    }
}

/// `variable `KEY``, `variables `USER` and `PASSWORD``
fn from_variables(credential: &Credential) -> String {
    let oauth2 = credential.oauth2.as_ref().map(|it| &it.spec);
    let of_oauth2 = oauth2.into_iter().flat_map(|it| [&it.client_secret_env, &it.refresh_token_env]);
    let mut names: Vec<String> = credential.username_env.iter().chain([&credential.env]).cloned().collect();
    names.extend(of_oauth2.flatten().cloned());
    let names: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    match names.split_last() {
        Some((last, [])) => format!("variable {last}"),
        Some((last, others)) => format!("variables {} and {last}", others.join(", ")),
        None => "variables".to_owned(),
    }
}

fn api(krate: &Crate) -> TokenStream {
    let name = &krate.name;
    let Client {
        servers,
        server_variables,
        has_open_url: _,
        first_variable: _,
        parameters,
        credentials,
        error_message,
        error_code,
        error_details,
        statuses,
        failure,
        codes,
        rate_limit_headers,
        request_id_header,
        xml_errors,
    } = &krate.client;
    let servers = servers.iter().map(|(name, url)| quote!((#name, #url)));
    let oauth2 = credentials.iter().filter_map(|it| Some(oauth2(&it.env, it.oauth2.as_ref()?)));
    let oauth2: Vec<TokenStream> = oauth2.collect();
    let credentials = credentials.iter().map(credential);
    let variables = (!server_variables.is_empty()).then(|| {
        let variables = server_variables.iter().map(|it| {
            let ServerVariable { name: variable, env, default, values, .. } = it;
            let default = super::tokens::option(default.as_deref());
            quote!(rt::ServerVariable::new(#variable, #env, #default, &[#(#values),*]))
        });
        quote!(server_variables: &[#(#variables),*],)
    });
    let parameters = (!parameters.is_empty()).then(|| {
        let parameters = parameters.iter().map(|it| {
            let ClientParameter { name, env, default, form, values } = it;
            let [env, default] = [env, default].map(|it| super::tokens::option(it.as_deref()));
            let form = id(form);
            quote!(rt::ClientParameter { name: #name, env: #env, default: #default, form: rt::ParameterForm::#form(), values: &[#(#values),*] })
        });
        quote!(client_parameters: &[#(#parameters),*],)
    });
    let xml_errors = (!xml_errors.is_empty()).then(|| {
        let all = super::xml::by_status(xml_errors);
        quote!(xml_errors: #all,)
    });
    let rest = (variables.is_none() || parameters.is_none() || xml_errors.is_none()).then(|| quote!(..rt::Api::EMPTY));
    let statuses = status_list(statuses);
    let codes = codes.iter().map(|(code, kind)| {
        let kind = super::tokens::id(kind);
        quote!((#code, rt::StatusKind::#kind))
    });
    let headers = rate_limit_headers.iter().map(|it| super::tokens::option(it.as_deref()));
    let request_id = super::tokens::option(request_id_header.as_deref());
    let failure = failure.as_ref().map(|it| {
        let condition = super::failure::condition(it);
        quote!(pub(crate) static FAILURE: rt::FailureCondition = #condition;)
    });
    quote! {
        #failure
        #(#oauth2)*
        pub(crate) static API: rt::Api = rt::Api {
            name: #name,
            version: env!("CARGO_PKG_VERSION"),
            servers: &[#(#servers),*],
            credentials: &[#(#credentials),*],
            error_message: &[#(#error_message),*],
            error_code: &[#(#error_code),*],
            error_details: &[#(#error_details),*],
            statuses: #statuses,
            codes: &[#(#codes),*],
            rate_limit_headers: [#(#headers),*],
            request_id_header: #request_id,
            #variables
            #parameters #xml_errors
            #rest
        };
    }
}

fn credential(credential: &Credential) -> TokenStream {
    let Credential { name, method: _, env, username_env, docs: _, schemes, oauth2 } = credential;
    let schemes = schemes.iter().map(scheme);
    if let Some(OAuth2 { ident, .. }) = oauth2 {
        let spec = id(ident);
        return quote!(rt::Credential::oauth2(#name, &#spec, &[#(#schemes),*]));
    }
    match username_env {
        Some(username) => quote!(rt::Credential::pair(#name, [#username, #env], &[#(#schemes),*])),
        None => quote!(rt::Credential::key(#name, #env, &[#(#schemes),*])),
    }
}

/// How tokens are fetched, as a static.
fn oauth2(client_id_env: &str, oauth2: &OAuth2) -> TokenStream {
    let OAuth2 { ident, spec } = oauth2;
    let model::OAuth2 {
        grant,
        token_url,
        authorization_url: _,
        scopes,
        client_authentication,
        parameters,
        client_secret_env,
        refresh_token_env,
    } = spec;
    let ident = id(ident);
    let grant = match grant {
        Grant::ClientCredentials => quote!(ClientCredentials),
        Grant::RefreshToken => quote!(RefreshToken),
    };
    let client = match client_authentication {
        ClientAuthentication::Basic => quote!(Basic),
        ClientAuthentication::Body => quote!(Body),
        ClientAuthentication::None => quote!(None),
    };
    let scopes = scopes.iter().map(|it| &it.0);
    let parameters = parameters.iter().map(|(name, value)| quote!((#name, #value)));
    let [secret, refresh] = [client_secret_env, refresh_token_env].map(|it| super::tokens::option(it.as_deref()));
    quote! {
        static #ident: rt::OAuth2Spec = rt::OAuth2Spec {
            grant: rt::Grant::#grant,
            token_url: #token_url,
            scopes: &[#(#scopes),*],
            client_authentication: rt::ClientAuthentication::#client,
            parameters: &[#(#parameters),*],
            client_id_env: #client_id_env,
            client_secret_env: #secret,
            refresh_token_env: #refresh,
        };
    }
}

fn scheme(scheme: &AuthScheme) -> TokenStream {
    let AuthScheme { name, place, prefix } = scheme;
    match place {
        KeyPlace::Header(header) => quote!(rt::Scheme::header(#name, #header, #prefix)),
        KeyPlace::Query(parameter) => quote!(rt::Scheme::query(#name, #parameter)),
        KeyPlace::Cookie(cookie) => quote!(rt::Scheme::cookie(#name, #cookie)),
        KeyPlace::Body(field) => quote!(rt::Scheme::body(#name, #field)),
        KeyPlace::Basic(how) => {
            let how = match how {
                BasicAuth::Pair => quote!(Pair),
                BasicAuth::Username => quote!(Username),
                BasicAuth::Password(username) => quote!(Password(#username)),
            };
            quote!(rt::Scheme::basic(#name, rt::BasicAuth::#how))
        }
    }
}
