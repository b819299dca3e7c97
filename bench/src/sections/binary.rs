//! Bytes that one call adds to a program that has reqwest anyway.

use std::path::PathBuf;

use crate::binaries::{self, Program, Source};
use crate::context::{Context, read};
use crate::report::Measured;
use crate::table::{Table, Target, figure};
use crate::{Result, process};

/// The profiles, with the most kB that the call of the compared API may add in each.
const PROFILES: [(&str, f64); 2] = [("release", 400.0), ("small", 150.0)];

const BARE: &str = r#"#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::new();
    let answer = client.post("http://127.0.0.1:9/api").header("authorization", "Bearer key").body("{}").send().await?;
    println!("{}", answer.text().await?);
    Ok(())
}
"#;

const WITH_JSON: &str = r#"#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::new();
    let answer = client.post("http://127.0.0.1:9/api").header("authorization", "Bearer key").body("{}").send().await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.bytes().await?)?;
    println!("{answer:?}");
    Ok(())
}
"#;

/// What all programs have, with the same features: none of them can do TLS.
const COMMON: &str = r#"reqwest = { version = "*", default-features = false, features = ["http2", "stream"] }
tokio = { version = "1", features = ["fs", "io-util", "rt", "sync", "time", "net", "macros"] }
"#;

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    let programs = programs(context)?;
    let workspace = binaries::prepare(context, "one-call", &programs)?;
    for (profile, most) in PROFILES {
        let mut table = Table::new([
            &format!("kB, profile `{profile}`"),
            "in all",
            "over bare reqwest",
            "over reqwest and serde_json",
            "target over bare reqwest",
            "measured / target",
        ]);
        let mut base = Vec::new();
        for program in &programs {
            eprintln!("   {} in profile {profile}", program.name);
            let bytes = kilobytes(context, &workspace, program, profile);
            let bytes = match bytes {
                Ok(bytes) => bytes,
                Err(failure) => {
                    measured.note(format!("`{}`: {failure}", program.name));
                    continue;
                }
            };
            let over = |at: usize| base.get(at).map_or(f64::NAN, |it| bytes - it);
            let target = if program.name == context.api { Target::AtMost(most) } else { Target::None };
            let words = [format!("`{}`", program.name), figure(bytes)];
            if base.len() < 2 {
                table.row(words);
                base.push(bytes);
            } else {
                table.row(words.into_iter().chain([figure(over(0)), figure(over(1))]).chain(target.cells(over(0))));
            }
        }
        measured.tables.push(table);
    }
    Ok(measured)
}

fn kilobytes(context: &Context, workspace: &PathBuf, program: &Program, profile: &str) -> Result<f64> {
    let file = binaries::build(context, workspace, &program.name, profile)?;
    Ok(process::size(&file)? / 1e3)
}

/// The two programs that the others are compared with, then the first call of each API, and one with a stream.
fn programs(context: &Context) -> Result<Vec<Program>> {
    let json = "serde_json = { version = \"1\", features = [\"float_roundtrip\"] }\n";
    let program = |name: &str, code: &str, more: &str| Program {
        name: name.to_owned(),
        source: Source::Text(code.to_owned()),
        dependencies: format!("{COMMON}{more}"),
    };
    let mut programs = vec![program("bare", BARE, ""), program("bare-json", WITH_JSON, json)];
    for api in context.apis()? {
        let code = first_call(context, &api)?;
        let folder = format!("generated/{api}");
        let dependencies = binaries::dependency(context, &api, &folder, &[&resource(context, &api)?])
            + &binaries::dependency(context, "specwright-runtime", "runtime", &["reqwest"]);
        programs.push(program(&api, &calling(&api, &code), &dependencies));
        if streams(context, &api)? {
            programs.push(program(&format!("{api}-stream"), &streaming(&api, &code), &dependencies));
        }
    }
    Ok(programs)
}

/// The program of a crate's README, without the line that makes the client.
fn first_call(context: &Context, api: &str) -> Result<String> {
    let readme = read(&context.root.join("generated").join(api).join("README.md"))?;
    let code = readme.split_once("```rust\n").and_then(|(_, it)| it.split_once("```"));
    let code = code.ok_or_else(|| format!("the README of `{api}` shows no program"))?.0;
    Ok(code.lines().filter(|it| !it.starts_with("let client = ")).map(|it| format!("{it}\n")).collect())
}

/// The feature of the resource that the README's program calls.
pub(crate) fn resource(context: &Context, api: &str) -> Result<String> {
    let code: String = first_call(context, api)?.split_whitespace().collect();
    let name =
        code.split_once("client.").and_then(|(_, it)| it.split_once("()")).map(|(name, _)| name.replace('_', "-"));
    name.ok_or_else(|| format!("the README of `{api}` calls no resource").into())
}

/// Whether the operation that the README's program calls can be streamed.
fn streams(context: &Context, api: &str) -> Result<bool> {
    let code: String = first_call(context, api)?.split_whitespace().collect();
    let mut names = code.split_once("client.").map_or("", |(_, it)| it).split("().");
    let (Some(resource), Some(operation)) = (names.next(), names.next()) else { return Ok(false) };
    let file = context.root.join("generated").join(api).join("src").join(resource).join(format!("{operation}.rs"));
    // A resource with few operations has them in one file.
    Ok(file.is_file() && read(&file)?.contains("fn stream("))
}

/// A program that makes the call and prints the response.
fn calling(api: &str, code: &str) -> String {
    program(api, &format!("    let answer = {{\n{}\n    }};\n    println!(\"{{answer:?}}\");", expression(code)))
}

/// A program that prints the pieces of the response, then all of it.
fn streaming(api: &str, code: &str) -> String {
    let call = expression(code).replace(".send()", ".stream()");
    let print = "    while let Some(text) = answer.next_text().await {\n        print!(\"{}\", text?);\n    }\n    \
                 println!(\"{:?}\", answer.collect().await?);";
    program(api, &format!("    let mut answer = {{\n{call}\n    }};\n{print}"))
}

fn program(api: &str, body: &str) -> String {
    format!(
        "#[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let client = {api}::Client::builder().api_key(\"key\").base_url(\"http://127.0.0.1:9\").build()?;\n\
         {body}\n    Ok(())\n}}\n"
    )
}

/// `let answer = client….await?;` as an expression. Lines before it stay.
fn expression(code: &str) -> String {
    let code = code.trim_end().trim_end_matches(';');
    let line = |it: &str| match it.split_once(" = client") {
        Some((before, rest)) if before.starts_with("let ") => format!("client{rest}"),
        _ => it.to_owned(),
    };
    code.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_becomes_an_expression() {
        let code =
            "use paper::Size;\nlet boat = client\n    .boats()\n    .fold(Size::A4)\n    .send()\n    .await?;\n";
        let expected = "use paper::Size;\nclient\n    .boats()\n    .fold(Size::A4)\n    .send()\n    .await?";
        assert_eq!(expression(code), expected);
        assert!(streaming("paper", code).contains(".stream()\n    .await?\n    };"));
    }
}
