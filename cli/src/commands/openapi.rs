//! `openapi API [--openapi 3.1|3.0] [-o FILE]`: exports the spec for tools that read OpenAPI.

use std::fs;
use std::path::Path;

use specwright_codegen::emit::openapi::{self, Version};
use specwright_codegen::failure::Failure;

use super::validate::sound_api;
use crate::output::{self, say};
use crate::{CommandResult, Verdict};

/// Prints the document, or writes it to a file.
pub(crate) fn run(project: &Path, api: &str, version: &str, file: Option<&str>) -> CommandResult {
    let api = sound_api(project, api)?;
    let version = if version == "3.0" { Version::V3_0 } else { Version::V3_1 };
    let document = openapi::document(&api, version);
    // `{:#}` writes JSON with indentation.
    let text = format!("{document:#}\n");
    match file {
        None | Some("-") => {
            output::print(&text)?;
        }
        Some(file) => {
            fs::write(file, text).map_err(|error| Failure::io("write", Path::new(file), &error))?;
            say(&format!("wrote {file}"));
        }
    }
    Ok(Verdict::Clean)
}
