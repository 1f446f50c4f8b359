//! Slugs: well-formed, unique, and the one asked for unless it is not to be had (O2, O3, P6), or the one that Authio knows (N10).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::organizations::{name_of, source_of};
use super::pins::PinnedSlugs;
use super::sources::{Sources, age, present};
use super::violation::Violation;
use crate::authio::Organization;
use crate::{ImportPlan, SlugChange, workos};

/// The most characters that a slug has.
const LONGEST: usize = 60;

/// Checks the slugs of `orgs`.
pub(super) fn check(sources: &Sources<'_>, pinned: &PinnedSlugs<'_>, plan: &ImportPlan, out: &mut Vec<Violation>) {
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for planned in &plan.organizations {
        let organization = planned.external_id.clone();
        match kept_by(planned, sources, pinned) {
            Some(slug) if planned.slug == slug => {}
            Some(_) => out.push(Violation::SlugNotKept { organization }),
            None if !is_well_formed(&planned.slug) => out.push(Violation::SlugMalformed { organization }),
            None if pinned.is_reserved(&planned.slug) => out.push(Violation::SlugReserved { organization }),
            None => {}
        }
        holders.entry(&planned.slug).or_default().insert(&planned.external_id);
    }
    let unsuitable: BTreeSet<&str> = unsuitable(&holders, pinned);
    for (_, organizations) in holders.iter().filter(|(_, organizations)| organizations.len() > 1) {
        let organizations = organizations.iter().map(|id| (*id).into()).collect();
        out.push(Violation::DuplicateSlug { organizations });
    }
    each_follows(sources, pinned, plan, &unsuitable, out);
}

/// The slug that an organization keeps, if it does (N10).
fn kept_by<'a>(planned: &Organization, sources: &Sources<'a>, pinned: &PinnedSlugs<'a>) -> Option<&'a str> {
    source_of(planned, sources).and_then(|source| pinned.kept_by(&source.id))
}

/// A slug is the one asked for, unless an older organization has that (O3). An organization out of scope is not in the
/// plan, but may have it (P8).
fn each_follows(
    sources: &Sources<'_>,
    pinned: &PinnedSlugs<'_>,
    plan: &ImportPlan,
    unsuitable: &BTreeSet<&str>,
    out: &mut Vec<Violation>,
) {
    let out_of_scope = sources.organizations.kept().filter(|source| !sources.organization_in_scope(Some(&source.id)));
    let oldest_out_of_scope = out_of_scope.min_by(|one, other| age(*one).cmp(&age(*other)));
    let owners: BTreeMap<&str, &workos::Organization> = plan
        .organizations
        .iter()
        .filter_map(|planned| Some((planned.slug.as_str(), source_of(planned, sources)?)))
        .collect();
    for planned in plan.organizations.iter().filter(|planned| !unsuitable.contains(planned.slug.as_str())) {
        let Some(source) = source_of(planned, sources).filter(|source| pinned.kept_by(&source.id).is_none()) else {
            continue;
        };
        let unseen_elder = oldest_out_of_scope.is_some_and(|elder| age(elder) < age(source));
        let elder_has_it = |slug: &str| owners.get(slug).is_some_and(|owner| age(*owner) < age(source));
        if !follows(&planned.slug, source, pinned, |slug| unseen_elder || elder_has_it(slug)) {
            out.push(Violation::SlugUnexplained { organization: planned.external_id.clone() });
        }
    }
}

/// Slugs with something wrong about them that is told already.
fn unsuitable<'p>(holders: &BTreeMap<&'p str, BTreeSet<&'p str>>, pinned: &PinnedSlugs<'_>) -> BTreeSet<&'p str> {
    let bad =
        |slug: &str, holders: &BTreeSet<&str>| holders.len() > 1 || !is_well_formed(slug) || pinned.is_reserved(slug);
    holders.iter().filter(|(slug, holders)| bad(slug, holders)).map(|(slug, _)| *slug).collect()
}

/// Whether a slug is the one asked for, or one made of it because that one was not to be had.
fn follows(slug: &str, source: &workos::Organization, pinned: &PinnedSlugs<'_>, taken: impl Fn(&str) -> bool) -> bool {
    let wanted = Wanted::of(source);
    let asked_for = wanted.slug();
    if slug == asked_for {
        return true;
    }
    let not_to_be_had = asked_for.is_empty() || pinned.is_reserved(&asked_for) || taken(&asked_for);
    not_to_be_had && wanted.is_base_of(slug)
}

/// What an organization asks for.
struct Wanted {
    /// Empty where nothing can be made of the name or slug.
    made: String,
    /// The id's letters and digits.
    letters: String,
}

