//! For every bundle: nothing is found in its plan, and any fatal damage to it is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::check::{Severity, check};
use workos_to_authio::workos::{self, Bundle};
use workos_to_authio::{ImportPlan, PlanOptions, Severity as WarningSeverity, SubjectKind, Text, plan_with, strategy};

/// A plan to be damaged, and what is drawn to choose where.
struct Target<'a> {
    bundle: &'a Bundle,
    options: &'a PlanOptions,
    plan: ImportPlan,
    one: Index,
    other: Index,
}

/// Damages the plan, or says that there is nothing to damage.
type Damage = fn(&mut Target<'_>) -> Option<()>;

const DAMAGES: &[(&str, Damage)] = &[
    ("another tenant's membership", |target| {
        let organization = target.organization()?;
        let seat = pick(&mut target.plan.memberships, target.one)?;
        let id = seat.source_external_ids[0].strip_prefix("workos:")?;
        let mut copies = target.bundle.organization_memberships.iter().filter(|copy| copy.id == id);
        copies.all(|copy| format!("workos:org:{}", copy.organization_id) != *organization).then_some(())?;
        seat.organization_external_id = organization;
        Some(())
    }),
    ("another tenant's connection", |target| {
        let organization = target.organization()?;
        let connection = pick(&mut target.plan.sso_connections, target.one)?;
        let id = connection.external_id.strip_prefix("workos:sso:")?;
        let mut copies = target.bundle.sso_connections.iter().filter(|copy| copy.id == id);
        let is_elsewhere = |copy: &workos::Connection| {
            copy.organization_id.as_ref().is_none_or(|id| format!("workos:org:{id}") != *organization)
        };
        copies.all(is_elsewhere).then_some(())?;
        connection.organization_external_id = organization;
        Some(())
    }),
    ("tenants joined", |target| {
        let kept = target.organization()?;
        let joined = pick(&mut target.plan.organizations, target.one)?.external_id.clone();
        (joined != kept).then_some(())?;
        target.plan.organizations.retain(|organization| organization.external_id != joined);
        for seat in target.plan.memberships.iter_mut().filter(|seat| seat.organization_external_id == joined) {
            seat.organization_external_id = kept.clone();
        }
        Some(())
    }),
    ("a person in another", |target| {
        let (from, to) = target.two_users()?;
        let moved = target.plan.users[from].source_external_ids.pop()?;
        let address = target.plan.users[to].email.clone();
        (!target.has_address(&moved, &address)).then_some(())?;
        target.plan.users[to].source_external_ids.push(moved);
        Some(())
    }),
    ("addresses swapped", |target| {
        let (from, to) = target.two_users()?;
        let addresses = [from, to].map(|at| target.plan.users[at].email.clone());
        let source = target.plan.users[from].source_external_ids[0].clone();
        (!target.has_address(&source, &addresses[1])).then_some(())?;
        target.plan.users[from].email = addresses[1].clone();
        target.plan.users[to].email = addresses[0].clone();
        Some(())
    }),
    ("the address of another", |target| {
        let (from, to) = target.two_users()?;
        target.plan.users[to].email = target.plan.users[from].email.to_ascii_uppercase().as_str().into();
        Some(())
    }),
    ("an address proven", |target| {
        let user = pick(&mut target.plan.users, target.one)?;
        let all = target.bundle.organization_memberships.iter().filter_map(|seat| seat.user.as_deref());
        let mut copies = all.chain(&target.bundle.users).filter(|copy| {
            user.source_external_ids.iter().any(|source| *source == format!("workos:{}", copy.id).as_str())
        });
        copies.all(|copy| !copy.email_verified).then_some(())?;
        user.email_verified = true;
        Some(())
    }),
    ("a domain proven", |target| {
        let organization = pick(&mut target.plan.organizations, target.one)?;
        let id = organization.external_id.strip_prefix("workos:org:")?;
        (target.bundle.organizations.iter().filter(|copy| copy.id == id).count() == 1).then_some(())?;
        organization.domains.iter_mut().find(|domain| !domain.verified)?.verified = true;
        Some(())
    }),
    ("a role raised", |target| {
        let seat = pick(&mut target.plan.memberships, target.one)?;
        let is_source = |copy: &&workos::OrganizationMembership| {
            seat.source_external_ids.iter().any(|source| *source == format!("workos:{}", copy.id).as_str())
        };
        let copies = target.bundle.organization_memberships.iter().filter(is_source);
        let mut slugs = copies.flat_map(|copy| copy.role.iter().chain(&copy.roles));
        slugs.all(|slug| target.options.role_of(slug) != Some(Role::Owner)).then_some(())?;
        seat.role = Role::Owner;
        Some(())
    }),
    ("an invented role", |target| {
        pick(&mut target.plan.memberships, target.one)?.role = Role::Custom("invented".into());
        Some(())
    }),
    ("a status raised", |target| {
        let seat = pick(&mut target.plan.memberships, target.one)?;
        let is_source = |copy: &&workos::OrganizationMembership| {
            seat.source_external_ids.iter().any(|source| *source == format!("workos:{}", copy.id).as_str())
        };
        let mut copies = target.bundle.organization_memberships.iter().filter(is_source);
        copies.all(|copy| copy.status == Some(workos::MembershipStatus::Inactive)).then_some(())?;
        seat.status = MembershipStatus::Active;
        Some(())
    }),
    ("a sign-in of another", |target| {
        let (_, to) = target.two_users()?;
        let user = target.plan.users[to].external_id.clone();
        let identity = pick(&mut target.plan.identities, target.one)?;
        (identity.user_external_id != user).then_some(())?;
        identity.user_external_id = user;
        Some(())
    }),
    ("a sign-in lost", |target| {
        let at = pick_at(&target.plan.identities, target.one)?;
        // Two names of one provider, `OAuth` and `-`, may be read as one kind, and one sign-in may stand for both.
        let of = &target.plan.identities[at];
        let account = (&of.user_external_id, &of.subject);
        let same = target.plan.identities.iter().filter(|each| (&each.user_external_id, &each.subject) == account);
        (same.count() == 1).then_some(())?;
        target.plan.identities.remove(at);
        Some(())
    }),
    ("an organization lost", |target| remove(&mut target.plan.organizations, target.one)),
    ("a user lost", |target| {
        let at = pick_at(&target.plan.users, target.one)?;
        // A user of whom the copies of a membership disagree may be none.
        let is_listed =
            |source: &Text| target.bundle.users.iter().any(|user| *source == format!("workos:{}", user.id).as_str());
        target.plan.users[at].source_external_ids.iter().any(is_listed).then_some(())?;
        target.plan.users.remove(at);
        Some(())
    }),
    ("a membership lost", |target| {
        let at = pick_at(&target.plan.memberships, target.one)?;
        let id = target.plan.memberships[at].source_external_ids[0].strip_prefix("workos:")?;
        let copies = target.bundle.organization_memberships.iter().filter(|copy| copy.id == id).count();
        (copies == 1).then_some(())?;
        target.plan.memberships.remove(at);
        Some(())
    }),
    ("the reason of a loss", |target| {
        let errors = |plan: &ImportPlan| -> Vec<_> {
            let errors = plan.warnings.iter().filter(|warning| warning.severity() == WarningSeverity::Error);
            errors
                .map(|warning| (warning.code(), warning.subject().kind, warning.subject().id.map(Text::from)))
                .collect()
        };
        let mut errors = errors(&target.plan);
        let (code, kind, id) = pick(&mut errors, target.one)?.clone();
        let is_copied = |id: &Text| {
            let Bundle { users, organization_memberships, sso_connections, directories, .. } = target.bundle;
            let all = users.iter().map(|each| &each.id).chain(organization_memberships.iter().map(|each| &each.id));
            let all = all.chain(sso_connections.iter().map(|each| &each.id));
            all.chain(directories.iter().map(|each| &each.id)).filter(|each| *each == id).count() != 1
        };
        // A record out of scope needs no reason, and copies of a membership may leave open whether its user is in
        // scope, and so the user's sign-ins.
        let is_scoped = target.options.get_only_organizations().is_some();
        let is_of_user = matches!(kind, SubjectKind::User | SubjectKind::Identity);
        (!is_scoped || !is_of_user || !target.has_membership_copies()).then_some(())?;
        let is_section = id.is_none() || kind == SubjectKind::Section;
        (is_section || !id.as_ref().is_some_and(is_copied)).then_some(())?;
        target.plan.warnings.retain(|warning| {
            (warning.code(), warning.subject().kind, warning.subject().id) != (code, kind, id.as_deref())
        });
        Some(())
    }),
    ("complete in spite of errors", |target| (!target.plan.complete).then(|| target.plan.complete = true)),
    ("a broken reference", |target| {
        pick(&mut target.plan.memberships, target.one)?.user_external_id = "workos:user_nobody".into();
        Some(())
    }),
    ("a broken reference of a directory", |target| {
        pick(&mut target.plan.scim_directories, target.one)?.organization_external_id = "workos:org:none".into();
        Some(())
    }),
    ("a bad slug", |target| {
        let slug = ["", "a", "Acme", "acme inc", "-acme", "acme-"][target.other.index(6)];
        pick(&mut target.plan.organizations, target.one)?.slug = slug.into();
        Some(())
    }),
    ("a slug of another", |target| {
        let slug = target.plan.organizations[pick_at(&target.plan.organizations, target.other)?].slug.clone();
        let organization = pick(&mut target.plan.organizations, target.one)?;
        (organization.slug != slug).then_some(())?;
        organization.slug = slug;
        Some(())
    }),
    ("a user twice", |target| repeat(&mut target.plan.users, target.one)),
    ("an organization twice", |target| repeat(&mut target.plan.organizations, target.one)),
    ("a membership twice", |target| repeat(&mut target.plan.memberships, target.one)),
    ("a sign-in twice", |target| repeat(&mut target.plan.identities, target.one)),
    ("a connection twice", |target| repeat(&mut target.plan.sso_connections, target.one)),
    ("a directory twice", |target| repeat(&mut target.plan.scim_directories, target.one)),
    ("another external id", |target| {
        let user = pick(&mut target.plan.users, target.one)?;
        user.external_id = "workos:user_nobody".into();
        Some(())
    }),
    ("an id of the application", |target| {
        let user = pick(&mut target.plan.users, target.one)?;
        user.application_external_ids.push("invented".into());
        Some(())
    }),
    ("people led elsewhere", |target| {
        let connection = pick(&mut target.plan.sso_connections, target.one)?;
        connection.domains.push("invented.example".into());
        Some(())
    }),
];

impl Target<'_> {
    /// A planned organization.
    fn organization(&self) -> Option<Text> {
        Some(self.plan.organizations[pick_at(&self.plan.organizations, self.other)?].external_id.clone())
    }

    /// Two planned users.
    fn two_users(&self) -> Option<(usize, usize)> {
        let at = [self.one, self.other].map(|index| pick_at(&self.plan.users, index));
        Some((at[0]?, at[1]?)).filter(|(from, to)| from != to)
    }

    /// Whether any membership is in the bundle more than once.
    fn has_membership_copies(&self) -> bool {
        let mut ids = BTreeSet::new();
        self.bundle.organization_memberships.iter().any(|membership| !ids.insert(&membership.id))
    }

    /// Whether any copy of a source user has an address.
    fn has_address(&self, source: &str, address: &str) -> bool {
        let embedded = self.bundle.organization_memberships.iter().filter_map(|seat| seat.user.as_deref());
        let mut copies = embedded.chain(&self.bundle.users).filter(|user| format!("workos:{}", user.id) == source);
        copies.any(|user| user.email.trim_ascii().eq_ignore_ascii_case(address))
    }
}

