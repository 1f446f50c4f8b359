//! N10: what Authio knows a record by stays.

use std::collections::BTreeMap;

use workos_to_authio::{PlanOptions, Text};

use super::people::Person;
use super::rules::oldest_first;

/// The pins of the options, as their JSON has them: there is no other way to see them from outside.
pub(crate) struct Pins {
    /// The slug that an organization keeps, by external id.
    slugs: BTreeMap<String, String>,
    /// The external id of the user, by that of each of the user's records.
    users: BTreeMap<String, Text>,
}

impl Pins {
    pub(crate) fn new(options: &PlanOptions) -> Self {
        let mut json = serde_json::to_value(options).expect("options are JSON");
        let slugs = json["pinned_slugs"].take();
        let users = json["pinned_users"].take();
        Self {
            slugs: serde_json::from_value(slugs).unwrap_or_default(),
            users: serde_json::from_value(users).unwrap_or_default(),
        }
    }

    pub(crate) fn slug_of(&self, organization_id: &str) -> Option<&String> {
        self.slugs.get(&format!("workos:org:{organization_id}"))
    }

    /// Whether an organization keeps this slug, be it in the bundle or not: no other one gets it by asking.
    pub(crate) fn keeps_slug(&self, slug: &str) -> bool {
        self.slugs.values().any(|kept| kept == slug)
    }

    /// Gives each user the first external id that a record of it is pinned to and that names a record of it, else the
    /// first that names a record of nobody and that no older user got.
    pub(crate) fn keep_external_ids(&self, people: &mut [Person<'_>]) {
        let mut by_age: Vec<usize> = (0..people.len()).collect();
        by_age.sort_by(|a, b| {
            let (a, b) = (people[*a].records[0], people[*b].records[0]);
            oldest_first((a.created_at.as_ref(), &a.id), (b.created_at.as_ref(), &b.id))
        });
        let mut taken: Vec<Text> = Vec::new();
        for position in by_age {
            let records = people[position].records.clone();
            let wanted: Vec<&Text> =
                records.iter().filter_map(|record| self.users.get(&format!("workos:{}", record.id))).collect();
            let own = wanted.iter().find(|id| people[position].has_record(id));
            let of_nobody = || {
                let is_free = |id: &&&Text| !people.iter().any(|person| person.has_record(id)) && !taken.contains(*id);
                wanted.iter().find(is_free)
            };
            if let Some(id) = own.or_else(of_nobody) {
                taken.push((*id).clone());
                people[position].external_id = (*id).clone();
            }
        }
    }
}
