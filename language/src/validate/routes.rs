//! The router: which operation a path means, here and in the contract server.
//!
//! It is a trie of path segments that is made once. Looking a path up takes time in proportion to the length of the path,
//! whatever the number of operations. Text wins over a parameter with text around it, and that wins over a parameter
//! alone, from the left.

use std::borrow::Cow;
use std::collections::HashMap;

use super::url::percent_decoded;
use crate::model::{FieldIx, Method, Operation, PathPart, StatusPath};

/// No path of a spec is that deep.
const MOST_SEGMENTS: usize = 64;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteKind {
    /// The operation itself.
    Call,
    /// The status of a task that it, or another one with the same status path, started.
    Status,
}

/// One end of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteTarget {
    /// Index of the API.
    pub api: usize,
    /// Index of the operation.
    pub operation: usize,
    /// Whether it is the operation itself or the status of its task.
    pub kind: RouteKind,
}

/// A path that was found.
#[derive(Debug)]
pub struct RouteMatch<'r, 'p> {
    /// Never empty; more than one where operations differ by the key that is sent.
    pub targets: &'r [RouteTarget],
    /// The values of the path parameters, in the order of the path.
    pub captures: Vec<Cow<'p, str>>,
}

/// What a path that was not found has.
#[derive(Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// No operation.
    Path,
    /// Operations of these methods.
    Method(Vec<Method>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Box<str>),
    Parameter,
    /// A parameter that may hold slashes.
    Segments,
}

#[derive(Debug, Default)]
struct Node {
    texts: HashMap<Box<str>, usize>,
    /// `{model}:generate`, by what stands behind the parameter.
    suffixes: HashMap<Box<str>, usize>,
    /// Bytes of the longest of them.
    longest_suffix: usize,
    /// Any other mixture of text and parameters.
    mixtures: Vec<(Vec<Piece>, usize)>,
    parameter: Option<usize>,
    /// Parameters that may hold slashes, by what stands behind them in the last segment.
    several: Vec<(Box<str>, usize)>,
    targets: Vec<(Method, Vec<RouteTarget>)>,
}

/// Paths and what they mean: see the module.
#[derive(Debug)]
pub struct Routes {
    nodes: Vec<Node>,
}

impl Default for Routes {
    fn default() -> Self {
        Self::new()
    }
}

impl Routes {
    /// Without paths.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Adds a way to reach something. `base` is text in front of the path: `/runapi/v1`.
    pub fn add(&mut self, base: &str, path: &[PathPart], method: Method, target: RouteTarget) {
        self.add_with(base, path, &|_| false, method, target);
    }

    /// Adds the way to the status of a task, whose id may hold slashes.
    pub fn add_status(&mut self, base: &str, path: &StatusPath, target: RouteTarget) {
        let slashes = |ix: FieldIx| path.keeps_slashes && ix.0 as usize == path.id_position();
        self.add_with(base, &path.parts, &slashes, Method::Get, target);
    }

    /// Adds the way to an operation, whose parameters may hold slashes.
    pub fn add_operation(&mut self, base: &str, op: &Operation, target: RouteTarget) {
        let slashes = |ix: FieldIx| op.parameters.field(ix).sent.keeps_slashes;
        self.add_with(base, &op.path, &slashes, op.method, target);
    }

    fn add_with(
        &mut self,
        base: &str,
        path: &[PathPart],
        slashes: &dyn Fn(FieldIx) -> bool,
        method: Method,
        target: RouteTarget,
    ) {
        let mut at = 0;
        for segment in segments(base, path, slashes) {
            at = self.child(at, segment);
        }
        let Some(node) = self.nodes.get_mut(at) else { return };
        match node.targets.iter_mut().find(|(it, _)| *it == method) {
            None => node.targets.push((method, vec![target])),
            Some((_, targets)) => {
                // A status path is shared by all operations whose tasks it tells of, and comes before a call.
                let shared = targets.iter().any(|it| it.kind == RouteKind::Status && it.api == target.api);
                match target.kind {
                    RouteKind::Status if !shared => targets.insert(0, target),
                    RouteKind::Call => targets.push(target),
                    RouteKind::Status => {}
                }
            }
        }
    }

