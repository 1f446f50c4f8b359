//! What stays as Authio knows it: slugs of organizations, external ids of users (N10).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::people::{Person, Standing};
use super::sources::{Sources, age};
use crate::{PlanOptions, Text};

/// The slugs that organizations keep.
pub(super) struct PinnedSlugs<'a> {
    options: &'a PlanOptions,
    /// By the id of the source organization.
    kept: BTreeMap<&'a str, &'a str>,
    /// Those of organizations that are gone, too.
    all: BTreeSet<&'a str>,
}

impl<'a> PinnedSlugs<'a> {
    /// Of several organizations with one slug, which only a damaged snapshot has, the oldest keeps it.
    pub(super) fn new(sources: &Sources<'a>) -> Self {
        let options = sources.options;
        let mut holders = BTreeMap::new();
        for source in sources.organizations.kept() {
            let Some(slug) = options.pinned_slug(&super::organizations::external_id(&source.id)) else { continue };
            let holder = holders.entry(slug).or_insert(source);
            if age(source) < age(*holder) {
                *holder = source;
            }
        }
        let kept = holders.into_iter().map(|(slug, source)| (source.id.as_str(), slug)).collect();
        Self { options, kept, all: options.pinned_slugs().collect() }
    }

    /// The slug that the organization of an id keeps.
    pub(super) fn kept_by(&self, id: &str) -> Option<&'a str> {
        self.kept.get(id).copied()
    }

    /// Whether a slug is none for an organization that keeps none (O3).
    pub(super) fn is_reserved(&self, slug: &str) -> bool {
        self.options.is_reserved(slug) || self.all.contains(slug)
    }
}

/// Gives each person the external id that it keeps. An id names a source record: while that is some person's, it is for no
/// other; else it is for the oldest person that has a record pinned to it.
pub(super) fn keep_external_ids(
    persons: &mut [Person<'_>],
    standing: &BTreeMap<&str, Standing>,
    options: &PlanOptions,
) {
    if !options.pins_users() {
        return;
    }
    let mut oldest_first: Vec<(usize, &mut Person<'_>)> = persons.iter_mut().enumerate().collect();
    oldest_first.sort_by(|(_, one), (_, other)| {
        one.kept.first().map(|user| age(*user)).cmp(&other.kept.first().map(|user| age(*user)))
    });
    let mut given: BTreeSet<Text> = BTreeSet::new();
    for (index, person) in oldest_first {
        let own = person.kept.iter().map(|user| super::people::user_external_id(&user.id));
        let kept = own.filter_map(|own| options.pinned_user(&own)).find(|pinned| {
            let named = standing.get(pinned.strip_prefix("workos:").unwrap_or(pinned));
            match named.and_then(|standing| standing.person()) {
                Some(whose) => whose == index,
                None => !given.contains(*pinned),
            }
        });
        if let Some(kept) = kept {
            person.external_id = kept.clone();
            given.insert(kept.clone());
        }
    }
}
