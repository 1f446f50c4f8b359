//! Any order of answers, any failures that end, states saved and resumed anywhere: one bundle, and the truth.

use std::time::Duration;

use proptest::prelude::*;
use workos_to_authio::pull::{Options, Part};

use crate::dice::Dice;
use crate::drive::Drive;
use crate::support::config;
use crate::world::World;

fn everything() -> Options {
    Options::new().with(Part::Factors).with(Part::Identities).with(Part::Invitations).with(Part::Roles)
}

proptest! {
    #![proptest_config(config("pull"))]

    /// L1, L3, L5: the bundle is the truth, whatever happens on the way.
    #[test]
    fn every_run_ends_in_the_truth(
        organizations in 0..7_usize, users in 0..40_usize, page in 1..12_usize, limit in 1..10_usize,
        faults in prop_oneof![Just(0_u64), 0..25_u64], saves in 0..8_u32, seed: u64, slow in 50..900_u64,
    ) {
        let world = World::new(organizations, users, page);
        let drive = Drive {
            limit, faults, saves, dice: Dice(seed),
            latency: (Duration::from_millis(10), Duration::from_millis(slow)),
        };
        let mut server = world.clone();
        let run = drive.run(&everything(), |request, _| server.answer(request));
        prop_assert_eq!(run.stopped, None);
        let bundle = run.machine.finish();
        prop_assert_eq!(bundle, world.truth(true));
    }

    /// L1: an organization and a user created while the pull runs are there, as long as the organizations were not
    /// read on yet.
    #[test]
    fn who_comes_meanwhile_is_there(
        organizations in 1..5_usize, users in 1..20_usize, page in 1..6_usize, limit in 1..9_usize, at in 0..40_usize,
        seed: u64,
    ) {
        let mut world = World::new(organizations, users, page);
        let mut asked = 0;
        let drive = Drive {
            limit, dice: Dice(seed), latency: (Duration::from_millis(10), Duration::from_millis(400)),
            ..Drive::default()
        };
        let run = drive.run(&Options::new(), |request, _| {
            if asked == at {
                world.add_organization(organizations);
                world.add_user(users);
                world.join(users, organizations);
            }
            asked += 1;
            world.answer(request)
        });
        let log = &world.log;
        let read_on = log.iter().rposition(|path| path.starts_with("/organizations?")).unwrap();
        prop_assert!(read_on > 0 && log.iter().filter(|path| path.starts_with("/organizations?")).count() >= 2);
        if at <= read_on {
            let bundle = run.machine.finish();
            let (organization, user) = (format!("org_{organizations:05}"), format!("user_{users:06}"));
            prop_assert!(bundle.organizations.iter().any(|record| record.id == organization.as_str()));
            prop_assert!(bundle.organization_memberships.iter().any(|record| record.user_id == user.as_str()));
            prop_assert!(bundle.users.iter().any(|record| record.id == user.as_str()));
            prop_assert_eq!(bundle.gaps, []);
        }
    }

    /// L3: a user who is deleted while the pull runs leaves no gap, and nobody else is lost.
    #[test]
    fn who_goes_meanwhile_leaves_no_gap(
        users in 2..25_usize, page in 1..6_usize, limit in 1..9_usize, at in 0..60_usize,
        who: prop::sample::Index, seed: u64,
    ) {
        let mut world = World::new(2, users, page);
        let gone = world.users[who.index(users)].id.clone();
        let mut asked = 0;
        let run = Drive { limit, dice: Dice(seed), ..Drive::default() }.run(&everything(), |request, _| {
            if asked == at {
                world.users.retain(|user| user.id != gone);
                for members in world.memberships.values_mut() {
                    members.retain(|member| member.value["user_id"] != gone);
                }
            }
            asked += 1;
            world.answer(request)
        });
        let bundle = run.machine.finish();
        prop_assert_eq!(&bundle.gaps, &[]);
        let others = |id: &str| id != gone;
        let left: Vec<_> = bundle.users.iter().filter(|user| others(&user.id)).map(|user| user.id.as_str()).collect();
        let expected: Vec<_> = world.users.iter().map(|user| user.id.as_str()).filter(|id| others(id)).collect();
        prop_assert_eq!(left, expected);
    }
}
