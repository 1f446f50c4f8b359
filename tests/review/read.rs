//! Reads what a review wrote, with the parsers that others have.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

/// What a browser sees of a page, in order.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Each start tag with the names and values of its attributes.
    pub(crate) tags: Vec<(String, Vec<(String, String)>)>,
    /// The text of each element that has any, with its tag.
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) comments: usize,
}

impl Page {
    pub(crate) fn of(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Sink::default(), Default::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    /// All texts of a tag.
    pub(crate) fn text_of<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(of, _)| of == tag).map(|(_, text)| text.as_str())
    }

    /// The rows of a table that are in the page as data.
    pub(crate) fn rows(&self, key: &str) -> Vec<Vec<String>> {
        let id = format!("data-{key}");
        let is_data =
            |(_, attributes): &(String, Vec<(String, String)>)| attributes.iter().any(|(_, value)| *value == id);
        let (_, data) = &self.texts[self.tags.iter().position(is_data).unwrap()];
        let shown = |cell: &str| cell.replace('\u{c}', "\n").replace('\u{1a}', "<");
        let row = |line: &str| line.split('\t').map(shown).collect();
        if data.is_empty() { Vec::new() } else { data.split('\n').map(row).collect() }
    }
}

#[derive(Default)]
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let name = tag.name.to_string();
                let attributes = tag.attrs.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
                page.tags.push((name.clone(), attributes.collect()));
                page.texts.push((name.clone(), String::new()));
                match name.as_str() {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    _ => {}
                }
            }
            Token::CharacterTokens(text) => {
                if let Some((_, last)) = page.texts.last_mut() {
                    last.push_str(&text);
                }
            }
            Token::CommentToken(_) => page.comments += 1,
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Rows of CSV as a strict reader has them, the header apart.
pub(crate) fn csv(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (header, rows.collect())
}

/// The rows of the first table of Markdown below a heading, by a renderer's parser.
pub(crate) fn markdown_table(text: &str, heading: &str) -> Vec<Vec<String>> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let (mut in_heading, mut found, mut rows, mut cell) = (false, false, Vec::<Vec<String>>::new(), String::new());
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(words) if in_heading => found = &*words == heading,
            Event::Start(Tag::TableRow) if found => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::Text(words) | Event::Code(words) => cell.push_str(&words),
            Event::End(TagEnd::TableCell) if found => {
                if let Some(row) = rows.last_mut() {
                    row.push(cell.clone());
                }
            }
            Event::End(TagEnd::Table) if found => return rows,
            _ => {}
        }
    }
    rows
}