    fn child(&mut self, at: usize, segment: Vec<Piece>) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else { return at };
        let known = match segment.as_slice() {
            [] => *node.texts.entry("".into()).or_insert(next),
            [Piece::Text(text)] => *node.texts.entry(text.clone()).or_insert(next),
            [Piece::Parameter] => *node.parameter.get_or_insert(next),
            [Piece::Segments] | [Piece::Segments, Piece::Text(_)] => {
                let suffix: Box<str> = match segment.get(1) {
                    Some(Piece::Text(suffix)) => suffix.clone(),
                    _ => "".into(),
                };
                match node.several.iter().find(|(it, _)| *it == suffix) {
                    Some((_, known)) => *known,
                    None => {
                        node.several.push((suffix, next));
                        next
                    }
                }
            }
            [Piece::Parameter, Piece::Text(suffix)] => {
                node.longest_suffix = node.longest_suffix.max(suffix.len());
                *node.suffixes.entry(suffix.clone()).or_insert(next)
            }
            _ => match node.mixtures.iter().find(|(it, _)| *it == segment) {
                Some((_, known)) => *known,
                None => {
                    node.mixtures.push((segment, next));
                    next
                }
            },
        };
        if known == next {
            self.nodes.push(Node::default());
        }
        known
    }

    /// Finds what a method and path mean. No method is one that no operation has.
    ///
    /// # Errors
    /// The path is not that of an operation, or only of operations with other methods.
    pub fn find<'p>(&self, method: Option<Method>, path: &'p str) -> Result<RouteMatch<'_, 'p>, NoRoute> {
        let Some(rest) = path.strip_prefix('/') else { return Err(NoRoute::Path) };
        let segments: Vec<&str> = rest.split('/').take(MOST_SEGMENTS + 1).collect();
        let mut captures = Vec::new();
        if let Some(method) = method {
            let mut wanted = |node: &Node| node.targets.iter().any(|(it, _)| *it == method);
            if let Some(at) = self.walk(0, &segments, &mut captures, &mut wanted)
                && let Some((_, targets)) =
                    self.nodes.get(at).and_then(|it| it.targets.iter().find(|it| it.0 == method))
            {
                return Ok(RouteMatch { targets, captures });
            }
        }
        let mut methods = Vec::new();
        captures.clear();
        self.walk(0, &segments, &mut captures, &mut |node| {
            methods.extend(node.targets.iter().map(|(it, _)| *it));
            false
        });
        methods.sort_unstable();
        methods.dedup();
        Err(if methods.is_empty() { NoRoute::Path } else { NoRoute::Method(methods) })
    }

    /// Goes down every way that fits until `wanted` takes a node. No node is visited twice.
    fn walk<'p>(
        &self,
        at: usize,
        segments: &[&'p str],
        captures: &mut Vec<Cow<'p, str>>,
        wanted: &mut dyn FnMut(&Node) -> bool,
    ) -> Option<usize> {
        let node = self.nodes.get(at)?;
        let Some((&segment, rest)) = segments.split_first() else { return wanted(node).then_some(at) };
        let text = decoded(segment);
        if let Some(next) = node.texts.get(text.as_ref())
            && let Some(found) = self.walk(*next, rest, captures, wanted)
        {
            return Some(found);
        }
        let depth = captures.len();
        if !node.suffixes.is_empty() {
            // The shortest suffix first: ids may hold a colon, verbs come at the end.
            let first = segment.len().saturating_sub(node.longest_suffix).max(1);
            for cut in (first..segment.len()).rev() {
                let Some((value, suffix)) = segment.split_at_checked(cut) else { continue };
                if let Some(next) = node.suffixes.get(suffix) {
                    captures.push(decoded(value));
                    if let Some(found) = self.walk(*next, rest, captures, wanted) {
                        return Some(found);
                    }
                    captures.truncate(depth);
                }
            }
        }
        for (pieces, next) in &node.mixtures {
            if match_mixed_segment(pieces, segment, captures)
                && let Some(found) = self.walk(*next, rest, captures, wanted)
            {
                return Some(found);
            }
            captures.truncate(depth);
        }
        if let Some(next) = node.parameter.filter(|_| !segment.is_empty()) {
            captures.push(text);
            if let Some(found) = self.walk(next, rest, captures, wanted) {
                return Some(found);
            }
            captures.truncate(depth);
        }
        for (suffix, next) in &node.several {
            // As few segments as fit: what follows has names of its own.
            for count in 1..=segments.len() {
                let (taken, rest) = segments.split_at(count);
                let whole = taken.join("/");
                let Some(value) = whole.strip_suffix(&**suffix).filter(|it| !it.is_empty()) else { continue };
                captures.push(Cow::Owned(percent_decoded(value)));
                if let Some(found) = self.walk(*next, rest, captures, wanted) {
                    return Some(found);
                }
                captures.truncate(depth);
            }
        }
        None
    }
}

