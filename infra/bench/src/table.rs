//! Tables that can be pasted into a page of Markdown.

use std::fmt::{self, Display, Formatter};

/// A table.
#[derive(Debug)]
pub struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns: the first holds names, the others numbers.
    #[must_use]
    pub fn new<const N: usize>(columns: [&'static str; N]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// One more row. Cells that are missing stay empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.columns.join(" | "))?;
        let rules: Vec<&str> = (0..self.columns.len()).map(|n| if n == 0 { "---" } else { "---:" }).collect();
        writeln!(f, "|{}|", rules.join("|"))?;
        for row in &self.rows {
            let cells = row.iter().map(String::as_str).chain(std::iter::repeat("")).take(self.columns.len());
            // A bar within a cell would begin another one.
            let cells: Vec<String> = cells.map(|cell| cell.replace('|', "\\|")).collect();
            writeln!(f, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// A number with as many places as say something: three figures.
#[must_use]
pub fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// How many times as much `value` is as `floor`.
#[must_use]
pub fn times(value: f64, floor: f64) -> String {
    if floor > 0.0 { format!("{} ×", figure(value / floor)) } else { "–".to_owned() }
}

/// Bytes as MB (10⁶ bytes).
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss)]
    let bytes = bytes as f64;
    format!("{:.2}", bytes / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_markdown_with_every_cell_in_its_place() {
        let mut table = Table::new(["what", "ms", "beside"]);
        table.row(["a|b".to_owned(), figure(1.234)]);
        assert_eq!(table.to_string(), "| what | ms | beside |\n|---|---:|---:|\n| a\\|b | 1.23 |  |\n");
    }

    #[test]
    fn numbers_have_three_figures() {
        assert_eq!((figure(0.126), figure(12.34), figure(1234.5)), ("0.13".into(), "12.3".into(), "1234".to_owned()));
        assert_eq!((times(30.0, 2.0), times(1.0, 0.0)), ("15.0 ×".to_owned(), "–".to_owned()));
        assert_eq!(megabytes(4_321_000), "4.32");
    }
}
