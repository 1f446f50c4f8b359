//! The rules over generated bundles.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use workos_to_authio::cutover::{
    Cutover, CutoverOptions, CutoverProblem, PhaseKind, Share, check_pilots, cutover, organization_groups,
};
use workos_to_authio::{Text, plan, plan_with, strategy};

use crate::support::{
    assert_by_the_rules, bundle, config, options, organizations_of, phases, reachable, settle, share,
};

proptest! {
    #![proptest_config(config())]

    /// C1, C5 to C8.
    #[test]
    fn everyone_has_a_place((bundle, drafted) in (bundle(), options())) {
        let plan = plan(&bundle);
        let options = settle(&drafted, &plan);
        let cutover = cutover(&plan, &options);
        assert_by_the_rules(&plan, &cutover);
        for organization in &plan.organizations {
            let number = cutover.phase_of(&organization.external_id).map(|phase| phase.number);
            prop_assert_eq!(number, phases(&cutover).get(organization.external_id.as_str()).copied());
        }
        prop_assert!(cutover.phase_of("workos:org:nobody").is_none());
    }

    /// The same for whatever a bundle may hold, and whatever a plan may be limited to.
    #[test]
    fn everyone_has_a_place_in_any_plan(((bundle, options), drafted) in (strategy::bundle_and_options(), options())) {
        let plan = plan_with(&bundle, &options);
        assert_by_the_rules(&plan, &cutover(&plan, &settle(&drafted, &plan)));
        prop_assert_eq!(
            organization_groups(&plan).iter().map(|group| group.organizations.len()).sum::<usize>(),
            plan.organizations.len() + usize::from(plan.target_organization_id.is_some())
        );
    }

    /// C1: which phases there are, and which numbers they have, follows from the options alone.
    #[test]
    fn phases_follow_from_the_options((one, other, drafted) in (bundle(), bundle(), options())) {
        let (one, other) = (plan(&one), plan(&other));
        let options = settle(&drafted, &one);
        let shape = |plan| cutover(plan, &options).phases.into_iter().map(|phase| (phase.number, phase.kind)).collect::<Vec<_>>();
        let kinds = shape(&one);
        prop_assert_eq!(&kinds, &shape(&other));
        prop_assert_eq!(kinds.first(), Some(&(1, PhaseKind::Pilots)));
        let rest = (kinds.len() as u32, PhaseKind::Rest);
        prop_assert_eq!(kinds.last(), Some(&rest));
        prop_assert!(kinds.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1 < pair[1].1));
    }

    /// C2: every pilot is in phase 1 or a problem, whichever way it is named.
    #[test]
    fn no_pilot_is_ignored((bundle, drafted) in (bundle(), options())) {
        let plan = plan(&bundle);
        let (known, some, _) = &drafted;
        let cutover = cutover(&plan, &settle(&drafted, &plan));
        let mut first = BTreeSet::new();
        let mut problems = BTreeSet::new();
        for n in some {
            let id = Text::from(format!("workos:org:org_{n}"));
            if plan.organizations.iter().any(|org| org.external_id == id) { first.insert(id); } else { problems.insert(Text::from(format!("org_{n}"))); }
        }
        if !plan.organizations.is_empty() {
            first.extend(known.iter().map(|index| index.get(&plan.organizations).external_id.clone()));
        }
        prop_assert_eq!(&cutover.phases[0].organizations, &Vec::from_iter(first));
        let found = cutover.problems.iter().map(|problem| match problem {
            CutoverProblem::PilotUnknown { pilot, .. } => pilot.clone(),
            other => panic!("{other:?}"),
        });
        prop_assert_eq!(found.collect::<Vec<_>>(), Vec::from_iter(problems));
    }

    /// C3: a share grows without anyone moving back.
    #[test]
    fn a_share_grows((bundle, drafted, small, large) in (bundle(), options(), share(), share())) {
        let (small, large) = (small.min(large), small.max(large));
        let plan = plan(&bundle);
        let options = settle(&drafted, &plan);
        let until = |share| {
            let cutover = cutover(&plan, &options.clone().shares([share]));
            cutover.phases[..2].iter().flat_map(|phase| phase.organizations.clone()).collect::<BTreeSet<_>>()
        };
        prop_assert!(until(small).is_subset(&until(large)));
        prop_assert_eq!(until(Share::ALL).len(), plan.organizations.len());
        prop_assert_eq!(until(Share::NONE).len(), cutover(&plan, &options).phases[0].organizations.len());
    }

    /// C3: a further share divides a phase and moves nobody across the lines that are there.
    #[test]
    fn a_share_between_two_others_leaves_their_lines((bundle, drafted, further) in (bundle(), options(), share())) {
        let plan = plan(&bundle);
        let options = settle(&drafted, &plan);
        let with = options.clone().shares(drafted.2.iter().copied().chain([further]));
        let until = |options, line: PhaseKind| {
            let cutover = cutover(&plan, options);
            let moved = cutover.phases.into_iter().filter(|phase| phase.kind <= line).flat_map(|phase| phase.organizations);
            moved.collect::<BTreeSet<_>>()
        };
        for &up_to in &drafted.2 {
            let line = PhaseKind::Share { up_to };
            prop_assert_eq!(until(&options, line), until(&with, line));
        }
    }

    /// C4: an organization keeps its phase as other organizations, people and memberships come and go.
    #[test]
    fn an_organization_keeps_its_phase((one, other, drafted) in (bundle(), bundle(), options())) {
        let mut both = one.clone();
        both.extend(other);
        let (before, after) = (plan(&one), plan(&both));
        let options = settle(&drafted, &before);
        let (before, after) = (cutover(&before, &options), cutover(&after, &options));
        let after = phases(&after);
        for (organization, phase) in phases(&before) {
            prop_assert_eq!(after[organization], phase, "{}", organization);
        }
    }

    /// C4: `Share::includes`, which knows no plan, agrees with the phases.
    #[test]
    fn an_application_agrees_at_sign_in((bundle, drafted) in (bundle(), options())) {
        let plan = plan(&bundle);
        for phase in cutover(&plan, &settle(&drafted, &plan).pilots([""; 0])).phases {
            for organization in &phase.organizations {
                let first = drafted.2.iter().filter(|share| share.includes(organization)).min();
                let kind = first.map_or(PhaseKind::Rest, |&up_to| PhaseKind::Share { up_to });
                prop_assert_eq!(phase.kind, kind);
            }
        }
    }

    /// C9: two organizations are in one group exactly if shared people lead from one to the other.
    #[test]
    fn groups_are_what_is_connected(bundle in bundle()) {
        let plan = plan(&bundle);
        let groups = organization_groups(&plan);
        prop_assert!(groups.is_sorted_by(|a, b| a.organizations[0] < b.organizations[0]));
        let mut grouped = BTreeSet::new();
        for group in &groups {
            prop_assert!(group.organizations.is_sorted() && group.shared_users.is_sorted());
            grouped.extend(&group.organizations);
            let members: BTreeSet<&str> = group.organizations.iter().map(Text::as_str).collect();
            prop_assert_eq!(&reachable(&plan, &group.organizations[0]), &members);
            let users = plan.users.iter().map(|user| (user, organizations_of(&plan, &user.external_id)));
            let inside: Vec<_> = users.filter(|(_, theirs)| !theirs.is_disjoint(&members)).collect();
            prop_assert_eq!(group.users, inside.len() as u64);
            let shared = inside.iter().filter(|(_, theirs)| theirs.len() > 1).map(|(user, _)| &user.external_id);
            prop_assert_eq!(&group.shared_users, &shared.cloned().collect::<Vec<_>>());
        }
        prop_assert_eq!(grouped.len(), plan.organizations.len());
    }

    /// C9: whole groups as pilots have neither split users nor split domains, and parts of groups have.
    #[test]
    fn whole_groups_have_no_split_users((bundle, chosen) in (bundle(), vec(any::<Index>(), 1..4))) {
        let plan = plan(&bundle);
        let groups = organization_groups(&plan);
        prop_assume!(!groups.is_empty());
        let pilots: Vec<&Text> = chosen.iter().flat_map(|index| &index.get(&groups).organizations).collect();
        let split_users = |pilots: &[&Text]| {
            cutover(&plan, &CutoverOptions::new().pilots(pilots.iter().copied())).phases[0].split_users.clone()
        };
        prop_assert_eq!(split_users(&pilots), []);
        let phases = cutover(&plan, &CutoverOptions::new().pilots(pilots.iter().copied()));
        prop_assert!(phases.phases[0].split_domains.is_empty());
        let check = check_pilots(&plan, pilots.iter().copied());
        prop_assert!(check.is_closed() && check.split_users.is_empty() && check.problems.is_empty());
        for group in groups.iter().filter(|group| group.organizations.len() > 1) {
            let alone = cutover(&plan, &CutoverOptions::new().pilots([&group.organizations[0]]));
            prop_assert!(!(alone.phases[0].split_users.is_empty() && alone.phases[0].split_domains.is_empty()));
        }
    }

    /// C9: with those who must join there is no split user; without any one of them there is.
    #[test]
    fn no_more_must_join_than_needed((bundle, drafted) in (bundle(), options())) {
        let plan = plan(&bundle);
        let options = settle(&drafted, &plan);
        let first = cutover(&plan, &options).phases.swap_remove(0);
        let check = check_pilots(&plan, &first.organizations);
        prop_assert_eq!(&check.pilots, &first.organizations);
        let split_users: Vec<_> = first.split_users.into_iter().map(|split_user| split_user.user_external_id).collect();
        prop_assert_eq!(&check.split_users, &split_users);
        let split_domains: Vec<_> = first.split_domains.into_iter().map(|split| split.domain).collect();
        prop_assert_eq!(&check.split_domains, &split_domains);
        prop_assert_eq!(check.is_closed(), split_users.is_empty() && split_domains.is_empty());
        let with = |without: Option<&Text>| {
            let joined = check.must_join.iter().filter(move |id| Some(*id) != without);
            check_pilots(&plan, first.organizations.iter().chain(joined))
        };
        prop_assert!(with(None).is_closed() && with(None).split_users.is_empty() && with(None).split_domains.is_empty());
        for one in &check.must_join {
            prop_assert!(!with(Some(one)).is_closed());
        }
    }

    /// The same plan in any order gives the same bytes, and they read back.
    #[test]
    fn order_does_not_show((bundle, drafted, turn) in (bundle(), options(), 0..14_usize)) {
        let plan = plan(&bundle);
        let options = settle(&drafted, &plan);
        let mut turned = plan.clone();
        turned.organizations.reverse();
        turned.users.reverse();
        turned.sso_connections.reverse();
        turned.scim_directories.reverse();
        let by = turn.min(turned.memberships.len());
        turned.memberships.rotate_left(by);
        let first = cutover(&plan, &options);
        let json = serde_json::to_string(&first).unwrap();
        prop_assert_eq!(&json, &serde_json::to_string(&cutover(&turned, &options)).unwrap());
        prop_assert_eq!(serde_json::from_str::<Cutover>(&json).unwrap(), first);
        prop_assert_eq!(organization_groups(&plan), organization_groups(&turned));
        prop_assert_eq!(check_pilots(&plan, ["org_1"]), check_pilots(&turned, ["org_1"]));
        let json = serde_json::to_string(&options).unwrap();
        prop_assert_eq!(serde_json::from_str::<CutoverOptions>(&json).unwrap(), options);
    }
}
