//! Whether the lists of a section were fetched to their ends (B4, B6, B7), and answers that failed (B14).
//!
//! A section is one list; memberships whose every page has the records of one organization are a list for each organization;
//! what stands under a user's id is that user's list. No answer depends on the order of the pages.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::object::Found;
use crate::Text;
use crate::workos::{Gap, GapKind, Section};

/// The API's largest page, and the page that it gives where nobody asks for a size.
const PAGES: [u64; 2] = [100, 10];

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
    pub(super) of: Of,
    /// What the page says of its neighbours; `None` in a bare list.
    pub(super) cursors: Option<Cursors>,
}

/// `list_metadata` of a page.
#[derive(Default)]
pub(super) struct Cursors {
    has_before: bool,
    after: Option<Text>,
}

impl Cursors {
    /// Null says nothing, like no `list_metadata` at all.
    pub(super) fn of(value: &RawValue) -> Option<Self> {
        let cursor = |name| match Found::of(value, name) {
            Found::Text(cursor) => Some(cursor).filter(|cursor| !cursor.is_empty()),
            Found::Absent | Found::NoText => None,
        };
        if value.get() == "null" {
            return None;
        }
        // A cursor alone in place of the object is the next page's.
        let has_before = value.get().starts_with('{') && cursor("before").is_some();
        Some(Self { has_before, after: cursor("after") })
    }
}

/// The lists of a section that ended so far.
#[derive(Default)]
pub(super) struct Ended {
    /// Bare lists whose pages all have the API's default size, which proves nothing as long as no list is longer.
    of_default_size: Vec<Option<Text>>,
    longest: u64,
    failed: u64,
    answers: u64,
    message: Option<Text>,
}

impl Ended {
    /// Counts an answer that is an API error.
    pub(super) fn error(&mut self, message: Text) {
        self.failed += 1;
        self.answers += 1;
        if self.message.as_ref().is_none_or(|smallest| message < *smallest) {
            self.message = Some(message);
        }
    }

    /// Ends a list, or the lists of a section by organization.
    pub(super) fn list(&mut self, section: Section, user: Option<&Text>, pages: Vec<Page>, gaps: &mut Vec<Gap>) {
        self.answers += pages.len() as u64;
        let by_organization = section == Section::OrganizationMemberships
            && pages.iter().all(|page| page.of != Of::Several && (page.records == 0) == (page.of == Of::Nobody));
        if !by_organization {
            return self.judge(section, user, &pages.iter().collect::<Vec<_>>(), user.is_none(), gaps);
        }
        let mut lists: BTreeMap<Option<&Text>, Vec<&Page>> = BTreeMap::new();
        for page in &pages {
            let id = match &page.of {
                Of::One(id) => Some(id),
                Of::Nobody | Of::Several => None,
            };
            lists.entry(id).or_default().push(page);
        }
        // One organization with several pages: they may be the pages of the whole section.
        let is_whole = lists.keys().filter(|id| id.is_some()).count() <= 1;
        let empty = lists.remove(&None).unwrap_or_default();
        // An organization without members has an empty page that names nobody. Only a cursor makes it tell something.
        let nobodys: Vec<&Page> = empty.iter().filter(|page| page.has_cursor()).copied().collect();
        if is_whole {
            let all: Vec<&Page> = pages.iter().collect();
            let id = lists.keys().next().copied().flatten();
            return self.judge(section, id, &all, true, gaps);
        }
        for (id, list) in lists {
            self.judge(section, id, &list, false, gaps);
        }
        if !nobodys.is_empty() {
            self.judge(section, None, &nobodys, false, gaps);
        }
    }

    /// Judges one list by the cursors of its pages (B6), or by their sizes where they have none (B7).
    fn judge(&mut self, section: Section, id: Option<&Text>, pages: &[&Page], is_whole: bool, gaps: &mut Vec<Gap>) {
        let mut gap = |kind| gaps.push(Gap { section, list_of: id.cloned(), kind });
        let (paged, bare): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|page| page.cursors.is_some());
        self.longest = self.longest.max(pages.iter().map(|page| page.records).sum());
        let cursors = || paged.iter().filter_map(|page| page.cursors.as_ref());
        let mut afters: Vec<&Text> = cursors().filter_map(|cursors| cursors.after.as_ref()).collect();
        afters.sort_unstable();
        let with_before = cursors().filter(|cursors| cursors.has_before).count();
        let ends = cursors().filter(|cursors| cursors.after.is_none()).count();
        let last_and_empty = usize::from(
            is_whole && paged.len() > 1 && paged.iter().any(|page| page.records == 0 && !page.has_cursor()),
        );
        let twice = afters.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first().copied());
        let is_cut = if with_before == 0 { ends == 0 } else { afters.len() > with_before + last_and_empty };
        if let Some(after) = twice.or_else(|| afters.first().copied().filter(|_| is_cut)) {
            gap(GapKind::Truncated { after: after.clone() });
        } else if with_before > afters.len() {
            gap(GapKind::MaybeTruncated);
        }
        let never_paged = section == Section::Identities && id.is_some();
        let Some(size) = bare.first().map(|page| page.records) else { return };
        let all_alike = bare.iter().all(|page| page.records == size);
        if never_paged || !all_alike || !PAGES.contains(&size) {
            return;
        }
        if size == PAGES[0] {
            gap(GapKind::MaybeTruncated);
        } else {
            self.of_default_size.push(id.cloned());
        }
    }

    /// Says what only the whole section shows.
    pub(super) fn finish(self, section: Section, gaps: &mut Vec<Gap>) {
        let Self { of_default_size, longest, failed, answers, message } = self;
        if longest <= 10 {
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
        self.cursors.as_ref().is_some_and(|cursors| cursors.has_before || cursors.after.is_some())
    }
}
