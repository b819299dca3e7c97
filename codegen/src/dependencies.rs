//! What of an API the page of one resource, its source files and the judgement of its rules and examples can depend on, as
//! a digest for each resource. Source files also depend on what is around the resource, which `lower` digests.
//!
//! That is the resource and its operations, all types and operations that these lead to, what the API says in general, and
//! the text of every file that any of it was written in. Nothing is listed by hand: the values of the model are fed to a
//! hasher, and ids among what they feed are followed. The texts are in it since equal values can be written in two ways,
//! such as JSON objects whose keys have another order.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use crate::digest::{Digest, Pieces};
use crate::model::{Api, Operation, OperationId, TypeDef, TypeId};
use crate::parallel;
use crate::parts::Parts;
use crate::source::{FileId, Sources};

/// What the resources of an API lead to, in their order.
#[derive(Debug, Default)]
pub(crate) struct Dependencies {
    /// Of all that a resource leads to.
    pub(crate) digests: Vec<Digest>,
    reached: Vec<Reached>,
}

impl Dependencies {
    /// The operations and types that a resource leads to.
    pub(crate) fn parts(&self, resource: usize) -> &Parts {
        &self.reached[resource].parts
    }

    /// Whether a resource leads to none of these.
    pub(crate) fn are_apart(&self, resource: usize, parts: &Parts) -> bool {
        self.reached.get(resource).is_some_and(|it| it.parts.is_disjoint(parts))
    }
}

/// What each resource leads to.
pub(crate) fn of_resources(api: &Api, sources: &Sources) -> Dependencies {
    let (graph, general) = Graph::of(api, sources);
    let all = api.resources.iter().map(|it| {
        let own = Part::of(it);
        let reached = graph.reached(&general, &own);
        (graph.digest(&general, &own, &reached), reached)
    });
    let (digests, reached) = all.unzip();
    Dependencies { digests, reached }
}

/// What an API says outside of operations and types, which includes the names of all resources.
fn general(api: &Api) -> Part {
    let Api {
        name,
        title,
        doc,
        version,
        source,
        servers,
        credentials,
        errors,
        rate_limits,
        rate_limit_headers,
        first_call,
        request_id_header,
        client_parameters,
        webhook,
        types: _,
        resources,
        operations: _,
        span,
        has_xml,
    } = api;
    // Names only, or else everything would depend on every operation and every file.
    let resources: Vec<_> = resources.iter().map(|it| (&it.name, &it.rust_name)).collect();
    let first_call = first_call.map(|it| it.0);
    Part::of(&(
        (name, title, doc, version, source, servers, credentials, errors),
        (rate_limits, rate_limit_headers, first_call, request_id_header, client_parameters, webhook),
        (resources, span, has_xml),
    ))
}

/// A part of a model, and the ids in it.
#[derive(Debug, Default)]
struct Part {
    digest: Digest,
    types: Vec<usize>,
    operations: Vec<usize>,
    files: Vec<usize>,
}

impl Part {
    fn of<T: Hash>(value: &T) -> Self {
        let mut reader = Reader { fed: Pieces::with_capacity(2 * 1024), part: Self::default() };
        value.hash(&mut reader);
        Self { digest: reader.fed.digest(), ..reader.part }
    }
}

/// A hasher that keeps what it is fed, and the ids among it.
struct Reader {
    fed: Pieces,
    part: Part,
}

