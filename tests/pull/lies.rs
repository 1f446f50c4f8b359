//! Cursors that lie (L4).

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use workos_to_authio::pull::{Options, Part};
use workos_to_authio::workos::{Bundle, GapKind, Section};
use workos_to_authio::{Severity, plan};

use crate::dice::Dice;
use crate::drive::Drive;
use crate::support::config;
use crate::world::{Lie, MEMBERSHIPS, USERS, World};

const LISTS: [(&str, Section); 5] = [
    ("/organizations", Section::Organizations),
    (USERS, Section::Users),
    (MEMBERSHIPS, Section::OrganizationMemberships),
    ("/connections", Section::SsoConnections),
    ("/directories", Section::Directories),
];
const LIES: [Lie; 6] = [Lie::Repeats, Lie::Restarts, Lie::StepsBack, Lie::Wanders, Lie::Empty, Lie::NoText];

/// Nobody can tell a page that was skipped from one that is not there: a wanderer is not among them.
const LIES_THAT_SHOW: &[Lie] = &[Lie::Repeats, Lie::Restarts, Lie::StepsBack, Lie::Empty, Lie::NoText];

proptest! {
    #![proptest_config(config("pull"))]

    /// L4: a cursor that lies once is asked again, and nothing is missing.
    #[test]
    fn a_lie_that_is_told_once_does_no_harm(
        list in 0..LISTS.len(), lie in select(LIES_THAT_SHOW), organizations in 1..6_usize, users in 1..30_usize,
        page in 1..6_usize,
        limit in 1..9_usize, seed: u64,
    ) {
        let mut world = World::new(organizations, users, page);
        let truth = world.truth(false);
        world.lie = Some((LISTS[list].0, lie, 1));
        let drive = Drive { limit, dice: Dice(seed), ..Drive::default() };
        let run = drive.run(&Options::new(), |request, _| world.answer(request));
        prop_assert_eq!(run.machine.finish(), truth);
    }

    /// L4: cursors that go on lying end in a gap that names the list, and always end.
    #[test]
    fn lies_without_end_are_a_gap_and_no_loop(
        list in 0..LISTS.len(), lie in 0..LIES.len(), organizations in 1..6_usize, users in 1..30_usize,
        page in 1..6_usize,
        limit in 1..9_usize, seed: u64, faults in 0..10_u64, saves in 0..4_u32,
    ) {
        let (lie, (name, section)) = (LIES[lie], LISTS[list]);
        let mut world = World::new(organizations, users, page);
        let truth = world.truth(false);
        world.lie = Some((name, lie, u32::MAX));
        world.dice = Dice(seed);
        let drive = Drive { limit, dice: Dice(seed), faults, saves, ..Drive::default() };
        let run = drive.run(&Options::new().with(Part::Factors), |request, _| world.answer(request));
        let bundle = run.machine.finish();
        for gap in &bundle.gaps {
            let is_one_of_many = section == Section::OrganizationMemberships;
            prop_assert!(gap.section == section && gap.list_of.is_some() == is_one_of_many, "{:?}", gap);
        }
        let counts = |b: &workos_to_authio::workos::Bundle| (
            b.users.len(), b.organizations.len(), b.organization_memberships.len(), b.sso_connections.len(),
            b.directories.len(),
        );
        // A wanderer may skip a page in a way that nobody can see; all others are seen.
        if bundle.gaps.is_empty() && lie != Lie::Wanders {
            prop_assert_eq!(counts(&bundle), counts(&truth));
        }
        let ids: std::collections::BTreeSet<_> = bundle.users.iter().map(|user| &user.id).collect();
        prop_assert_eq!(ids.len(), bundle.users.len(), "no record twice");
    }
}

#[test]
fn l4_a_list_that_restarts_is_a_gap_that_names_its_section() {
    let mut world = World::new(1, 9, 4);
    world.lie = Some((USERS, Lie::Restarts, u32::MAX));
    let run = Drive::default().run(&Options::new(), |request, _| world.answer(request));
    let bundle = run.machine.finish();
    assert_eq!(bundle.gaps.iter().map(|gap| gap.section).collect::<Vec<_>>(), [Section::Users]);
    assert_eq!(bundle.users.len(), 4, "the first page is kept");
    let pages: Vec<_> =
        world.log.iter().filter(|path| path.starts_with(USERS) && !path.contains("auth_factors")).collect();
    let pages: Vec<_> = pages.iter().map(|path| path.rsplit_once("limit=100").unwrap().1).collect();
    assert_eq!(pages, ["", "&after=user_000003", "", "&after=user_000003"], "asked once more from the cursor before");
}

/// L4: the list of one organization or user that lies is a gap with that organization or user, and the lists of all
/// others are whole. The plan says whose list it is.
#[test]
fn l4_a_list_of_one_organization_or_user_that_lies_is_named_with_its_owner() {
    let cases = [
        (MEMBERSHIPS, Section::OrganizationMemberships, "org_00002"),
        ("/auth_factors", Section::AuthenticationFactors, "user_000004"),
    ];
    for (name, section, liar) in cases {
        for lie in [Lie::Repeats, Lie::Restarts, Lie::StepsBack, Lie::Empty, Lie::NoText] {
            let mut world = World::new(4, 40, 3);
            // More than a page of factors.
            let factor = world.factors["user_000004"][0].clone();
            world.factors.get_mut("user_000004").unwrap().extend((1..7).map(|n| {
                let mut factor = factor.clone();
                factor.id = format!("{}{n}", factor.id);
                factor.value["id"] = factor.id.clone().into();
                factor
            }));
            let options = Options::new().with(Part::Factors);
            let truth = world.truth(true);
            (world.lie, world.liar) = (Some((name, lie, u32::MAX)), Some(liar.to_owned()));
            let bundle = Drive::default().run(&options, |request, _| world.answer(request)).machine.finish();
            let [gap] = &*bundle.gaps else { panic!("{lie:?}: {:?}", bundle.gaps) };
            assert_eq!((gap.section, gap.list_of.as_deref()), (section, Some(liar)), "{lie:?}");
            assert!(matches!(gap.kind, GapKind::Truncated { .. }), "{lie:?}: {gap:?}");
            let others = |bundle: &Bundle| -> BTreeSet<String> {
                let memberships = bundle.organization_memberships.iter();
                let memberships = memberships
                    .filter(|record| section != Section::OrganizationMemberships || record.organization_id != liar);
                let factors = bundle.authentication_factors.iter();
                let factors = factors.filter(|record| record.user_id != liar);
                memberships
                    .map(|record| record.id.to_string())
                    .chain(factors.map(|record| record.id.to_string()))
                    .collect()
            };
            assert_eq!(others(&bundle), others(&truth), "{lie:?}");
            let said: Vec<_> = plan(&bundle)
                .warnings
                .iter()
                .filter(|w| w.severity() == Severity::Error)
                .map(ToString::to_string)
                .collect();
            assert!(
                said.iter().any(|line| line.starts_with(&format!("workos: {section} of {liar} is cut short"))),
                "{said:?}"
            );
        }
    }
}
