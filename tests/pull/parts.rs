//! What is asked, in which order, and how each part ends (L1, L3, L6).

use std::time::Duration;

use workos_to_authio::pull::{Options, Outcome, Part, WorkOs};
use workos_to_authio::wire::{Next, Response, Stop};
use workos_to_authio::workos::{Gap, GapKind, Section};

use crate::drive::Drive;
use crate::world::{MEMBERSHIPS, USERS, World};

fn everything() -> Options {
    Options::new().with(Part::Factors).with(Part::Identities).with(Part::Invitations).with(Part::Roles)
}

#[test]
fn l6_the_first_page_of_each_kind_is_asked_before_anything_else() {
    let mut world = World::new(5, 30, 2);
    Drive { limit: 3, ..Drive::default() }.run(&everything(), |request, _| world.answer(request));
    let kinds = |path: &String| {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        assert!(!query.contains("after="), "{path}?{query} is not a first page");
        path.rsplit('/').next().unwrap().to_owned()
    };
    let mut first: Vec<String> = world.log[..10].iter().map(kinds).collect();
    first.sort();
    let all = [
        "auth_factors",
        "connections",
        "directories",
        "identities",
        "invitations",
        "organization_memberships",
        "organizations",
        "roles",
        "saml_idp_signing_certs",
        "users",
    ];
    assert_eq!(first, all);
}

#[test]
fn l1_memberships_are_asked_with_every_status_and_everything_in_ascending_order() {
    let mut world = World::new(1, 1, 100);
    Drive::default().run(&everything(), |request, _| world.answer(request));
    let asked = format!("{MEMBERSHIPS}?order=asc&limit=100&statuses=active,inactive,pending&organization_id=org_00000");
    assert!(world.log.contains(&asked), "{:?}", world.log);
    assert!(world.log.iter().all(|path| path.contains("order=asc&limit=100")
        || path.ends_with("identities")
        || path.ends_with("roles")
        || path.ends_with("saml_idp_signing_certs")));
}

#[test]
fn l1_users_are_read_on_where_they_ended_before_the_memberships() {
    let mut world = World::new(3, 2, 100);
    Drive::default().run(&Options::new(), |request, _| world.answer(request));
    let users: Vec<_> = world.log.iter().filter(|path| path.starts_with(USERS)).collect();
    assert_eq!(users.len(), 2);
    assert!(users[1].ends_with("&after=user_000001"));
    assert_eq!(world.log.last(), Some(users[1]), "the very last request");
}

#[test]
fn l3_a_part_that_is_forbidden_is_asked_once_and_the_rest_goes_on() {
    for (path, part, section) in [
        ("/organizations", Part::Organizations, Section::Organizations),
        ("/connections", Part::Connections, Section::SsoConnections),
        ("/directories", Part::Directories, Section::Directories),
        (MEMBERSHIPS, Part::Memberships, Section::OrganizationMemberships),
        ("auth_factors", Part::Factors, Section::AuthenticationFactors),
        ("identities", Part::Identities, Section::Identities),
        ("/user_management/invitations", Part::Invitations, Section::Invitations),
        ("/authorization/roles", Part::Roles, Section::Roles),
    ] {
        let mut world = World::new(4, 10, 3);
        world.forbidden.insert(path);
        let run = Drive::default().run(&everything(), |request, _| world.answer(request));
        let outcomes = run.machine.progress(Duration::ZERO).parts;
        let forbidden: Vec<_> =
            outcomes.iter().filter(|part| part.outcome == Outcome::Forbidden).map(|p| p.part).collect();
        assert_eq!(forbidden, [part]);
        assert_eq!(world.log.iter().filter(|asked| asked.contains(path)).count(), 1, "{path}: asked once");
        let bundle = run.machine.finish();
        assert_eq!(bundle.gaps, [Gap::new(section, GapKind::Forbidden)]);
        assert_eq!(bundle.users.len(), 10);
    }
}

#[test]
fn l3_a_later_list_that_is_forbidden_is_a_gap_of_its_own() {
    let mut world = World::new(4, 10, 3);
    let run = Drive { limit: 1, ..Drive::default() }.run(&Options::new(), |request, _| {
        let is_refused = request.path.contains("organization_id=org_00002");
        if is_refused { Ok(Response::new(403, "{}")) } else { world.answer(request) }
    });
    let bundle = run.machine.finish();
    let gap = Gap::in_list_of("org_00002", Section::OrganizationMemberships, GapKind::Forbidden);
    assert_eq!(bundle.gaps, [gap], "the other three organizations are whole");
    let others = world.memberships.iter().filter(|(id, _)| *id != "org_00002").map(|(_, list)| list.len());
    assert_eq!(bundle.organization_memberships.len(), others.sum::<usize>());
}

