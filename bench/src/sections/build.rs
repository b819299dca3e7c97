//! What rustc takes for the generated crates: time, memory, size; and for what other generators make of the same API.

use std::fs;
use std::path::Path;

use crate::context::{Context, read, write};
use crate::report::Measured;
use crate::rivals::{self, Rival};
use crate::rustc::{Mode, Package, RustcCost};
use crate::table::{Table, figure};
use crate::{Result, process};

use super::tools::Tool;

/// A crate of the comparison.
struct Subject {
    label: String,
    package: Package,
    check: Vec<RustcCost>,
    release: Vec<RustcCost>,
    rlib: f64,
}

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    let api = &context.api;
    let mut subjects = vec![Subject::new("Specwright", Package::generated(context, api, &resources(context, api)?))];
    let rivals = rivals::installed(context, &mut measured);
    if !rivals.is_empty() {
        let document = Tool::dev(context)?.export(context, api)?;
        for rival in rivals {
            let package = rival.document(&document, &mut measured).and_then(|it| generated(context, &rival, &it));
            match package {
                Ok(package) => subjects.push(Subject::new(rival.name, package)),
                Err(failure) => measured.note(format!("{}: {}", rival.name, one_line(&failure.to_string()))),
            }
        }
    }
    compare(context, &mut subjects, &mut measured);
    let Some(ours) = subjects.first().filter(|it| !it.check.is_empty()) else {
        return Err("our own crate does not compile".into());
    };
    measured.tables.push(comparison(ours, subjects.get(1..).unwrap_or_default()));
    measured.note(format!(
        "The API is `{api}`. Figures are those of rustc for the crate alone, the best of {} interleaved runs.",
        context.rounds
    ));
    let all = crates(context, ours)?;
    measured.tables.push(all);
    Ok(measured)
}

impl Subject {
    fn new(label: &str, package: Package) -> Subject {
        Subject { label: label.to_owned(), package, check: Vec::new(), release: Vec::new(), rlib: f64::NAN }
    }
}

/// The crate that another generator makes, with its dependencies built.
fn generated(context: &Context, rival: &Rival, document: &Path) -> Result<Package> {
    eprintln!("   {}: dependencies", rival.name);
    rival.empty_folder(context)?;
    process::run(&mut rival.generate(context, document)?)?;
    let package = rival.package(context)?;
    // With an empty crate, since the crate itself takes longer than what it depends on.
    let (source, kept) = (package.folder.join("src"), package.folder.join("src-kept"));
    fs::rename(&source, &kept)?;
    let built = write(&source.join("lib.rs"), "").and_then(|()| {
        package.build(context, Mode::Check)?;
        package.build(context, Mode::Release)
    });
    fs::remove_dir_all(&source)?;
    fs::rename(&kept, &source)?;
    built.map(|()| package)
}

/// Measures all in turn, so that what disturbs the machine disturbs them all. One that does not compile gets a note.
fn compare(context: &Context, subjects: &mut Vec<Subject>, measured: &mut Measured) {
    let ours = subjects.first().map(|it| it.package.clone());
    for mode in [Mode::Check, Mode::Release] {
        if let Some(Err(failure)) = ours.as_ref().map(|it| it.build(context, mode)) {
            measured.note(one_line(&failure.to_string()));
        }
        for round in 1..=context.rounds {
            subjects.retain_mut(|it| {
                eprintln!("   {}: {mode:?}, round {round}", it.label);
                match it.package.measure(context, mode) {
                    Ok(cost) if mode == Mode::Check => it.check.push(cost),
                    Ok(cost) => it.release.push(cost),
                    Err(failure) => {
                        measured.note(format!("{}: {}", it.label, one_line(&failure.to_string())));
                        return false;
                    }
                }
                if mode == Mode::Release {
                    it.rlib = process::size(&it.package.rlib(context)).unwrap_or(f64::NAN) / 1e6;
                }
                true
            });
        }
    }
}

/// Rows are figures, columns are generators.
fn comparison(ours: &Subject, others: &[Subject]) -> Table {
    let labels = [ours].into_iter().chain(others).map(|it| it.label.as_str());
    let mut table = Table::new(["what"].into_iter().chain(labels).chain(["best other / Specwright", "target"]));
    let mut row = |what: &str, of: fn(&Subject) -> f64, target: &str| {
        let mine = of(ours);
        let best = others.iter().map(of).fold(f64::INFINITY, f64::min);
        let ratio = if others.is_empty() { "–".to_owned() } else { figure(best / mine) };
        let figures = [ours].into_iter().chain(others).map(|it| figure(of(it)));
        table.row([what.to_owned()].into_iter().chain(figures).chain([ratio, target.to_owned()]));
    };
    row("`cargo check`, s of processors", |it| best(&it.check, |it| it.processor), "at least 6");
    row("… s by the clock", |it| best(&it.check, |it| it.clock), "");
    row("… MiB", |it| best(&it.check, |it| it.mib), "Specwright at most 350");
    row("release build, s of processors", |it| best(&it.release, |it| it.processor), "at least 4.5");
    row("… s by the clock", |it| best(&it.release, |it| it.clock), "");
    row("… MiB", |it| best(&it.release, |it| it.mib), "");
    row("rlib, MB", |it| it.rlib, "at least 3");
    table
}

