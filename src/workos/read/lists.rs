//! Whether the lists of a section were fetched to their ends (B4, B6, B7), and answers that failed (B14).
//!
//! A section is one list; memberships whose every page has the records of one organization are a list for each
//! organization, or else of one user; what stands under a user's id is that user's list. No answer depends on the order
//! of the pages.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::object::{Found, Members};
use crate::Text;
use crate::workos::{Gap, GapKind, Section};

/// The API's largest page.
const LARGEST_PAGE: u64 = 100;
/// The API's page where nobody asks for a size.
const DEFAULT_PAGE: u64 = 10;

/// Whose records a page has.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) enum Of {
    #[default]
    Nobody,
    One(Text),
    Several,
}

impl Of {
    pub(super) fn add(&mut self, id: &Text) {
        match self {
            Self::One(one) if one == id => {}
            Self::Nobody => *self = Self::One(id.clone()),
            Self::One(_) | Self::Several => *self = Self::Several,
        }
    }
}

/// One page of a list.
#[derive(Default)]
pub(super) struct Page {
    pub(super) records: u64,
    /// By what the API lists them: see [`Record::listed_by`](super::record::Record::listed_by).
    pub(super) of: [Of; 2],
    /// What the page says of its neighbours; `None` in a bare list.
    pub(super) cursors: Option<Cursors>,
}

/// What a page says of the pages beside it: its `list_metadata`.
///
/// ```
/// use workos_to_authio::workos::Cursors;
///
/// let page = r#"{"data": [], "list_metadata": {"before": null, "after": "user_01B"}}"#;
/// assert_eq!(Cursors::of_page(page).unwrap().after.as_deref(), Some("user_01B"));
/// assert!(Cursors::of_page("[]").is_none(), "a bare list says nothing");
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Cursors {
    /// The cursor of the page before; absent on the first.
    pub before: Option<Text>,
    /// The cursor of the page after; absent on the last. A value that is no text stands as JSON.
    pub after: Option<Text>,
    /// Whether the next page can be asked for by `after`.
    pub(super) after_is_text: bool,
}

impl Cursors {
    /// Of the text of a page; `None` where it says nothing of other pages.
    pub fn of_page(text: &str) -> Option<Self> {
        let Members(members) = Members::of(text);
        members.into_iter().fold(None, |cursors, (key, value)| match key.as_str() {
            "list_metadata" | "listMetadata" => Self::and(cursors, Self::of(value)),
            "metadata" => Self::and(cursors, Self::of_other(value)),
            _ => cursors,
        })
    }

    /// Null says nothing, like no `list_metadata` at all. A text or a list in its place stands for `after`.
    pub(super) fn of(value: &RawValue) -> Option<Self> {
        let text = value.get();
        if text == "null" {
            return None;
        }
        let mut cursors = Self::default();
        // PHP writes an empty object as an empty list.
        let is_empty_list = text.strip_prefix('[').is_some_and(|rest| rest.trim_start() == "]");
        match serde_json::from_str::<Members<'_>>(text) {
            Ok(Members(members)) => {
                for (name, value) in members {
                    match name.as_str() {
                        "before" => cursors.before = cursors.before.or_else(|| Found::text(value)),
                        "after" => cursors.add_after(value),
                        _ => {}
                    }
                }
            }
            Err(_) if text.starts_with(['[', '"', '{']) && !is_empty_list => cursors.add_after(value),
            Err(_) => {}
        }
        Some(cursors)
    }

    /// `metadata` of an envelope, which older SDKs write: it counts where it has a cursor.
    pub(super) fn of_other(value: &RawValue) -> Option<Self> {
        let is_object = value.get().starts_with('{');
        Self::of(value).filter(|cursors| is_object && (cursors.before.is_some() || cursors.after.is_some()))
    }

    /// Only null and an empty text say that no page follows. Of several values a text counts first.
    fn add_after(&mut self, value: &RawValue) {
        match Found::text(value) {
            Some(text) if !self.after_is_text => (self.after, self.after_is_text) = (Some(text), true),
            None if self.after.is_none() && !matches!(value.get(), "null" | "\"\"") => {
                self.after = Some(value.get().into());
            }
            _ => {}
        }
    }

    /// What two values of `list_metadata` say together: a page follows where one of them says so.
    pub(super) fn and(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(one), Some(other)) = (&one, &other) else { return one.or(other) };
        let first = if one.after.is_some() && (one.after_is_text || !other.after_is_text) { one } else { other };
        let before = one.before.as_ref().or(other.before.as_ref()).cloned();
        Some(Self { before, after: first.after.clone(), after_is_text: first.after_is_text })
    }
}

/// The lists of a section that ended so far.
#[derive(Default)]
pub(super) struct Ended {
    /// Bare lists whose pages all have the API's default size, which proves nothing as long as no page is longer.
    of_default_size: Vec<Option<Text>>,
    longest: u64,
    failed: u64,
    answers: u64,
    message: Option<Text>,
}

impl Ended {
    /// Counts an answer that is not a list.
    pub(super) fn answer(&mut self) {
        self.answers += 1;
    }

    /// Counts an answer that is an API error.
    pub(super) fn error(&mut self, message: Text) {
        self.failed += 1;
        self.answers += 1;
        if self.message.as_ref().is_none_or(|smallest| message < *smallest) {
            self.message = Some(message);
        }
    }

