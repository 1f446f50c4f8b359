//! O2, O3: slugs.

use workos_to_authio::PlanOptions;

use super::pins::Pins;

const LONGEST: usize = 60;
const LONGEST_TAIL: usize = 48;

/// O2: what a text gives, which may be too short to use.
pub(crate) fn slugify(text: &str) -> String {
    let mut slug = String::new();
    for c in deunicode::deunicode(text).to_ascii_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    cut(slug.trim_matches('-'), LONGEST)
}

/// The first so many characters, without `-` at the ends.
fn cut(slug: &str, length: usize) -> String {
    let short: String = slug.chars().take(length).collect();
    short.trim_matches('-').to_owned()
}

/// The last so many letters and digits of an id, lower-cased.
pub(crate) fn tail(id: &str, length: usize) -> String {
    let letters = letters(id);
    letters[letters.len().saturating_sub(length)..].to_owned()
}

fn letters(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// `base-ending`, never over 60.
fn joined(base: &str, ending: &str) -> String {
    format!("{}-{ending}", cut(base, LONGEST - 1 - ending.len()))
}

/// The slugs given so far, and those that nobody gets by asking.
pub(crate) struct Slugs<'a> {
    pub(crate) options: &'a PlanOptions,
    pub(crate) pins: &'a Pins,
    pub(crate) taken: Vec<String>,
}

impl Slugs<'_> {
    pub(crate) fn is_reserved(&self, slug: &str) -> bool {
        self.options.is_reserved(slug) || self.pins.keeps_slug(slug)
    }

    fn is_free(&self, slug: &str) -> bool {
        !self.is_reserved(slug) && !self.taken.iter().any(|other| other == slug)
    }

    /// O3: the slug itself where it is free.
    pub(crate) fn free_or_with_tail(&self, slug: &str, id: &str) -> String {
        if self.is_free(slug) { slug.to_owned() } else { self.first_free(slug, id) }
    }

    /// O3: the first of `base-<tail>` with a tail of 8, 9, 10 ... letters, then `base-2`, `base-3` ... that is free.
    pub(crate) fn first_free(&self, base: &str, id: &str) -> String {
        let letters = letters(id).len().min(LONGEST_TAIL);
        if letters > 0 {
            for length in 8.min(letters)..=letters {
                let slug = joined(base, &tail(id, length));
                if self.is_free(&slug) {
                    return slug;
                }
            }
        }
        let mut numbered = (2..).map(|number: u64| joined(base, &number.to_string()));
        numbered.find(|slug| self.is_free(slug)).expect("numbers do not end")
    }
}