fn segments(base: &str, path: &[PathPart], slashes: &dyn Fn(FieldIx) -> bool) -> Vec<Vec<Piece>> {
    let mut all: Vec<Vec<Piece>> = vec![Vec::new()];
    let base = PathPart::Literal(base.to_owned());
    for part in std::iter::once(&base).chain(path) {
        match part {
            PathPart::Literal(text) => {
                for (index, piece) in text.split('/').enumerate() {
                    if index > 0 {
                        all.push(Vec::new());
                    }
                    if let (Some(last), false) = (all.last_mut(), piece.is_empty()) {
                        last.push(Piece::Text(percent_decoded(piece).into()));
                    }
                }
            }
            PathPart::Parameter(ix) => {
                if let Some(last) = all.last_mut() {
                    // Behind other text of its segment it is one of several pieces, and holds no slash.
                    let several = slashes(*ix) && last.is_empty();
                    last.push(if several { Piece::Segments } else { Piece::Parameter });
                }
            }
        }
    }
    // What stands in front of the first slash.
    all.remove(0);
    all
}

fn match_mixed_segment<'p>(pieces: &[Piece], segment: &'p str, captures: &mut Vec<Cow<'p, str>>) -> bool {
    let mut rest = segment;
    let mut open = false;
    for piece in pieces {
        match piece {
            Piece::Parameter | Piece::Segments => open = true,
            Piece::Text(wanted) => {
                let at = if open { rest.rfind(&**wanted) } else { rest.starts_with(&**wanted).then_some(0) };
                let Some((value, tail)) = at.and_then(|it| rest.split_at_checked(it)) else { return false };
                if open {
                    if value.is_empty() {
                        return false;
                    }
                    captures.push(decoded(value));
                    open = false;
                }
                let Some(tail) = tail.strip_prefix(&**wanted) else { return false };
                rest = tail;
            }
        }
    }
    if open && !rest.is_empty() {
        captures.push(decoded(rest));
        return true;
    }
    !open && rest.is_empty()
}

fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('%') { Cow::Owned(percent_decoded(text)) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str) -> Vec<PathPart> {
        let mut parts = Vec::new();
        for piece in template.split_inclusive('}') {
            let (text, parameter) = piece.split_once('{').map_or((piece, None), |(text, rest)| (text, Some(rest)));
            parts.push(PathPart::Literal(text.to_owned()));
            parts.extend(parameter.map(|_| PathPart::Parameter(FieldIx(0))));
        }
        parts
    }

    fn routes(all: &[(Method, &str)]) -> Routes {
        let mut routes = Routes::new();
        for (operation, (method, template)) in all.iter().enumerate() {
            routes.add("", &path(template), *method, RouteTarget { api: 0, operation, kind: RouteKind::Call });
        }
        routes
    }

    fn found(routes: &Routes, method: Method, path: &str) -> Option<(usize, Vec<String>)> {
        let found = routes.find(Some(method), path).ok()?;
        Some((found.targets[0].operation, found.captures.iter().map(|it| it.to_string()).collect()))
    }

    #[test]
    fn text_wins_over_parameters() {
        let routes = routes(&[(Method::Get, "/a/{x}"), (Method::Get, "/a/b"), (Method::Get, "/a/{x}/c")]);
        assert_eq!(found(&routes, Method::Get, "/a/b"), Some((1, vec![])));
        assert_eq!(found(&routes, Method::Get, "/a/z"), Some((0, vec!["z".to_owned()])));
        assert_eq!(found(&routes, Method::Get, "/a/b/c"), Some((2, vec!["b".to_owned()])));
        assert_eq!(found(&routes, Method::Get, "/a/"), None);
        assert_eq!(found(&routes, Method::Get, "/a"), None);
        assert_eq!(found(&routes, Method::Get, "/a/b/"), None);
    }

    #[test]
    fn verbs_stand_behind_parameters() {
        let routes = routes(&[
            (Method::Post, "/m/{x}:run"),
            (Method::Post, "/m/{x}:stop"),
            (Method::Post, "/m/{x}"),
            (Method::Post, "/v{major}.{minor}/x"),
        ]);
        assert_eq!(found(&routes, Method::Post, "/m/a:b:run"), Some((0, vec!["a:b".to_owned()])));
        assert_eq!(found(&routes, Method::Post, "/m/a:stop"), Some((1, vec!["a".to_owned()])));
        assert_eq!(found(&routes, Method::Post, "/m/:stop"), Some((2, vec![":stop".to_owned()])));
        assert_eq!(found(&routes, Method::Post, "/m/%E2%98%83%3Aé:run"), Some((0, vec!["☃:é".to_owned()])));
        assert_eq!(found(&routes, Method::Post, "/v1.2/x"), Some((3, vec!["1".to_owned(), "2".to_owned()])));
        assert_eq!(found(&routes, Method::Post, "/v1/x"), None);
    }

    #[test]
    fn a_parameter_may_hold_slashes() {
        let mut routes = Routes::new();
        let target = |operation| RouteTarget { api: 0, operation, kind: RouteKind::Call };
        for (operation, template) in ["/c/{x}", "/c/{x}/raw", "/{x}:run", "/c/fixed"].into_iter().enumerate() {
            routes.add_with("", &path(template), &|_| true, Method::Get, target(operation));
        }
        let value = |it: &str| vec![it.to_owned()];
        assert_eq!(found(&routes, Method::Get, "/c/a/b%20c"), Some((0, value("a/b c"))));
        assert_eq!(found(&routes, Method::Get, "/c/a/b/raw"), Some((1, value("a/b"))));
        assert_eq!(found(&routes, Method::Get, "/m/n/o:run"), Some((2, value("m/n/o"))));
        assert_eq!(found(&routes, Method::Get, "/c/fixed"), Some((3, vec![])));
        assert_eq!(found(&routes, Method::Get, "/c/"), None);
    }

    #[test]
    fn a_method_is_looked_for_on_every_fitting_way() {
        let routes = routes(&[(Method::Get, "/k/{id}"), (Method::Post, "/k/special"), (Method::Delete, "/k/{id}")]);
        assert_eq!(found(&routes, Method::Get, "/k/special"), Some((0, vec!["special".to_owned()])));
        let lost = routes.find(Some(Method::Put), "/k/special").err();
        assert_eq!(lost, Some(NoRoute::Method(vec![Method::Get, Method::Post, Method::Delete])));
        assert_eq!(routes.find(None, "/nothing").err(), Some(NoRoute::Path));
        assert_eq!(routes.find(Some(Method::Get), "*").err(), Some(NoRoute::Path));
    }
}