fn best(runs: &[RustcCost], of: fn(RustcCost) -> f64) -> f64 {
    RustcCost::best(runs).map_or(f64::NAN, of)
}

/// All generated crates of this repository. `compared` is already measured.
fn crates(context: &Context, compared: &Subject) -> Result<Table> {
    let apis = context.apis()?;
    let mut columns = Vec::new();
    for api in &apis {
        let package = Package::generated(context, api, &resources(context, api)?);
        let subject = if *api == compared.package.name {
            None
        } else {
            let mut alone = vec![Subject::new(api, package)];
            compare(context, &mut alone, &mut Measured::default());
            Some(alone.pop().ok_or_else(|| format!("`{api}` does not compile"))?)
        };
        columns.push(column(context, api, subject.as_ref().unwrap_or(compared))?);
    }
    let headings = apis.iter().map(|it| format!("`{it}`"));
    let mut table = Table::new([String::new()].into_iter().chain(headings));
    for (at, (what, _)) in columns.first().into_iter().flatten().enumerate() {
        let cells = columns.iter().map(|it| it.get(at).map_or_else(String::new, |(_, cell)| cell.clone()));
        table.row([(*what).to_owned()].into_iter().chain(cells));
    }
    Ok(table)
}

/// The figures of one crate.
fn column(context: &Context, api: &str, subject: &Subject) -> Result<Vec<(&'static str, String)>> {
    let size = Size::of(&context.root.join("generated").join(api).join("src"))?;
    let per_builder = |of: f64| figure(of * 1e3 / size.builders as f64);
    let check = best(&subject.check, |it| it.processor);
    let release = best(&subject.release, |it| it.processor);
    let resource = super::binary::resource(context, api)?;
    let one = Package::generated(context, api, std::slice::from_ref(&resource));
    one.build(context, Mode::Check)?;
    let one = one.measure(context, Mode::Check)?;
    let per_operation = |of: usize| figure(of as f64 / size.operations as f64);
    Ok(vec![
        ("operations", size.operations.to_string()),
        ("builders", size.builders.to_string()),
        ("lines per operation", per_operation(size.lines)),
        ("… that are code", per_operation(size.code)),
        ("functions per operation", per_operation(size.functions)),
        ("`cargo check`, s of processors", figure(check)),
        ("… ms per builder", per_builder(check)),
        ("… MiB", figure(best(&subject.check, |it| it.mib))),
        ("… one resource, s of processors", format!("{} (`{resource}`)", figure(one.processor))),
        ("release build, s of processors", figure(release)),
        ("… ms per builder", per_builder(release)),
        ("… MiB", figure(best(&subject.release, |it| it.mib))),
        ("rlib, MB", figure(subject.rlib)),
    ])
}

/// How much code a crate has.
#[derive(Debug, Default, PartialEq)]
struct Size {
    operations: usize,
    builders: usize,
    lines: usize,
    code: usize,
    functions: usize,
}

impl Size {
    fn of(folder: &Path) -> Result<Size> {
        let mut size = Size::default();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                size.add(&Size::of(&path)?);
            } else if path.extension().is_some_and(|it| it == "rs") {
                size.add(&Size::of_text(&read(&path)?));
            }
        }
        Ok(size)
    }

    fn of_text(text: &str) -> Size {
        let code = || text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with("//"));
        Size {
            operations: text.matches("\nstatic OPERATION: ").count(),
            builders: text.matches(" = super::Builder<").count(),
            lines: text.lines().count(),
            code: code().count(),
            functions: code().filter(|it| it.starts_with("fn ") || it.contains(" fn ")).count(),
        }
    }

    fn add(&mut self, other: &Size) {
        self.operations += other.operations;
        self.builders += other.builders;
        self.lines += other.lines;
        self.code += other.code;
        self.functions += other.functions;
    }
}

/// The resources of a crate: features that turn nothing else on.
fn resources(context: &Context, api: &str) -> Result<Vec<String>> {
    let manifest = read(&context.root.join("generated").join(api).join("Cargo.toml"))?;
    let (_, features) = manifest.split_once("\n[features]\n").ok_or("a generated crate without features")?;
    let lines = features.lines().take_while(|it| !it.starts_with('['));
    Ok(lines.filter_map(|it| it.strip_suffix(" = []")).map(str::to_owned).collect())
}

/// A failure as a note in a list.
fn one_line(failure: &str) -> String {
    failure.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_counted_without_comments() {
        let text = "//! A.\n\nstatic OPERATION: u8 = 1;\n/// B, a fn in words.\npub fn b() {\n    fn_c();\n}\npub type D = super::Builder<DRequest>;\n";
        let expected = Size { operations: 1, builders: 1, lines: 8, code: 5, functions: 1 };
        assert_eq!(Size::of_text(text), expected);
    }
}