fn pick_at<T>(list: &[T], index: Index) -> Option<usize> {
    (!list.is_empty()).then(|| index.index(list.len()))
}

fn pick<T>(list: &mut [T], index: Index) -> Option<&mut T> {
    let at = pick_at(list, index)?;
    list.get_mut(at)
}

fn remove<T>(list: &mut Vec<T>, index: Index) -> Option<()> {
    let at = pick_at(list, index)?;
    list.remove(at);
    Some(())
}

fn repeat<T: Clone>(list: &mut Vec<T>, index: Index) -> Option<()> {
    let at = pick_at(list, index)?;
    list.insert(at, list[at].clone());
    Some(())
}

/// Every damage is tried on every plan. Each must come about now and then, or the test tests nothing.
#[test]
fn a_fatal_damage_to_any_plan_is_found() {
    let file = FileFailurePersistence::Direct("tests/check/proptest-regressions.txt");
    let config = Config { failure_persistence: Some(Box::new(file)), ..Config::default() };
    let plans = prop_oneof![
        3 => strategy::bundle_and_options(),
        1 => strategy::tidy().prop_map(|bundle| (bundle, PlanOptions::new())),
    ];
    let done: RefCell<BTreeMap<&str, u32>> = RefCell::default();
    let damaged =
        TestRunner::new(config).run(&(plans, any::<Index>(), any::<Index>()), |((bundle, options), one, other)| {
            let plan = plan_with(&bundle, &options);
            prop_assert_eq!(check(&bundle, &plan, &options), []);
            for (name, damage) in DAMAGES {
                let mut target = Target { bundle: &bundle, options: &options, plan: plan.clone(), one, other };
                if damage(&mut target).is_none() {
                    continue;
                }
                *done.borrow_mut().entry(name).or_default() += 1;
                let found = check(&bundle, &target.plan, &options);
                let is_fatal = found.iter().any(|violation| violation.severity() == Severity::Fatal);
                prop_assert!(is_fatal, "{}: {:?}\n{:?}", name, found, plan.warnings);
            }
            Ok(())
        });
    damaged.unwrap();
    let never: Vec<_> =
        DAMAGES.iter().map(|(name, _)| *name).filter(|name| !done.borrow().contains_key(name)).collect();
    assert_eq!(never, [""; 0], "{done:?}");
}