impl Wanted {
    fn of(source: &workos::Organization) -> Self {
        let letters = source.id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Self { made: wanted(source), letters }
    }

    /// The slug asked for; empty where neither name nor id has anything to make one of.
    fn slug(&self) -> String {
        if !self.made.is_empty() || self.letters.is_empty() {
            return self.made.clone();
        }
        let mut slug = String::from("org-");
        slug.push_str(self.letters.get(self.letters.len().saturating_sub(8)..).unwrap_or_default());
        slug
    }

    /// Whether a slug is this one, perhaps cut, and then the end of the id or a number (O3).
    fn is_base_of(&self, slug: &str) -> bool {
        let Some((base, tail)) = slug.rsplit_once('-') else { return false };
        let of_the_id = self.letters.ends_with(tail) && (tail.len() >= 8 || tail.len() == self.letters.len());
        let number = tail.parse::<u64>().is_ok_and(|number| number >= 2) && !tail.starts_with('0');
        let whole = if self.made.is_empty() { self.slug() } else { self.made.clone() };
        let own_base = whole == base || (whole.starts_with(base) && slug.len() + 1 >= LONGEST);
        (of_the_id || number) && (own_base || (self.made.is_empty() && base == "org"))
    }
}

/// The slug that the source's slug or name makes; empty where that is none (O2).
pub(super) fn wanted(source: &workos::Organization) -> String {
    let text = present(source.slug.as_ref()).unwrap_or(name_of(source));
    let mut slug = String::new();
    for c in deunicode::deunicode(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST); // ASCII
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.len() < 2 { String::new() } else { slug }
}

/// Why a planned slug is not what the source has or asks for, if that is worth a warning.
pub(super) fn change(
    planned: &Organization,
    source: &workos::Organization,
    pinned: &PinnedSlugs<'_>,
) -> Option<(String, SlugChange)> {
    let wanted = wanted(source);
    if pinned.kept_by(&source.id).is_some() {
        return (wanted != planned.slug).then_some((wanted, SlugChange::Pinned));
    }
    let rewritten = present(source.slug.as_ref()).is_some_and(|slug| slug != planned.slug);
    let reason = if wanted.is_empty() {
        SlugChange::Unusable
    } else if wanted == planned.slug {
        return rewritten.then_some((wanted, SlugChange::Rewritten));
    } else if pinned.is_reserved(&wanted) {
        SlugChange::Reserved
    } else {
        SlugChange::Taken
    };
    Some((wanted, reason))
}

fn is_well_formed(slug: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=LONGEST).contains(&slug.len()) && slug.chars().all(allowed) && !slug.starts_with('-') && !slug.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(made: &str, letters: &str) -> Wanted {
        Wanted { made: made.into(), letters: letters.into() }
    }

    #[test]
    fn o3_a_slug_is_made_of_its_own_base_and_the_end_of_the_id_or_a_number() {
        let acme = wanted("acme", "org01habcdefgh");
        for slug in ["acme-abcdefgh", "acme-habcdefgh", "acme-org01habcdefgh", "acme-2", "acme-12"] {
            assert!(acme.is_base_of(slug), "{slug}");
        }
        for slug in [
            "acme",
            "acme-bcdefgh",
            "acme-xbcdefgh",
            "acme-0",
            "acme-1",
            "acme-02",
            "acm-abcdefgh",
            "acme-x-abcdefgh",
            "org-abcdefgh",
            "org-2",
        ] {
            assert!(!acme.is_base_of(slug), "{slug}");
        }
        assert!(wanted("acme", "ab").is_base_of("acme-ab") && !wanted("acme", "ab").is_base_of("acme-b"));
    }

    #[test]
    fn o2_an_organization_without_a_name_has_org_for_its_base() {
        let nameless = wanted("", "org01habcdefgh");
        assert_eq!(nameless.slug(), "org-abcdefgh");
        for slug in ["org-habcdefgh", "org-2", "org-abcdefgh-2"] {
            assert!(nameless.is_base_of(slug), "{slug}");
        }
        assert!(!nameless.is_base_of("acme-2"));
        assert_eq!(wanted("", "").slug(), "");
    }

    #[test]
    fn o3_a_base_is_cut_only_where_there_is_no_room() {
        let long = wanted(&"a".repeat(60), "org01habcdefgh");
        let cut_to = |length: usize| alloc::format!("{}-abcdefgh", "a".repeat(length));
        assert!(long.is_base_of(&cut_to(51)));
        assert!(long.is_base_of(&cut_to(50)), "a hyphen at the cut goes as well");
        assert!(!long.is_base_of(&cut_to(49)));
    }
}
