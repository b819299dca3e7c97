//! How the pages of the reference are laid out.

use super::view::{Example, Operation, Overview, Resource, ResourceLine, Section, Variants};
use crate::emit::layout::Page;

/// The first page.
pub(super) fn overview(view: &Overview) -> String {
    let Overview { marker, title, doc, source, sections, resources } = view;
    let mut page = Page::new(marker);
    top(&mut page, title, doc, source);
    sections.iter().for_each(|it| section(&mut page, it));
    page.heading("##", "Resources");
    resource_lines(&mut page, resources);
    page.into_text()
}

/// The page of a resource.
pub(super) fn resource(view: &Resource) -> String {
    let Resource { marker, title, doc, source, index, operations, types } = view;
    let mut page = Page::new(marker);
    top(&mut page, title, doc, source);
    page.block(index);
    operations.iter().for_each(|it| operation(&mut page, it));
    types.iter().for_each(|it| section(&mut page, it));
    page.into_text()
}

/// Resources and their operations in short.
pub(in crate::emit) fn resource_lines(page: &mut Page, resources: &[ResourceLine]) {
    for ResourceLine { link, doc, operations } in resources {
        page.heading("###", link);
        page.block(doc);
        page.block(operations);
    }
}

fn top(page: &mut Page, title: &str, doc: &str, source: &str) {
    page.heading("#", title);
    page.block(doc);
    if !source.is_empty() {
        page.block(&format!("Source: {source}"));
    }
}

fn section(page: &mut Page, section: &Section) {
    let Section { title, blocks, rules } = section;
    page.heading("##", title);
    page.blocks(blocks);
    page.list(rules);
}

fn operation(page: &mut Page, operation: &Operation) {
    let Operation {
        heading,
        summary,
        request,
        doc,
        facts,
        parameters,
        variants,
        rules,
        answer,
        statuses,
        examples,
        refused,
    } = operation;
    page.heading("##", heading);
    page.block(summary);
    page.block(request);
    page.block_if_any(doc);
    page.list(facts);
    page.heading("###", "Parameters");
    page.blocks(parameters);
    if let Some(Variants { list, intro, table }) = variants {
        page.heading("###", "Variants");
        page.list(list);
        page.block_if_any(intro);
        page.block_if_any(table);
    }
    if !rules.is_empty() {
        page.heading("###", "Rules");
        page.list(rules);
    }
    page.heading("###", "Response");
    page.blocks(answer);
    if !statuses.is_empty() {
        page.heading("###", "Statuses");
        page.block(statuses);
    }
    if !examples.is_empty() {
        page.heading("###", "Examples");
        examples.iter().for_each(|it| example(page, it));
    }
    if !refused.is_empty() {
        page.heading("###", "Rejected");
        page.list(refused);
    }
}

fn example(page: &mut Page, example: &Example) {
    let Example { title, source, blocks } = example;
    page.block(&format!("**{title}**"));
    if !source.is_empty() {
        page.line(&["(", source, ")"]);
    }
    page.blocks(blocks);
}
