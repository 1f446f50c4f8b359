//! Slugs: how a name becomes a slug (O2), and how slugs stay unique (O3).

use alloc::string::{String, ToString};

use indexmap::{IndexMap, IndexSet};

use crate::{PlanOptions, SlugChange, Text};

/// The longest slug that Authio takes, in characters.
const LONGEST: usize = 60;
/// How many characters of an id a suffix has, unless it takes more to make the slug unique.
const SHORTEST_SUFFIX: usize = 8;
/// The most characters of an id in a slug, so that part of the name is kept.
const LONGEST_SUFFIX: usize = 48;
/// The slug before its suffix, where a name has no usable characters.
const NAMELESS: &str = "org";

/// The slugs assigned so far. Organizations ask in the order of age (O4), so a younger organization never changes the
/// slug of an older one (P6).
pub(crate) struct Slugs {
    reserved: IndexSet<Text>,
    taken: IndexSet<Text>,
    /// The next number to try, keyed by its digit count and by the stem truncated to leave room for it. Different
    /// stems can be truncated to the same text and then share a counter. Otherwise each of a thousand long names with
    /// the same beginning would try the numbers of all others.
    next_numbers: IndexMap<(usize, Text), u64>,
}

/// A slug, and how it differs from the slug that the organization requested.
pub(crate) struct AssignedSlug {
    pub(crate) slug: Text,
    /// The requested slug; empty where it is unusable.
    pub(crate) wanted: Text,
    pub(crate) change: Option<SlugChange>,
}

impl Slugs {
    /// No slugs yet, with room for the slugs of this many organizations. No other organization gets a pinned slug
    /// (N10).
    pub(crate) fn new(options: &PlanOptions, organizations: usize) -> Self {
        let reserved = options.get_reserved_slugs().chain(options.pinned_slugs()).map(Text::from).collect();
        Self { reserved, taken: IndexSet::with_capacity(organizations), next_numbers: IndexMap::new() }
    }

    /// The pinned slug of an organization (N10). `None` if an older organization has the same pinned slug.
    pub(crate) fn assign_pinned(&mut self, slug: &str, own: Option<&str>, name: &str) -> Option<AssignedSlug> {
        let slug = Text::from(slug);
        if !self.taken.insert(slug.clone()) {
            return None;
        }
        let wanted = slugify(own.unwrap_or(name)).unwrap_or_default();
        let change = (wanted != slug).then_some(SlugChange::Pinned);
        Some(AssignedSlug { slug, wanted, change })
    }

    /// The slug of the organization `id` with a name, and with or without a slug of its own (O2, O3).
    pub(crate) fn assign(&mut self, id: &str, own: Option<&str>, name: &str) -> AssignedSlug {
        let wanted = slugify(own.unwrap_or(name));
        let change = match &wanted {
            None => Some(SlugChange::Unusable),
            Some(slug) if self.reserved.contains(slug) => Some(SlugChange::Reserved),
            Some(slug) if self.taken.contains(slug) => Some(SlugChange::Taken),
            Some(slug) => own.filter(|own| *slug != *own).map(|_| SlugChange::Rewritten),
        };
        let slug = match &wanted {
            Some(slug) if self.is_free(slug) => slug.clone(),
            Some(slug) => self.disambiguate(slug, &alphanumerics(id)),
            None => self.without_name(&alphanumerics(id)),
        };
        self.taken.insert(slug.clone());
        AssignedSlug { slug, wanted: wanted.unwrap_or_default(), change }
    }

    fn is_free(&self, slug: &Text) -> bool {
        !self.reserved.contains(slug) && !self.taken.contains(slug)
    }

    /// The slug of an organization whose name has no usable characters: `org-<suffix>` (O2).
    fn without_name(&mut self, id: &str) -> Text {
        if id.is_empty() {
            return self.with_number(NAMELESS);
        }
        let slug = join(NAMELESS, suffix(id, SHORTEST_SUFFIX));
        if self.is_free(&slug) { slug } else { self.disambiguate(&slug, id) }
    }

    /// The slug with a suffix from the id that makes it unique, else with a number (O3).
    fn disambiguate(&mut self, stem: &str, id: &str) -> Text {
        self.with_id_suffix(stem, id).unwrap_or_else(|| self.with_number(stem))
    }

    /// The slug with the shortest suffix that makes it unique: 8 characters of the id or more, or all of fewer.
    fn with_id_suffix(&self, stem: &str, id: &str) -> Option<Text> {
        let shortest = SHORTEST_SUFFIX.min(id.len()).max(1);
        let mut candidates = (shortest..=id.len()).map(|length| join(stem, suffix(id, length)));
        candidates.find(|slug| self.is_free(slug))
    }

    /// The slug with the next free number. For an id without letters and digits, and for ids with the same ones.
    fn with_number(&mut self, stem: &str) -> Text {
        let (mut digits, mut first) = (1, 2);
        loop {
            let stem = truncate(stem, digits);
            let beyond = 10_u64.saturating_pow(digits as u32);
            let next = self.next_numbers.entry((digits, stem.into())).or_insert(first);
            while *next < beyond {
                let slug = Text::concat([stem, "-", &next.to_string()]);
                *next += 1;
                if !self.reserved.contains(&slug) && !self.taken.contains(&slug) {
                    return slug;
                }
            }
            (digits, first) = (digits + 1, beyond);
        }
    }
}

/// A text as a slug: transliterated, lower-cased, other characters replaced by single hyphens, truncated (O2). `None`
/// where fewer than two characters are left.
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

/// The last ASCII letters and digits of an id, lower-cased, at most [`LONGEST_SUFFIX`].
fn alphanumerics(id: &str) -> String {
    let last = id.chars().rev().filter(char::is_ascii_alphanumeric).take(LONGEST_SUFFIX);
    let reversed: String = last.map(|c| c.to_ascii_lowercase()).collect();
    reversed.chars().rev().collect()
}

/// The last characters of an ASCII string, or all of a shorter one.
fn suffix(id: &str, length: usize) -> &str {
    id.get(id.len().saturating_sub(length)..).unwrap_or(id)
}

/// `stem-suffix`, with the stem truncated so that the slug is not too long (O3).
fn join(stem: &str, suffix: &str) -> Text {
    Text::concat([truncate(stem, suffix.len()), "-", suffix])
}

/// A slug truncated to leave room for a hyphen and a suffix (O3).
fn truncate(stem: &str, suffix: usize) -> &str {
    let room = LONGEST.saturating_sub(suffix + 1).min(stem.len());
    stem.get(..room).unwrap_or(stem).trim_end_matches('-')
}
