//! One list, page by page, and what makes a page doubtful (L4).

use alloc::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::workos::read::page::Outline;

/// Pages of a list as large as this, or as the API's default, may have been cut where nothing is said of more (B7).
const CUT_SIZES: [usize; 2] = [100, 10];

/// How far a list is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Walk {
    /// What the next page comes after.
    pub(super) cursor: Option<Text>,
    /// What the page before came after.
    before: Option<Text>,
    /// The ids of the records so far.
    known: BTreeSet<Text>,
    doubt: Doubt,
    /// Records so far, unreadable ones included.
    pub(super) records: u64,
    /// Whether it reads on after the list was once at its end.
    pub(super) is_tail: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Doubt {
    /// The list goes its way.
    #[default]
    None,
    /// The page before is read again, for its cursor.
    PageBefore,
    /// The page that was doubtful is read again.
    SamePage,
}

/// How a list is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// It comes whole.
    None,
    /// A cursor is the id of the last record of its page.
    ByRecord,
    /// A cursor means something to the API alone.
    Opaque,
}

/// What a page means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Its records count, and it is the last.
    End,
    /// Its records count, and it may be the last.
    MaybeEnd,
    /// Its records count, and another follows.
    On,
    /// Its records do not count, and another page is read in its place.
    Back,
    /// Its records count, and nothing after them can be read.
    Cut(Text),
}

impl Walk {
    /// Reads on from the end of a list.
    pub(super) fn tail(known: BTreeSet<Text>, last: Self) -> Self {
        Self { known, is_tail: true, doubt: Doubt::None, ..last }
    }

    /// What is kept of a list at its end, to read on later.
    pub(super) fn end(&self) -> Self {
        Self { known: BTreeSet::new(), ..self.clone() }
    }

    /// Whether a record was there before.
    pub(super) fn knows(&self, id: Option<&Text>) -> bool {
        id.is_some_and(|id| self.known.contains(id))
    }

    /// Whether the next page is one that was read before.
    pub(super) fn is_rereading(&self) -> bool {
        self.doubt == Doubt::PageBefore
    }

    /// Takes a page in. Of its records those count that were not known before: see [`Walk::knows`], and
    /// [`Walk::learn`] afterwards.
    pub(super) fn step(&mut self, page: &Outline, paging: Paging) -> Step {
        if paging == Paging::None {
            // Such a list has no further pages that could be asked for.
            return page.after.clone().map_or(Step::End, Step::Cut);
        }
        let ids = || page.ids.iter().flatten();
        let is_doubtful = match self.doubt {
            // Known records are what is expected here.
            Doubt::PageBefore => page.after.is_some() && page.after == self.cursor,
            Doubt::None | Doubt::SamePage => {
                let is_known = ids().any(|id| self.known.contains(id));
                let stands_still = page.after.is_some() && (page.ids.is_empty() || page.after == self.cursor);
                let last = page.ids.last().and_then(Option::as_ref).filter(|_| paging == Paging::ByRecord);
                let leads_astray = last.is_some() && page.after.is_some() && page.after.as_ref() != last;
                is_known || stands_still || leads_astray
            }
        };
        if is_doubtful || page.is_lost {
            return self.doubtful();
        }
        let Some(after) = page.after.clone() else {
            let is_cut = !page.has_metadata && CUT_SIZES.contains(&page.ids.len());
            // So that reading on begins where the list ended.
            if let Some(last) = page.ids.iter().flatten().next_back() {
                self.before = self.cursor.replace(last.clone());
            }
            return if is_cut { Step::MaybeEnd } else { Step::End };
        };
        self.doubt = match self.doubt {
            Doubt::PageBefore => Doubt::SamePage,
            Doubt::None | Doubt::SamePage => Doubt::None,
        };
        self.before = self.cursor.replace(after);
        Step::On
    }

    /// The page cannot be right: it is read once more, from the cursor before (L4).
    pub(super) fn doubtful(&mut self) -> Step {
        if self.doubt == Doubt::None {
            self.doubt = Doubt::PageBefore;
            self.cursor.clone_from(&self.before);
            return Step::Back;
        }
        Step::Cut(self.cursor.clone().unwrap_or_default())
    }

    /// Knows these records from now on. Of a page with `known` records only the others are counted.
    pub(super) fn learn(&mut self, page: &Outline, known: bool) {
        let is_new = |id: &&Option<Text>| !known || id.as_ref().is_some_and(|id| !self.known.contains(id));
        self.records += page.ids.iter().filter(is_new).count() as u64;
        self.known.extend(page.ids.iter().flatten().cloned());
    }
}
