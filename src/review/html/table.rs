//! A table on the page: its first rows, and a search over all of them.

use alloc::string::String;
use alloc::vec::Vec;

use maud::{Markup, html};

use super::super::tables::{Row, Table};
use super::super::words::grouped;

/// How many rows of a table are in the page without a script.
const FIRST: usize = 50;

/// How many more the button shows.
const STEP: usize = 200;

/// A table of so many rows needs no search.
const SHORT: usize = 10;

/// A table of which the first rows are drawn, with a search over all of them.
pub(super) fn part(table: &Table<'_>, title: &str, intro: &str) -> Markup {
    let shown = table.len.min(FIRST);
    let search = alloc::format!("search-{}", table.key);
    let has_search = table.len > SHORT;
    html! {
        section id=(table.key) data-table=[has_search.then_some(table.key)] {
            h2 { (title) }
            p { (intro) }
            @if table.len == 0 { p { "None." } }
            @if has_search {
                div.tools hidden {
                    label for=(search) {
                        "Search" input type="search" id=(search) autocomplete="off" spellcheck="false";
                    }
                    @if let Some(column) = table.filter {
                        label { "Only" select data-column=(column) {
                            option value="" { "all" }
                            @for value in values(table, column) { option value=(value) { (value) } }
                        } }
                    }
                }
                p.found role="status" {
                    (grouped(table.len as u64)) " in all" @if shown < table.len { ", the first " (shown) " shown" }
                }
            }
            @if table.len > 0 {
                div.wide tabindex="0" role="region" aria-label=(table.caption) { (body(table, shown)) }
            }
            @if has_search {
                button.more type="button" hidden[shown == table.len] { "Show " (STEP.min(table.len - shown)) " more" }
            }
            @if shown < table.len {
                noscript { p { "The other rows are drawn by a script. They are also in ids.csv and findings.csv." } }
            }
        }
    }
}

/// The values of a column, sorted.
fn values(table: &Table<'_>, column: usize) -> Vec<String> {
    let mut values: indexmap::IndexSet<String> = indexmap::IndexSet::new();
    for row in table.rows() {
        if let Some(value) = row.get(column).filter(|value| !values.contains(&***value)) {
            values.insert(value.clone().into_owned());
        }
    }
    values.sort_unstable();
    values.into_iter().collect()
}

/// A whole table, without a search.
pub(super) fn plain(table: &Table<'_>) -> Markup {
    html! { div.wide tabindex="0" role="region" aria-label=(table.caption) { (body(table, table.len)) } }
}

fn body(table: &Table<'_>, shown: usize) -> Markup {
    html! {
        table.stack {
            caption { (table.caption) }
            thead { tr { @for column in &table.columns { th scope="col" { (column) } } } }
            tbody { @for row in table.rows().take(shown) { (cells(&row, &table.columns)) } }
        }
    }
}

fn cells(row: &Row<'_>, columns: &[&'static str]) -> Markup {
    html! {
        tr { @for (at, (text, column)) in row.iter().zip(columns).enumerate() {
            @if at == 0 { th scope="row" { (text) } } @else { td data-c=(column) { (text) } }
        } }
    }
}
