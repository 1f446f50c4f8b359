//! Slugs: how a name becomes one (O2) and how they stay unique (O3).

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};

use indexmap::{IndexMap, IndexSet};

use crate::{PlanOptions, SlugChange};

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
    reserved: IndexSet<String>,
    taken: IndexSet<String>,
    /// By the first slug that was tried for it, the organization that had to look furthest.
    tried: IndexMap<String, Tried>,
    /// For each base that ran out of tails, the next number to try.
    next: IndexMap<String, u64>,
}

/// A search for a free slug: whoever searches from the same slug, with an id that ends alike, need not try these again.
struct Tried {
    letters: String,
    /// The longest tail of `letters` that was tried. Its slug and those of all shorter ones are taken.
    length: usize,
}

/// A slug, and how it relates to the one that the organization asked for.
pub(crate) struct Given {
    pub(crate) slug: String,
    /// What was asked for; empty where that is unusable.
    pub(crate) wanted: String,
    pub(crate) change: Option<SlugChange>,
}

impl Slugs {
    pub(crate) fn new(options: &PlanOptions) -> Self {
        let reserved = options.reserved().map(ToOwned::to_owned).collect();
        Self { reserved, taken: IndexSet::new(), tried: IndexMap::new(), next: IndexMap::new() }
    }

    /// The slug that an organization keeps (N10), unless a damaged snapshot gave it to an older one as well.
    pub(crate) fn keep(&mut self, slug: &str, own: Option<&str>, name: &str) -> Option<Given> {
        if !self.taken.insert(slug.to_owned()) {
            return None;
        }
        let wanted = slugify(own.unwrap_or(name)).unwrap_or_default();
        let change = (wanted != slug).then_some(SlugChange::Pinned);
        Some(Given { slug: slug.to_owned(), wanted, change })
    }

    /// Withholds slugs that organizations keep from those that do not (N10).
    pub(crate) fn reserve<'a>(&mut self, slugs: impl Iterator<Item = &'a str>) {
        self.reserved.extend(slugs.map(ToOwned::to_owned));
    }

    /// The slug of the organization `id` that has a name and perhaps a slug of its own (O2, O3).
    pub(crate) fn give(&mut self, id: &str, own: Option<&str>, name: &str) -> Given {
        let wanted = slugify(own.unwrap_or(name));
        let candidate = wanted.clone().or_else(|| without_name(id));
        let change = match &wanted {
            None => Some(SlugChange::Unusable),
            Some(slug) if self.reserved.contains(slug) => Some(SlugChange::Reserved),
            Some(slug) if self.taken.contains(slug) => Some(SlugChange::Taken),
            Some(slug) => own.filter(|own| own != slug).map(|_| SlugChange::Rewritten),
        };
        let slug = match candidate {
            Some(slug) if self.is_free(&slug) => slug,
            taken => self.apart(taken.as_deref().unwrap_or(NAMELESS), id),
        };
        self.taken.insert(slug.clone());
        Given { slug, wanted: wanted.unwrap_or_default(), change }
    }

    fn is_free(&self, slug: &str) -> bool {
        (self.reserved.is_empty() || !self.reserved.contains(slug)) && !self.taken.contains(slug)
    }

    /// The slug with as much of the id behind it as makes it unique (O3).
    fn apart(&mut self, base: &str, id: &str) -> String {
        let letters = letters(id);
        let shortest = TAIL.min(letters.len());
        let longest = letters.len().min(LONGEST_TAIL);
        if shortest > 0 {
            let first = join(base, last(&letters, shortest));
            let tried =
                self.tried.get(&first).map_or(0, |tried| tried.length.min(common_end(&tried.letters, &letters)));
            for length in shortest.max(tried + 1)..=longest {
                let slug = join(base, last(&letters, length));
                if self.is_free(&slug) {
                    self.tried.insert(first, Tried { letters, length });
                    return slug;
                }
            }
            self.tried.insert(first, Tried { letters, length: longest });
        }
        // Ids without letters and digits, or alike in all of them: numbers in the order of age.
        let mut number = self.next.get(base).copied().unwrap_or(2);
        loop {
            let slug = join(base, &number.to_string());
            number += 1;
            if self.is_free(&slug) {
                self.next.insert(base.to_owned(), number);
                return slug;
            }
        }
    }
}

/// How many bytes two ASCII strings have in common at their ends.
fn common_end(a: &str, b: &str) -> usize {
    a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count()
}

/// Text to slug: transliterated, lower-cased, everything else to single hyphens, cut (O2). `None` where less than two
/// characters are left.
fn slugify(text: &str) -> Option<String> {
    let mut slug = String::new();
    for c in deunicode::deunicode(text).chars() {
        if slug.len() == LONGEST {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    (slug.len() >= 2).then_some(slug)
}

/// `org-<tail>`, for an organization whose name makes no slug (O2).
fn without_name(id: &str) -> Option<String> {
    let letters = letters(id);
    (!letters.is_empty()).then(|| join(NAMELESS, last(&letters, TAIL)))
}

/// The ASCII letters and digits of an id, lower-cased.
fn letters(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The last letters of an ASCII string, or all of a shorter one.
fn last(letters: &str, length: usize) -> &str {
    letters.get(letters.len().saturating_sub(length)..).unwrap_or(letters)
}

/// `base-tail`, the base cut so that the whole is not too long (O3).
fn join(base: &str, tail: &str) -> String {
    let room = LONGEST.saturating_sub(tail.len() + 1).min(base.len());
    let base = base.get(..room).unwrap_or(base).trim_end_matches('-');
    format!("{base}-{tail}")
}
