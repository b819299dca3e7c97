//! `new API`: writes a commented spec to start from, and generates its crate.

use std::fs;
use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline::SPEC;
use specwright_codegen::scaffold;
use specwright_codegen::settings::Settings;

use super::codegen;
use crate::output::say;
use crate::workspace;
use crate::{CommandResult, Verdict};

/// Writes `spec/NAME/` and generates the crate. The workspace includes every folder of `generated/`.
pub(crate) fn run(project: &Path, name: &str) -> CommandResult {
    let files = scaffold::files(name).map_err(Failure::new)?;
    let settings = Settings::load(project)?;
    let output = &settings.crates.output;
    let folder = project.join(SPEC).join(name);
    for taken in [folder.clone(), project.join(output).join(name)] {
        if taken.exists() {
            let message = format!("`{}` already exists", taken.display());
            return Err(Failure::new(message).help("choose another name, or remove the folder"));
        }
    }
    workspace::names_are_free(project, &settings, &[name.to_owned()])?;
    for (path, text) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(|error| Failure::io("create the folder", parent, &error))?;
        fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    if codegen::run(project, &[name.to_owned()], false)? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    say(&format!(
        "\n`{SPEC}/{name}/` contains a spec with comments, and `{output}/{name}/` contains its crate. Next:\n  \
         1. edit {SPEC}/{name}/api.yaml and add a file per resource (the spec language is described in docs/spec-language.md of Specwright)\n  \
         2. {tool} codegen {name}          (or with --watch while you write)\n  \
         3. cargo doc -p {package} --open          to see what a user of the crate sees",
        tool = crate::tool(),
        package = settings.crates.package(name),
    ));
    Ok(Verdict::Clean)
}