impl Hasher for Reader {
    fn write(&mut self, bytes: &[u8]) {
        self.fed.add_bytes(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.fed.add(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.fed.add(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.fed.add(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.fed.add(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.fed.add(number as u64);
    }

    fn write_i128(&mut self, number: i128) {
        self.fed.add(number as u64);
        self.fed.add((number >> 64) as u64);
        let id = |kind: i128| u32::try_from(number.checked_sub(kind)?).ok().map(|it| it as usize);
        // A number of a spec may look like an id, which makes a digest depend on more than it has to.
        let (all, id) = match (id(FileId::HASHED_AS), id(TypeId::HASHED_AS), id(OperationId::HASHED_AS)) {
            (Some(id), ..) => (&mut self.part.files, id),
            (_, Some(id), _) => (&mut self.part.types, id),
            (.., Some(id)) => (&mut self.part.operations, id),
            _ => return,
        };
        // Spans in a row are of one file.
        if all.last() != Some(&id) {
            all.push(id);
        }
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// All that digests are made of.
struct Graph {
    types: Vec<Part>,
    operations: Vec<Part>,
    texts: Vec<Digest>,
}

/// What a digest is made of, so far.
#[derive(Debug, Default, Hash)]
struct Reached {
    parts: Parts,
    files: BTreeSet<usize>,
}

impl Graph {
    /// The graph of an API, and what it says in general.
    fn of(api: &Api, sources: &Sources) -> (Self, Part) {
        let types = parallel::map(&api.types, Part::of::<TypeDef>);
        let operations = parallel::map(&api.operations, |it| Part::of::<Operation>(it));
        let texts = (0..).map_while(|it| sources.get(FileId(it))).map(|it| Digest::of(it.text.as_str())).collect();
        (Self { types, operations, texts }, general(api))
    }

    /// What a resource leads to.
    fn reached(&self, general: &Part, own: &Part) -> Reached {
        let mut reached = Reached::default();
        let mut open = vec![general, own];
        while let Some(part) = open.pop() {
            reached.files.extend(&part.files);
            let types = part.types.iter().filter(|it| reached.parts.types.insert(**it));
            open.extend(types.filter_map(|it| self.types.get(*it)));
            let operations = part.operations.iter().filter(|it| reached.parts.operations.insert(**it));
            open.extend(operations.filter_map(|it| self.operations.get(*it)));
        }
        reached
    }

    /// The digest of a resource and all that it leads to.
    fn digest(&self, general: &Part, own: &Part, reached: &Reached) -> Digest {
        let digests = |all: &[Part], ids: &BTreeSet<usize>| -> Vec<Option<Digest>> {
            ids.iter().map(|it| all.get(*it).map(|it| it.digest)).collect()
        };
        let texts: Vec<_> = reached.files.iter().map(|it| self.texts.get(*it)).collect();
        Digest::of(&(
            (general.digest, own.digest, reached),
            digests(&self.types, &reached.parts.types),
            digests(&self.operations, &reached.parts.operations),
            texts,
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Graph, Part};
    use crate::digest::Words;
    use crate::emit::docs;
    use crate::lower::view::{Crate, Docs, Entry};
    use crate::model::{Api, EnumDef, Output, Resource, TypeKind};
    use crate::{load, lower, pipeline, testing};

    /// Every spec of the repository.
    fn check_all(check: impl Fn(&Api, &Graph, &Part)) {
        let root = testing::root();
        for project in [root.join("tests/project"), root] {
            for name in pipeline::api_names(&project).expect("a project") {
                let loaded = load::load(&project, &name).expect("a spec");
                let api = pipeline::model(&loaded).0.expect("a spec without errors");
                let (graph, general) = Graph::of(&api, &loaded.sources);
                check(&api, &graph, &general);
            }
        }
    }

    /// The API with next to nothing left of what a resource does not lead to.
    fn reduced(api: &Api, resource: &Resource, graph: &Graph, general: &Part) -> Api {
        let reached = graph.reached(general, &Part::of(resource));
        let mut rest = api.clone();
        let operations = rest.operations.iter_mut().enumerate().filter(|it| !reached.parts.operations.contains(&it.0));
        for operation in operations.map(|it| Arc::make_mut(it.1)) {
            operation.parameters = Default::default();
            operation.path.clear();
            operation.examples.clear();
            operation.statuses.clear();
            operation.variants.clear();
            operation.output = Output::Empty;
            (operation.stream, operation.pages, operation.failure) = (None, None, None);
            (operation.summary, operation.doc) = Default::default();
        }
        let types =
            Arc::make_mut(&mut rest.types).iter_mut().enumerate().filter(|it| !reached.parts.types.contains(&it.0));
        for (_, def) in types {
            def.kind = TypeKind::Enum(EnumDef { values: Vec::new(), open: false });
            def.doc = String::new();
        }
        for other in rest.resources.iter_mut().filter(|it| it.name != resource.name) {
            (other.title, other.doc, other.source) = Default::default();
        }
        rest
    }

    #[test]
    fn a_page_shows_nothing_else() {
        check_all(|api, graph, general| {
            let pages = docs::pages(api);
            for resource in &api.resources {
                let rest = reduced(api, resource, graph, general);
                let path = format!("docs/{}.md", resource.name);
                assert_eq!(docs::pages(&rest).get(&path), pages.get(&path), "{}: {path}", api.name);
            }
        });
    }

    /// The words of all operations of a resource.
    fn words(krate: &Crate, resource: &str) -> Vec<Words<Docs>> {
        let mut all = Vec::new();
        for operation in krate
            .resources
            .iter()
            .filter_map(|it| it.lowered.as_ref())
            .filter(|it| it.name == resource)
            .flat_map(|it| &it.operations)
        {
            all.push(operation.docs.clone());
            all.extend(operation.request.fields.iter().map(|it| it.docs.clone()));
            for builder in operation.entry.builders() {
                all.push(builder.docs.clone());
                all.extend(builder.setters.iter().map(|it| it.docs.clone()));
            }
            if let Entry::Variants { variants, .. } = &operation.entry {
                all.extend(variants.iter().map(|it| it.docs.clone()));
            }
        }
        all
    }

    #[test]
    fn docs_of_operations_say_nothing_else() {
        check_all(|api, graph, general| {
            let krate = lower::api(api).expect("it has Rust");
            for resource in &api.resources {
                let rest = lower::api(&reduced(api, resource, graph, general)).expect("it has Rust");
                let (all, of_rest) = (words(&krate, &resource.name), words(&rest, &resource.name));
                assert!(!all.is_empty() && all == of_rest, "{}: {}", api.name, resource.name);
            }
        });
    }

    #[test]
    fn views_show_nothing_else_but_what_is_around_them() {
        check_all(|api, graph, general| {
            let views = lower::of_whole_and_rest(api, |api, it| reduced(api, it, graph, general));
            for ([whole, of_rest], resource) in views.iter().zip(&api.resources) {
                assert!(whole == of_rest, "{}: {}", api.name, resource.name);
            }
        });
    }

    #[test]
    fn resources_do_not_depend_on_all_of_an_api() {
        check_all(|api, graph, general| {
            for resource in &api.resources {
                let files = graph.reached(general, &Part::of(resource)).files.len();
                assert!(files <= 4, "{}: {}", api.name, resource.name);
            }
        });
    }
}
