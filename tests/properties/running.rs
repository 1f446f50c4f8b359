//! Planning as such: it always ends, always in the same way, and what it says may be written down.

use std::cmp::Reverse;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use workos_to_authio::check::check;
use workos_to_authio::workos::{
    Bundle, ConnectionState, DirectoryState, Gap, GapKind, MembershipStatus, Section, User,
};
use workos_to_authio::{ImportPlan, PlanOptions, Text, Warning, plan, plan_with, strategy};

use crate::helpers::config;
use crate::support::{Numbers, json, shuffled};

proptest! {
    #![proptest_config(config())]

    /// plan(b) and plan(b, o) return; `complete` = no error; stats.warnings = the warnings counted.
    #[test]
    fn total((bundle, options) in strategy::bundle_and_options()) {
        for plan in [plan(&bundle), plan_with(&bundle, &options)] {
            let mut counts = plan.stats.warnings;
            prop_assert_eq!(plan.complete, counts.error == 0);
            for warning in &plan.warnings {
                match warning.severity().as_str() {
                    "note" => counts.note -= 1,
                    "warning" => counts.warning -= 1,
                    _ => counts.error -= 1,
                }
            }
            prop_assert_eq!(counts, Default::default());
        }
    }

    /// check(b, plan(b, o), o) = nothing (P9).
    #[test]
    fn check_finds_nothing((bundle, options) in prop_oneof![
        3 => strategy::bundle_and_options(),
        1 => strategy::tidy().prop_map(|bundle| (bundle, Default::default())),
    ]) {
        prop_assert_eq!(check(&bundle, &plan_with(&bundle, &options), &options), []);
    }

    /// plan(b, o) = plan(b, o).
    #[test]
    fn deterministic((bundle, options) in strategy::bundle_and_options()) {
        let (first, second) = (plan_with(&bundle, &options), plan_with(&bundle.clone(), &options.clone()));
        prop_assert_eq!(json(&first), json(&second));
    }

    /// plan(shuffled b, o) = plan(b, o), byte for byte (P5).
    #[test]
    fn order_free((bundle, options) in strategy::bundle_and_options(), seed: u64) {
        let shuffled = shuffled(&bundle, seed);
        prop_assert_eq!(json(&plan_with(&shuffled, &options)), json(&plan_with(&bundle, &options)));
    }

    /// Every list is sorted by source id, warnings by severity, code and subject (P2, P5).
    #[test]
    fn sorted((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        prop_assert!(plan.organizations.is_sorted_by_key(|organization| &organization.external_id));
        prop_assert!(plan.users.is_sorted_by_key(|user| &user.external_id));
        prop_assert!(plan.memberships.is_sorted_by_key(|membership| &membership.source_external_ids[0]));
        prop_assert!(plan.identities.is_sorted());
        prop_assert!(plan.sso_connections.is_sorted_by_key(|connection| &connection.external_id));
        prop_assert!(plan.scim_directories.is_sorted_by_key(|directory| &directory.external_id));
        prop_assert!(plan.merges.is_sorted_by_key(|merge| &merge.user_external_id));
        let rank = |warning: &Warning| (Reverse(warning.severity()), warning.code());
        prop_assert!(plan.warnings.is_sorted_by(|a, b| (rank(a), a.subject()) <= (rank(b), b.subject())));
    }

    /// from_json(to_json(plan)) = plan.
    #[test]
    fn plan_survives_json((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        prop_assert_eq!(&serde_json::from_str::<ImportPlan>(&json(&plan)).unwrap(), &plan);
        let options_json = serde_json::to_string(&options).unwrap();
        prop_assert_eq!(serde_json::from_str::<PlanOptions>(&options_json).unwrap(), options);
    }

    /// from_json(to_json(bundle)) = bundle (B5), where every record has an id, but for times that are not in RFC 3339
    /// (B10): these are written as RFC 3339 when they are read, once.
    #[test]
    fn bundle_survives_json(bundle in prop_oneof![strategy::tidy(), strategy::messy()]) {
        let bundle = readable(bundle);
        let json = serde_json::to_string(&bundle).unwrap();
        let read = Bundle::from_json(&json).unwrap();
        prop_assert_eq!(Bundle::from_json(&serde_json::to_string(&read).unwrap()).unwrap(), read.clone());
        prop_assert_eq!(read, with_read_times(bundle));
    }

    /// A document that was damaged is an error or a bundle that can be planned; nothing panics (B1, B2).
    #[test]
    fn damaged_json(bundle in strategy::messy(), damages in vec(damage(), 1..6)) {
        let mut text = serde_json::to_vec(&bundle).unwrap();
        damages.iter().for_each(|(at, damage)| damage.apply(at, &mut text));
        match Bundle::from_json(&String::from_utf8_lossy(&text)) {
            Ok(bundle) => {
                let plan = plan(&bundle);
                prop_assert_eq!(serde_json::from_str::<ImportPlan>(&json(&plan)).unwrap(), plan.clone());
                prop_assert_eq!(check(&bundle, &plan, &PlanOptions::new()), []);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// No message holds an address, a person's name or a domain; each is one line that begins with `workos: ` (P2).
    #[test]
    fn log_safe((bundle, options) in strategy::bundle_and_options()) {
        let private = private_words(&bundle);
        for warning in plan_with(&bundle, &options).warnings {
            let message = warning.to_string();
            prop_assert!(message.starts_with("workos: ") && !message.contains(char::is_control), "{message:?}");
            let message = message.to_lowercase();
            for word in &private {
                prop_assert!(!message.contains(word), "{message:?} holds {word:?}");
            }
        }
    }

    /// The same where addresses, names and domains stand in texts that WorkOS or its customers choose: keys of
    /// metadata, errors of the API, roles, statuses, states, types, subjects. What `check` says of a plan whose
    /// warnings were lost is as safe.
    #[test]
    fn log_safe_wherever_people_write((bundle, options) in strategy::bundle_and_options(), seed: u64) {
        let (bundle, options) = plant(bundle, options, Numbers(seed));
        let mut plan = plan_with(&bundle, &options);
        let mut messages: Vec<String> = plan.warnings.iter().map(ToString::to_string).collect();
        plan.warnings.clear();
        messages.extend(check(&bundle, &plan, &options).iter().map(ToString::to_string));
        plan.identities.clear();
        messages.extend(check(&bundle, &plan, &options).iter().map(ToString::to_string));
        for message in messages {
            prop_assert!(!message.contains(char::is_control), "{message:?}");
            for word in ["fenwick", "kade", "lodestar"] {
                prop_assert!(!message.to_lowercase().contains(word), "{message:?} holds {word:?}");
            }
        }
    }
}

/// Addresses, also in disguise, names and domains, as people type them where a slug is expected.
const PLANTED: &[&str] = &[
    "fenwick.kade@lodestar.example",
    "Fenwick Kade-Ruhl <fenwick.kade@lodestar.example>",
    "fenwick.kade[at]lodestar",
    "fenwick at lodestar dot example",
    "fenwick.kade",
    "Fenwick Kade",
    "lodestar.example",
    "https://lodestar.example/x?y",
    "fenwick\nkade",
    "fenwick\u{202e}kade",
    "Fenwick\u{a0}Kade",
    "no_longer_at_the_company_fenwick_kade_of_lodestar",
    "Fenwick Kade was not found",
];

/// Writes them wherever a bundle and its options have room for a text that people choose.
fn plant(mut bundle: Bundle, mut options: PlanOptions, mut numbers: Numbers) -> (Bundle, PlanOptions) {
    let mut next = || {
        let at = numbers.next() as usize % (PLANTED.len() * 2);
        PLANTED.get(at).copied()
    };
    let embedded = bundle.organization_memberships.iter_mut().filter_map(|membership| membership.user.as_deref_mut());
    for (number, user) in bundle.users.iter_mut().chain(embedded).enumerate() {
        let Some(key) = next() else { continue };
        let value = number.to_string();
        user.metadata.insert(key, value);
    }
    for membership in &mut bundle.organization_memberships {
        membership.roles.extend(next().map(Text::from));
        membership.role = next().map(Text::from).or(membership.role.take());
        membership.status = next().map(MembershipStatus::from).or(membership.status.take());
    }
    for connection in &mut bundle.sso_connections {
        connection.connection_type = next().map_or(connection.connection_type.clone(), Text::from);
        connection.state = next().map(ConnectionState::from).or(connection.state.take());
        connection.status = next().map(Text::from).or(connection.status.take());
    }
    for directory in &mut bundle.directories {
        directory.directory_type = next().map_or(directory.directory_type.clone(), Text::from);
        directory.state = next().map(DirectoryState::from).or(directory.state.take());
    }
    for identity in &mut bundle.identities {
        identity.idp_id = next().map_or(identity.idp_id.clone(), Text::from);
    }
    let errors = Section::ALL
        .iter()
        .filter_map(|section| Some(Gap::new(*section, GapKind::ApiError { message: next()?.into() })));
    bundle.gaps.extend(errors.collect::<Vec<_>>());
    for slug in ["member", "admin"].into_iter().chain(PLANTED.iter().copied()) {
        options = match next() {
            Some(role) => options.map_role(slug, role.parse().unwrap()),
            None => options,
        };
    }
    (bundle, options)
}

/// The bundle without the records that only code can build: those without an id.
/// Each time as a reader writes it.
fn with_read_times(mut bundle: Bundle) -> Bundle {
    fn read(time: &mut Option<Text>) {
        let user = serde_json::json!({"id": "user_1", "created_at": time.as_deref()});
        *time = serde_json::from_value::<User>(user).unwrap().created_at;
    }
    let of_user = |user: &mut User| {
        [&mut user.created_at, &mut user.updated_at, &mut user.last_sign_in_at].into_iter().for_each(read);
    };
    bundle.users.iter_mut().for_each(of_user);
    for membership in &mut bundle.organization_memberships {
        [&mut membership.created_at, &mut membership.updated_at].into_iter().for_each(read);
        membership.user.as_deref_mut().into_iter().for_each(of_user);
    }
    bundle.organizations.iter_mut().flat_map(|each| [&mut each.created_at, &mut each.updated_at]).for_each(read);
    bundle.sso_connections.iter_mut().flat_map(|each| [&mut each.created_at, &mut each.updated_at]).for_each(read);
    bundle.directories.iter_mut().flat_map(|each| [&mut each.created_at, &mut each.updated_at]).for_each(read);
    bundle
}

fn readable(mut bundle: Bundle) -> Bundle {
    // A set, read in its order.
    bundle.unknown_sections.sort_unstable();
    bundle.unknown_sections.dedup();
    bundle.users.retain(|each| !each.id.is_empty());
    bundle.organizations.retain(|each| !each.id.is_empty());
    bundle.organization_memberships.retain(|each| !each.id.is_empty());
    bundle.sso_connections.retain(|each| !each.id.is_empty());
    bundle.directories.retain(|each| !each.id.is_empty());
    bundle.authentication_factors.retain(|each| !each.id.is_empty());
    bundle.invitations.retain(|each| !each.id.is_empty());
    bundle.roles.retain(|each| !each.slug.is_empty());
    bundle.identities.retain(|each| !each.user_id.is_empty() && !each.provider.is_empty() && !each.idp_id.is_empty());
    bundle
}

#[derive(Debug, Clone)]
enum Damage {
    Cut,
    Remove(usize),
    Replace(u8),
    Insert(&'static str),
}

fn damage() -> impl Strategy<Value = (Index, Damage)> {
    let fragments = [
        "null",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "0",
        "-1e999",
        "{}",
        "[]",
        "\"\"",
        "\\",
        "\\ud800",
        "true",
        "\u{0}",
        "\"id\":1,",
        "\"users\":null,",
        "{\"message\":\"no\"},",
        "[[[[[[[[",
    ];
    let damage = prop_oneof![
        1 => Just(Damage::Cut),
        4 => (1..40_usize).prop_map(Damage::Remove),
        4 => any::<u8>().prop_map(Damage::Replace),
        6 => select(fragments.to_vec()).prop_map(Damage::Insert),
    ];
    (any::<Index>(), damage)
}

impl Damage {
    fn apply(&self, at: &Index, text: &mut Vec<u8>) {
        let at = at.index(text.len() + 1);
        match self {
            Self::Cut => text.truncate(at),
            Self::Remove(length) => drop(text.drain(at..text.len().min(at + length))),
            Self::Replace(byte) => text.iter_mut().skip(at).take(1).for_each(|old| *old = *byte),
            Self::Insert(fragment) => drop(text.splice(at..at, fragment.bytes())),
        }
    }
}

/// Every address, person's name and domain of a bundle, in lower case.
fn private_words(bundle: &Bundle) -> Vec<String> {
    let embedded = bundle.organization_memberships.iter().filter_map(|membership| membership.user.as_deref());
    let of_user = |user: &User| {
        let User { email, first_name, last_name, name, .. } = user.clone();
        [Some(email), first_name, last_name, name].into_iter().flatten()
    };
    let of_people = bundle.users.iter().chain(embedded).flat_map(of_user);
    let of_organizations = bundle.organizations.iter().flat_map(|organization| {
        organization.domains.iter().map(|domain| domain.domain.clone()).chain(organization.domain.clone())
    });
    let of_connections = bundle.sso_connections.iter().flat_map(|connection| connection.domains.clone());
    let of_directories = bundle.directories.iter().filter_map(|directory| directory.domain.clone());
    let words = of_people.chain(of_organizations).chain(of_connections).chain(of_directories);
    words.map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect()
}
