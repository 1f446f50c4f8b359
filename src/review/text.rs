//! Text of others, made inert: for HTML, Markdown and CSV (R6).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use crate::warning::is_hidden;

/// Invisible characters beside those that no message shows.
fn is_invisible(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}')
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}')
        || matches!(c, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text with every character escaped that is invisible, breaks a line or turns the direction of writing.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_invisible(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// The beginning of a text that is too long for a line, with a mark where it was cut.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => Cow::Owned(text.split_at(at).0.chars().chain(['…']).collect()),
        None => Cow::Borrowed(text),
    }
}

/// How much of one text a line of Markdown shows.
const LONGEST: usize = 200;

/// A text of others in Markdown: plain where backslashes make it inert, and code where a renderer could still make a
/// link of it.
///
/// A renderer makes links of bare addresses and URLs after it has taken the backslashes away, but never within code.
pub(super) fn markdown(text: &str) -> String {
    let shown = visible(text);
    let shown = shortened(shown.trim(), LONGEST);
    if shown.is_empty() {
        return "(none)".into();
    }
    let could_link = |c: char| matches!(c, '@' | '/' | '`' | '\\');
    let is_id = shown.contains('_') && shown.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_id || shown.contains(could_link) || shown.replace(": ", "").contains(':') || shown.contains("www.") {
        return code(&shown);
    }
    let mut inert = String::with_capacity(shown.len() + 8);
    let mut is_start = true;
    let mut chars = shown.chars().peekable();
    let mut is_in_word = false;
    while let Some(c) = chars.next() {
        let is_safe = match c {
            ',' | ';' | ':' | '\'' => true,
            // These matter at the start of a line alone, the dot and the bracket also after a number there.
            '.' | '-' | '(' | ')' | '>' | '"' | '%' | '?' => !is_start,
            // Within a word: an id.
            '_' => is_in_word && chars.peek().is_some_and(|next| next.is_ascii_alphanumeric()),
            c => !c.is_ascii_punctuation(),
        };
        if !is_safe {
            inert.push('\\');
        }
        inert.push(c);
        is_start &= c.is_ascii_digit();
        is_in_word = c.is_ascii_alphanumeric();
    }
    inert
}

/// Code in a line of Markdown: nothing in it ends the code or a cell.
pub(super) fn code(text: &str) -> String {
    let mut code = String::from("`");
    for c in text.chars() {
        match c {
            '`' | '|' => code.extend(c.escape_unicode()),
            c => code.push(c),
        }
    }
    code.push('`');
    code
}

/// A sentence of this crate, which may name ids: as [`markdown`], but words of this crate stay plain, and names of
/// files and options are code.
pub(super) fn sentence(text: &str) -> String {
    let mut inert = String::with_capacity(text.len() + 16);
    let shown = visible(text);
    let mut words = shown.split(' ').enumerate();
    while let Some((position, word)) = words.next() {
        if position > 0 {
            inert.push(' ');
        }
        let core = word.trim_end_matches([',', ';', ':', ')', '.']).trim_start_matches('(');
        let known = core.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'%' | b':' | b'\''));
        let plain = known && !core.starts_with('-') && !core.contains(':') || position > 0 && core == "->";
        let is_file = [".json", ".csv", ".html", ".md"].iter().any(|end| core.ends_with(end));
        if core.is_empty() || plain {
            inert.push_str(word);
        } else if let Some((before, after)) = word.split_once(core) {
            inert.push_str(before);
            if core.starts_with("--") && after.is_empty() {
                // An option and its value are one.
                let value = words.next().map_or("", |(_, value)| value);
                let bare = value.trim_end_matches(['.', ';', ',', ':', ')']);
                inert.push_str(&code(format!("{core} {bare}").trim_end()));
                inert.push_str(value.trim_start_matches(bare));
            } else {
                inert.push_str(&if is_file { code(core) } else { markdown(core) });
                inert.push_str(after);
            }
        }
    }
    inert
}

/// Adds a field to a row of CSV, always quoted. A spreadsheet takes a text that begins with one of some characters for
/// a formula; an apostrophe before it makes it a text.
pub(super) fn csv_field(row: &mut String, text: &str) {
    if !row.is_empty() && !row.ends_with('\n') {
        row.push(',');
    }
    row.push('"');
    // Spaces before it do not always help; the wide forms count as well where the keyboard has them.
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')) {
        row.push('\'');
    }
    for part in text.split_inclusive('"') {
        row.push_str(part);
        if part.ends_with('"') {
            row.push('"');
        }
    }
    row.push('"');
}

/// A row of CSV.
pub(super) fn csv_row<'a>(rows: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for field in fields {
        csv_field(rows, field);
    }
    rows.push_str("\r\n");
}

/// What stands for `<` in the data of a page. The script turns it back.
pub(super) const LESS: char = '\u{1a}';

/// Adds a cell to the data of a page: nothing in it can end a script, a cell or a row.
pub(super) fn cell_in_html(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '<' || c.is_ascii_control()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        out.push(match chars.next() {
            Some('<') => LESS,
            // A line of its own within the cell.
            Some('\n') => '\u{c}',
            _ => char::REPLACEMENT_CHARACTER,
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}
