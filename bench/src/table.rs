//! Tables of figures, as Markdown that can also be read on a terminal.

use serde_json::{Value, json};

/// A table with one line of headings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<T: Into<String>>(head: impl IntoIterator<Item = T>) -> Table {
        Table { head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row. Cells that are left out are empty.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.head.len(), String::new());
        self.rows.push(cells);
    }

    /// Columns as wide as their widest cell.
    pub(crate) fn markdown(&self) -> String {
        let lines = || [&self.head].into_iter().chain(&self.rows);
        let width = |at: usize| lines().filter_map(|it| it.get(at)).map(|it| it.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(|at| width(at).max(3)).collect();
        let line = |cells: &[String]| {
            let cells = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:width$} |"));
            format!("|{}\n", cells.collect::<String>())
        };
        let rule: String = widths.iter().map(|it| format!("{}|", "-".repeat(it + 2))).collect();
        let rows: String = self.rows.iter().map(|it| line(it)).collect();
        format!("{}|{rule}\n{rows}", line(&self.head))
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "head": self.head, "rows": self.rows })
    }

    pub(crate) fn from_json(value: &Value) -> Option<Table> {
        let cells = |it: &Value| -> Option<Vec<String>> {
            it.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
        };
        let rows = value.get("rows")?.as_array()?.iter().map(cells).collect::<Option<_>>()?;
        Some(Table { head: cells(value.get("head")?)?, rows })
    }
}

/// A figure with about three digits, and thousands apart: `0.42`, `3.8`, `452`, `98 700`.
pub(crate) fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let decimals = match value.abs() {
        size if size == 0.0 || size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        _ => 2,
    };
    // Beyond five digits, the last ones are noise.
    let step = if value.abs() >= 99_950.0 { 100.0 } else { 1.0 };
    let text =
        if decimals == 0 { format!("{:.0}", (value / step).round() * step) } else { format!("{value:.decimals$}") };
    if decimals > 0 { text } else { with_thousands(&text) }
}

/// A figure that was chosen and not measured: `4.5`, `40`, `100 000`.
fn limit(value: f64) -> String {
    if value.fract() == 0.0 { with_thousands(&format!("{value:.0}")) } else { value.to_string() }
}

/// A figure that may not be known.
pub(crate) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "?".to_owned(), figure)
}

/// `12345` as `12 345`.
fn with_thousands(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// What is to be reached.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    None,
}

impl Target {
    /// The target, and what was measured in parts of it: two cells.
    pub(crate) fn cells(self, measured: f64) -> [String; 2] {
        let (words, target) = match self {
            Target::AtMost(it) => ("at most", it),
            Target::AtLeast(it) => ("at least", it),
            Target::None => return [String::new(), String::new()],
        };
        [format!("{words} {}", limit(target)), figure(measured / target)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned() {
        let mut table = Table::new(["what", "s"]);
        table.row(["a long name", "3.8"]);
        table.row(["b"]);
        let expected = "| what        | s   |\n|-------------|-----|\n| a long name | 3.8 |\n| b           |     |\n";
        assert_eq!(table.markdown(), expected);
        assert_eq!(Table::from_json(&table.to_json()), Some(table));
    }

    #[test]
    fn figures_have_three_digits() {
        let check = |value: f64, expected: &str| assert_eq!(figure(value), expected);
        check(0.0, "0");
        check(0.421, "0.42");
        check(9.996, "10.0");
        check(3.84, "3.84");
        check(12.34, "12.3");
        check(451.6, "452");
        check(4512.0, "4512");
        check(98_712.4, "98 712");
        check(1_234_567.0, "1 234 600");
        check(f64::NAN, "?");
    }

    #[test]
    fn targets_are_shown_as_ratios() {
        assert_eq!(Target::AtMost(40.0).cells(21.0), ["at most 40", "0.53"]);
        assert_eq!(Target::AtLeast(100_000.0).cells(150_000.0), ["at least 100 000", "1.50"]);
    }
}