    /// Ends a list, or the lists of a section by organization or user.
    pub(super) fn list(&mut self, section: Section, user: Option<&Text>, pages: Vec<Page>, gaps: &mut Vec<Gap>) {
        self.answers += pages.len() as u64;
        let is_one = |page: &Page, of: &Of| *of != Of::Several && (page.records == 0) == (*of == Of::Nobody);
        let [by_first, by_second] =
            [0, 1].map(|at| pages.iter().all(|page| page.of.get(at).is_some_and(|of| is_one(page, of))));
        if user.is_some() || !(by_first || by_second) {
            return self.judge(section, user, &pages.iter().collect::<Vec<_>>(), user.is_none(), gaps);
        }
        let mut lists: BTreeMap<Option<&Text>, Vec<&Page>> = BTreeMap::new();
        for page in &pages {
            let [first, second] = &page.of;
            let id = match if by_first { first } else { second } {
                Of::One(id) => Some(id),
                Of::Nobody | Of::Several => None,
            };
            lists.entry(id).or_default().push(page);
        }
        // One organization with several pages: they may be the pages of the whole section.
        if lists.keys().filter(|id| id.is_some()).count() <= 1 {
            let id = lists.keys().flatten().next().copied();
            return self.judge(section, id, &pages.iter().collect::<Vec<_>>(), true, gaps);
        }
        // An organization without members has an empty page that names nobody. Only a cursor makes it tell something.
        if let Some(empty) = lists.get_mut(&None) {
            empty.retain(|page| page.has_cursor());
        }
        for (id, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            self.judge(section, id, &list, false, gaps);
        }
    }

    /// Judges one list by the cursors of its pages (B6), or by their sizes where they have none (B7).
    fn judge(&mut self, section: Section, id: Option<&Text>, pages: &[&Page], is_whole: bool, gaps: &mut Vec<Gap>) {
        let (paged, bare): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|page| page.cursors.is_some());
        self.longest = self.longest.max(pages.iter().map(|page| page.records).max().unwrap_or_default());
        let of_cursors = Self::by_cursors(&paged, &bare, is_whole);
        gaps.extend(of_cursors.map(|kind| Gap { section, list_of: id.cloned(), kind }));
        let never_paged = section == Section::Roles || section == Section::Identities && id.is_some();
        let Some(size) = bare.first().map(|page| page.records) else { return };
        if never_paged || !bare.iter().all(|page| page.records == size) {
            return;
        }
        match size {
            LARGEST_PAGE => gaps.push(Gap { section, list_of: id.cloned(), kind: GapKind::MaybeTruncated }),
            DEFAULT_PAGE => self.of_default_size.push(id.cloned()),
            _ => {}
        }
    }

    /// What the cursors of a list say of its end (B6).
    fn by_cursors(paged: &[&Page], bare: &[&Page], is_whole: bool) -> Option<GapKind> {
        let cursors = || paged.iter().filter_map(|page| page.cursors.as_ref());
        let mut afters: Vec<&Text> = cursors().filter_map(|cursors| cursors.after.as_ref()).collect();
        afters.sort_unstable();
        let befores = cursors().filter(|cursors| cursors.before.is_some()).count();
        // Ids rise in the order that pages have, but where the newest record comes first.
        let falls =
            |cursors: &Cursors| cursors.after.as_ref().is_some_and(|after| cursors.before.as_ref() > Some(after));
        let last = if cursors().any(falls) { afters.first() } else { afters.last() };
        let twice = afters.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first());
        let truncated = |after: &&Text| GapKind::Truncated { after: (*after).clone() };
        if twice.is_some() || afters.is_empty() {
            let maybe = (befores > 0).then_some(GapKind::MaybeTruncated);
            return twice.map(truncated).or(maybe);
        }
        if befores == 0 {
            let ends = || paged.iter().filter(|page| !page.has_cursor()).chain(bare);
            if ends().next().is_none() {
                return last.map(truncated);
            }
            // Several ends: several lists, of which one may be cut.
            let several = ends().filter(|page| page.records > 0).count() > 1;
            return (is_whole && several).then_some(GapKind::MaybeTruncated);
        }
        let last_is_empty =
            is_whole && paged.len() > 1 && paged.iter().any(|page| page.records == 0 && !page.has_cursor());
        if afters.len() > befores + usize::from(last_is_empty) {
            return last.map(truncated);
        }
        (befores > afters.len()).then_some(GapKind::MaybeTruncated)
    }

    /// Says what only the whole section shows.
    pub(super) fn finish(self, section: Section, gaps: &mut Vec<Gap>) {
        let Self { of_default_size, longest, failed, answers, message } = self;
        if longest <= DEFAULT_PAGE {
            let of = |id| Gap { section, list_of: id, kind: GapKind::MaybeTruncated };
            gaps.extend(of_default_size.into_iter().map(of));
        }
        let Some(message) = message else { return };
        let kind = if answers == 1 {
            GapKind::ApiError { message }
        } else {
            GapKind::AnswersFailed { failed, answers, message }
        };
        gaps.push(Gap::new(section, kind));
    }
}

impl Page {
    fn has_cursor(&self) -> bool {
        self.cursors.as_ref().is_some_and(|cursors| cursors.before.is_some() || cursors.after.is_some())
    }
}
