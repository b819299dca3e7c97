//! The document as a whole: what it is called, where it runs, and its operations.

use std::collections::{HashMap, VecDeque};

use super::reader::{Reader, Version};
use super::{Document, Requirement, Schemas, Server, Tag, Variable};
use crate::finding::{Findings, fault};
use crate::read::{Cursor, Workspace};

/// Reads the document of a workspace. Nothing when it is no OpenAPI document at all.
pub fn read(workspace: &Workspace, out: &mut Findings) -> Option<Document> {
    let root = workspace.root()?;
    let mut reader = Reader {
        workspace,
        version: Version::V3_0,
        schemas: Schemas::default(),
        ids: HashMap::new(),
        waiting: VecDeque::new(),
        out,
    };
    reader.read_version(&root)?;
    let mut document = Document::default();
    if let Some(info) = root.get("info") {
        document.title = reader.prose(&info, "title");
        document.description = reader.prose(&info, "description");
        document.version = reader.prose(&info, "version");
    }
    document.docs_url = root.get("externalDocs").and_then(|it| reader.text(&it, "url"));
    document.servers = reader.servers(&root);
    for tag in reader.list(&root, "tags") {
        if let Some(name) = reader.text(&tag, "name") {
            document.tags.push(Tag { name, description: reader.prose(&tag, "description") });
        }
    }
    document.security = reader.security(&root).unwrap_or_default();
    if let Some(components) = root.get("components") {
        document.schemes = reader.schemes(&components);
        // In the order of the document, so that ids and names follow it.
        for (_, schema) in reader.map(&components, "schemas") {
            reader.schema(schema);
        }
    }
    let at_the_top = root.members().filter(|it| it.0.key.starts_with("x-"));
    document.extensions = at_the_top.map(|(member, it)| (member.key.clone(), it.place())).collect();
    // Of several, the first is the key itself.
    if let Some(header) = reader.list(&root, "x-fern-idempotency-headers").first() {
        document.idempotency_header = reader.text(header, "header");
    }
    document.operations = reader.operations(&root);
    for key in ["webhooks", "x-webhooks"] {
        for (name, webhook) in reader.map(&root, key) {
            document.webhooks.push((name, webhook.place()));
        }
    }
    reader.drain_schemas();
    document.schemas = reader.schemas;
    Some(document)
}

impl<'d> Reader<'d> {
    fn read_version(&mut self, root: &Cursor<'d>) -> Option<()> {
        let Some(version) = self.text(root, "openapi") else {
            let found = self.text(root, "swagger").map_or("missing".to_owned(), |it| format!("swagger {it}"));
            let mut finding = fault::version(&found, root.place());
            if root.get("paths").is_none() || found.starts_with("swagger") {
                finding.level = crate::finding::Level::Dropped;
                finding.message = match found.strip_prefix("swagger ") {
                    Some(it) => format!("the document is Swagger {it}; 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read"),
                    None => "the file is no OpenAPI document: it has neither `openapi` nor `paths`".to_owned(),
                };
                finding.help = "convert it to OpenAPI 3 first, for example with swagger2openapi".to_owned();
                self.out.push(finding);
                return None;
            }
            self.out.push(finding);
            return Some(());
        };
        self.version = if version.starts_with("3.0") { Version::V3_0 } else { Version::V3_1 };
        if !["3.0", "3.1", "3.2"].iter().any(|it| version.starts_with(it)) {
            let place = root.get("openapi").map_or_else(|| root.place(), |it| it.place());
            self.out.push(fault::version(&version, place));
        }
        Some(())
    }

    /// `servers` of the document, a path or an operation.
    pub(super) fn servers(&mut self, of: &Cursor<'d>) -> Vec<Server> {
        let mut servers = Vec::new();
        for server in self.list(of, "servers") {
            let Some(url) = self.text(&server, "url") else { continue };
            let mut variables = Vec::new();
            for (name, variable) in self.map(&server, "variables") {
                variables.push(Variable {
                    name,
                    description: self.prose(&variable, "description"),
                    default: self.text(&variable, "default").filter(|it| !it.is_empty()),
                    values: self.texts(&variable, "enum"),
                });
            }
            let description = self.prose(&server, "description");
            servers.push(Server { place: server.place(), url: url.trim().to_owned(), description, variables });
        }
        servers
    }

    /// `security` of the document or an operation; nothing if it is not said.
    pub(super) fn security(&mut self, of: &Cursor<'d>) -> Option<Vec<Requirement>> {
        of.get("security")?;
        let alternatives = self.list(of, "security");
        let scopes = |it: &Cursor<'d>| {
            let items = it.node.items().iter().filter_map(|it| it.text().map(str::to_owned));
            items.collect::<Vec<String>>()
        };
        let together =
            |it: Cursor<'d>| it.members().map(|(member, it)| (member.key.clone(), scopes(&it), it.place())).collect();
        Some(alternatives.into_iter().map(together).collect())
    }
}
