//! Slugs: how a name becomes one (O2) and how they stay unique (O3).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use crate::{PlanOptions, SlugChange, Text};

/// The longest slug that Authio takes, in characters.
const LONGEST: usize = 60;
/// How much of an id tells two slugs apart, as long as that suffices.
const TAIL: usize = 8;
/// The most of an id that goes into a slug, so that something of the name stays.
const LONGEST_TAIL: usize = 48;
/// The slug of an organization whose name makes none, before its tail.
const NAMELESS: &str = "org";

/// The slugs given so far. Asked in the order of age (O4), it gives an older organization the same slug whatever younger
/// ones come to be (P6).
pub(crate) struct Slugs {
    reserved: IndexSet<Text>,
    taken: IndexSet<Text>,
    /// By the first slug that was tried for it, the organization that had to look furthest.
    tried: IndexMap<Text, Tried>,
    /// By a number's digits and what a base that ran out of tails is cut to before them, the next number to try. Bases that begin
    /// alike may be cut to the same.
    next: IndexMap<(usize, Text), u64>,
}

/// A search for a free slug: whoever searches from the same slug, with an id that ends alike, need not try these again.
struct Tried {
    letters: String,
    /// The longest tail of `letters` that was tried. Its slug and those of all shorter ones are taken.
    length: usize,
}

/// A slug, and how it relates to the one that the organization asked for.
pub(crate) struct Given {
    pub(crate) slug: Text,
    /// What was asked for; empty where that is unusable.
    pub(crate) wanted: Text,
    pub(crate) change: Option<SlugChange>,
}

impl Slugs {
    /// No slugs yet, with room for those of so many organizations.
    pub(crate) fn new(options: &PlanOptions, organizations: usize) -> Self {
        let reserved = options.get_reserved_slugs().map(Text::from).collect();
        Self { reserved, taken: IndexSet::with_capacity(organizations), tried: IndexMap::new(), next: IndexMap::new() }
    }

    /// The slug that an organization keeps (N10), unless a damaged snapshot gave it to an older one as well.
    pub(crate) fn keep(&mut self, slug: &str, own: Option<&str>, name: &str) -> Option<Given> {
        let slug = Text::from(slug);
        if !self.taken.insert(slug.clone()) {
            return None;
        }
        let wanted = slugify(own.unwrap_or(name)).unwrap_or_default();
        let change = (wanted != slug).then_some(SlugChange::Pinned);
        Some(Given { slug, wanted, change })
    }