#[test]
fn l3_401_stops_and_a_saved_state_goes_on_with_another_key() {
    let mut world = World::new(2, 9, 2);
    let truth = world.truth(false);
    let (mut asked, mut revoked) = (0, true);
    let mut server = |request: &_, _| {
        asked += 1;
        if asked > 6 && revoked {
            Ok(Response::new(401, r#"{"message":"Unauthorized"}"#))
        } else {
            world.answer(request)
        }
    };
    let run = Drive::default().run(&Options::new(), &mut server);
    assert_eq!(run.stopped, Some(Stop::Unauthorized));
    let mut machine = run.machine;
    assert_eq!(machine.poll(Duration::MAX), Next::Stopped(Stop::Unauthorized));
    let resumed: WorkOs = serde_json::from_str(&serde_json::to_string(&machine).unwrap()).unwrap();
    revoked = false;
    let run = Drive::default().go_on(resumed, |request, _| world.answer(request));
    assert_eq!((run.stopped, run.machine.finish()), (None, truth));
    assert!(!revoked);
}

#[test]
fn a_redirect_and_a_page_of_a_proxy_stop() {
    for (response, stop) in [
        (Response::new(302, ""), Stop::Redirected { status: 302 }),
        (Response::new(200, "\n<!doctype html><p>Please sign in</p>"), Stop::NotTheApi),
    ] {
        let run = Drive::default().run(&Options::new(), |_, _| Ok(response.clone()));
        assert_eq!(run.stopped, Some(stop));
        let gaps = run.machine.finish().gaps;
        assert!(
            Section::ALL
                .iter()
                .filter(|s| s.is_required())
                .take(4)
                .all(|s| { *s == Section::OrganizationMemberships || gaps.iter().any(|gap| gap.section == *s) }),
            "{gaps:?}"
        );
    }
}

#[test]
fn l3_a_list_that_fails_to_the_end_is_a_gap_and_never_none() {
    let mut world = World::new(2, 6, 10);
    let run = Drive::default().run(&everything(), |request, _| {
        let answer = world.answer(request);
        if request.path.contains("user_000004/auth_factors") { Ok(Response::new(500, "{}")) } else { answer }
    });
    let progress = run.machine.progress(Duration::ZERO);
    let factors = progress.parts.iter().find(|part| part.part == Part::Factors).unwrap();
    assert_eq!((factors.outcome, factors.lists, factors.of_lists), (Outcome::Gap, 6, 6));
    let bundle = run.machine.finish();
    let kind = GapKind::ApiError { message: "status 500".into() };
    assert_eq!(bundle.gaps, [Gap::in_list_of("user_000004", Section::AuthenticationFactors, kind)]);
    assert_eq!(bundle.authentication_factors.len(), 1, "that of user_000000");
}

#[test]
fn records_that_cannot_be_read_are_set_aside_with_their_position_in_the_list() {
    let mut world = World::new(1, 5, 2);
    world.users[3].value["email_verified"] = "perhaps".into();
    let run = Drive::default().run(&Options::new(), |request, _| world.answer(request));
    let bundle = run.machine.finish();
    assert_eq!(bundle.users.len(), 4);
    let rejected = &bundle.rejected[0];
    assert_eq!((rejected.id.as_deref(), rejected.index), (Some("user_000003"), 3));
    assert_eq!(bundle.gaps, []);
}

#[test]
fn a_pull_of_some_organizations_reads_what_belongs_to_them() {
    let mut world = World::new(4, 20, 3);
    let options = everything().organization("org_00001").organization("org_00002").organization("org_gone");
    let run = Drive::default().run(&options, |request, _| world.answer(request));
    let progress = run.machine.progress(Duration::ZERO);
    assert!(progress.parts.iter().all(|part| part.outcome != Outcome::Reading), "{progress:?}");
    let bundle = run.machine.finish();
    let ids: Vec<_> = bundle.organizations.iter().map(|organization| organization.id.as_str()).collect();
    assert_eq!(ids, ["org_00001", "org_00002"]);
    let in_them = |id: &str| ["org_00001", "org_00002"].contains(&id);
    assert!(bundle.organization_memberships.iter().all(|membership| in_them(&membership.organization_id)));
    let expected = world.memberships["org_00001"].len() + world.memberships["org_00002"].len();
    assert_eq!(bundle.organization_memberships.len(), expected);
    for membership in &bundle.organization_memberships {
        assert_eq!(bundle.users.iter().filter(|user| user.id == membership.user_id).count(), 1);
    }
    for section in Section::ALL.iter().filter(|section| section.is_required()) {
        let message = "only some organizations were asked for".into();
        assert!(bundle.gaps.contains(&Gap::new(*section, GapKind::ApiError { message })), "{section}");
    }
    let kind = GapKind::ApiError { message: "status 404".into() };
    assert!(bundle.gaps.contains(&Gap::in_list_of("org_gone", Section::Organizations, kind)), "one is not there");
}

#[test]
fn the_merging_addresses_are_counted_as_they_come() {
    let mut world = World::new(1, 40, 7);
    let run = Drive::default().run(&Options::new(), |request, _| world.answer(request));
    assert_eq!(run.machine.progress(Duration::ZERO).merging_addresses, 4);
    let resumed: WorkOs = serde_json::from_str(&serde_json::to_string(&run.machine).unwrap()).unwrap();
    assert_eq!(resumed.progress(Duration::ZERO).merging_addresses, 4);
}
