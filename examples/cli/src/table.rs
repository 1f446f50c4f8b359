//! Tables for people.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::terminal::say;

/// Prints a table: the first column is text, the others are numbers.
pub(crate) fn say_table<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header).add_rows(rows);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if at == 0 { (0, 0) } else { (2, 0) });
        if at > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        say(line.trim_end());
    }
}