    /// Withholds slugs that organizations keep from those that do not (N10).
    pub(crate) fn reserve<'a>(&mut self, slugs: impl Iterator<Item = &'a str>) {
        self.reserved.extend(slugs.map(Text::from));
    }

    /// The slug of the organization `id` that has a name and perhaps a slug of its own (O2, O3).
    pub(crate) fn give(&mut self, id: &str, own: Option<&str>, name: &str) -> Given {
        let wanted = slugify(own.unwrap_or(name));
        let change = match &wanted {
            None => Some(SlugChange::Unusable),
            Some(slug) if self.is_reserved(slug) => Some(SlugChange::Reserved),
            Some(slug) if self.taken.contains(slug) => Some(SlugChange::Taken),
            Some(slug) => own.filter(|own| *slug != *own).map(|_| SlugChange::Rewritten),
        };
        let slug = match (change, &wanted) {
            (None | Some(SlugChange::Rewritten), Some(slug)) => slug.clone(),
            (_, Some(slug)) => self.apart(slug, letters(id)),
            (_, None) => {
                let letters = letters(id);
                match without_name(&letters) {
                    Some(slug) if self.is_free(&slug) => slug,
                    taken => self.apart(taken.as_deref().unwrap_or(NAMELESS), letters),
                }
            }
        };
        self.taken.insert(slug.clone());
        Given { slug, wanted: wanted.unwrap_or_default(), change }
    }

    fn is_reserved(&self, slug: &str) -> bool {
        !self.reserved.is_empty() && self.reserved.contains(slug)
    }

    fn is_free(&self, slug: &str) -> bool {
        !self.is_reserved(slug) && !self.taken.contains(slug)
    }

    /// The slug with as much of the id behind it as makes it unique (O3).
    fn apart(&mut self, base: &str, letters: String) -> Text {
        self.with_tail(base, letters).unwrap_or_else(|| self.with_number(base))
    }

    /// The slug with the shortest tail of 8 letters or more, or all of fewer, that makes it unique.
    fn with_tail(&mut self, base: &str, letters: String) -> Option<Text> {
        let shortest = TAIL.min(letters.len());
        let longest = letters.len();
        if shortest == 0 {
            return None;
        }
        let first = join(base, last(&letters, shortest));
        let known = self.tried.get_mut(first.as_str());
        let tried = known.as_ref().map_or(0, |known| known.length.min(common_end(&known.letters, &letters)));
        let candidates = (shortest.max(tried + 1)..=longest).map(|length| (length, join(base, last(&letters, length))));
        let reserved = &self.reserved;
        let free = |slug: &Text| !reserved.contains(slug) && !self.taken.contains(slug);
        let found = candidates.into_iter().find(|(_, slug)| free(slug));
        let length = found.as_ref().map_or(longest, |(length, _)| *length);
        match known {
            Some(known) if known.length >= length => {}
            Some(known) => *known = Tried { letters, length },
            None => drop(self.tried.insert(first, Tried { letters, length })),
        }
        found.map(|(_, slug)| slug)
    }

    /// For ids without letters and digits, or alike in all of them: numbers in the order of age.
    fn with_number(&mut self, base: &str) -> Text {
        let (mut digits, mut first) = (1, 2);
        loop {
            let cut = cut(base, digits);
            let beyond = 10_u64.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX));
            let next = self.next.entry((digits, cut.into())).or_insert(first);
            while *next < beyond {
                let slug = Text::concat([cut, "-", &next.to_string()]);
                *next += 1;
                if !self.reserved.contains(&slug) && !self.taken.contains(&slug) {
                    return slug;
                }
            }
            (digits, first) = (digits + 1, beyond);
        }
    }
}

/// How many bytes two ASCII strings have in common at their ends.
fn common_end(a: &str, b: &str) -> usize {
    a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count()
}

/// Text to slug: transliterated, lower-cased, everything else to single hyphens, cut (O2). `None` where less than two
/// characters are left.
fn slugify(text: &str) -> Option<Text> {
    let mut slug = String::with_capacity(LONGEST);
    for byte in deunicode::deunicode(text).bytes() {
        if slug.len() == LONGEST {
            break;
        }
        if byte.is_ascii_alphanumeric() {
            slug.push(byte.to_ascii_lowercase().into());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    (slug.len() >= 2).then(|| slug.into())
}

/// `org-<tail>`, for an organization whose name makes no slug (O2).
fn without_name(letters: &str) -> Option<Text> {
    (!letters.is_empty()).then(|| join(NAMELESS, last(letters, TAIL)))
}

/// The last ASCII letters and digits of an id, lower-cased: as many as may go into a slug.
fn letters(id: &str) -> String {
    let mut letters = Vec::with_capacity(LONGEST_TAIL);
    letters.extend(id.bytes().rev().filter(u8::is_ascii_alphanumeric).take(LONGEST_TAIL));
    letters.reverse();
    letters.make_ascii_lowercase();
    String::from_utf8(letters).unwrap_or_default()
}

/// The last letters of an ASCII string, or all of a shorter one.
fn last(letters: &str, length: usize) -> &str {
    letters.get(letters.len().saturating_sub(length)..).unwrap_or(letters)
}

/// `base-tail`, the base cut so that the whole is not too long (O3).
fn join(base: &str, tail: &str) -> Text {
    Text::concat([cut(base, tail.len()), "-", tail])
}

/// As much of a slug as leaves room for a hyphen and a tail (O3).
fn cut(base: &str, tail: usize) -> &str {
    let room = LONGEST.saturating_sub(tail + 1).min(base.len());
    base.get(..room).unwrap_or(base).trim_end_matches('-')
}
