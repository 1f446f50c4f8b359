//! Cursors that lie (L4).

use proptest::prelude::*;
use proptest::sample::select;
use workos_to_authio::pull::{Options, Part};
use workos_to_authio::workos::Section;

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
const LIES: [Lie; 5] = [Lie::Repeats, Lie::Restarts, Lie::StepsBack, Lie::Wanders, Lie::Empty];

/// Nobody can tell a page that was skipped from one that is not there: a wanderer is not among them.
const LIES_THAT_SHOW: &[Lie] = &[Lie::Repeats, Lie::Restarts, Lie::StepsBack, Lie::Empty];

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
        prop_assert!(bundle.gaps.iter().all(|gap| gap.section == section), "{:?}", bundle.gaps);
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
