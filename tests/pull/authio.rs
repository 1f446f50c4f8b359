//! The snapshot of Authio (L2).

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use workos_to_authio::mirror::{Coverage, Snapshot};
use workos_to_authio::pull::{Authio, Options};
use workos_to_authio::wire::{Answer, Request, Response, Stop};

use crate::dice::Dice;
use crate::drive::Drive;
use crate::support::config;

/// An Authio in memory: bare arrays, users by an opaque cursor.
#[derive(Debug, Clone)]
struct Server {
    organizations: usize,
    users: usize,
    page: usize,
    /// A path that ends so is refused.
    refused: Option<&'static str>,
    lies: bool,
    log: Vec<String>,
}

impl Server {
    fn new(organizations: usize, users: usize, page: usize) -> Self {
        Self { organizations, users, page, refused: None, lies: false, log: Vec::new() }
    }

    fn answer(&mut self, request: &Request) -> Answer {
        self.log.push(request.path.clone());
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        if self.refused.is_some_and(|refused| path.ends_with(refused)) {
            return Ok(Response::new(403, r#"{"code":"forbidden","message":"alice@acme.example"}"#));
        }
        let value = match path.split('/').skip(2).collect::<Vec<_>>().as_slice() {
            ["projects", "me"] => json!({"id": "proj_1", "name": "Acme", "environment": "live"}),
            ["organizations"] => {
                let organization =
                    |n| json!({"id": format!("org_{n}"), "slug": format!("c{n}"), "name": format!("Company {n}")});
                json!((0..self.organizations).map(organization).collect::<Vec<_>>())
            }
            ["users"] => {
                assert!(query.starts_with("limit=200"), "{query}");
                let start = query.split_once("cursor=c%3A").map_or(0, |(_, start)| start.parse().unwrap());
                let end = (start + self.page).min(self.users);
                let user = |n| {
                    let (id, email) = (format!("user_{n:04}"), format!("person{n}@c.example"));
                    json!({"id": id, "email": email, "email_verified": true})
                };
                let next = match (end < self.users, self.lies) {
                    (true, true) => Some("c:0".to_owned()),
                    (true, false) => Some(format!("c:{end}")),
                    _ => None,
                };
                json!({"data": (start..end).map(user).collect::<Vec<_>>(), "next_cursor": next})
            }
            ["organizations", id, "memberships"] => {
                let member = |n| {
                    json!({"id": format!("mem_{id}_{n}"), "user_id": format!("user_{n:04}"), "organization_id": id,
                    "role": "member", "status": "active"})
                };
                json!((0..self.users.min(3)).map(member).collect::<Vec<_>>())
            }
            ["organizations", id, "sso-connections"] => json!([{"id": format!("sso_{id}"), "organization_id": id,
                "external_id": format!("workos:sso:conn_{id}"), "protocol": "saml", "status": "active"}]),
            other => panic!("{other:?}"),
        };
        Ok(Response::new(200, value.to_string()))
    }
}

fn read(drive: Drive, server: &mut Server) -> Snapshot {
    let machine = Authio::new(&Options::new().concurrency(drive.limit));
    let run = drive.go_on(machine, |request, _| server.answer(request));
    assert_eq!(run.stopped, None);
    run.machine.finish()
}

proptest! {
    #![proptest_config(config("pull"))]

    /// L2, L5: the snapshot is what Authio holds, whatever happens on the way.
    #[test]
    fn l2_every_reading_ends_in_the_truth(
        organizations in 0..5_usize, users in 0..30_usize, page in 1..9_usize, limit in 1..9_usize, seed: u64,
        faults in 0..20_u64, saves in 0..5_u32,
    ) {
        let latency = (Duration::from_millis(10), Duration::from_millis(500));
        let drive = Drive { limit, dice: Dice(seed), faults, saves, latency };
        let snapshot = read(drive, &mut Server::new(organizations, users, page));
        let expected = read(Drive { limit: 1, ..Drive::default() }, &mut Server::new(organizations, users, 200));
        prop_assert_eq!(&snapshot, &expected);
        prop_assert_eq!(snapshot.users.len(), users);
        prop_assert_eq!(snapshot.memberships.len(), organizations * users.min(3));
        let coverage = &snapshot.coverage;
        let read = [coverage.organization, coverage.user, coverage.membership, coverage.sso_connection];
        prop_assert_eq!(read, [Coverage::Read; 4]);
        prop_assert_eq!([coverage.identity, coverage.scim_directory], [Coverage::NotRead; 2]);
    }

    /// L4: cursors that lie cut the users, and never loop.
    #[test]
    fn l4_lying_cursors_cut_the_users(page in 1..9_usize, more in 1..30_usize, seed: u64) {
        let users = page + more;
        let mut server = Server { lies: true, ..Server::new(1, users, page) };
        let snapshot = read(Drive { dice: Dice(seed), ..Drive::default() }, &mut server);
        prop_assert_eq!(snapshot.coverage.user, Coverage::Cut);
        prop_assert_eq!(snapshot.users.len(), page);
    }
}

#[test]
fn l2_a_kind_that_is_refused_is_not_read_and_the_others_are() {
    let mut server = Server { refused: Some("sso-connections"), ..Server::new(2, 3, 200) };
    let snapshot = read(Drive::default(), &mut server);
    assert_eq!(snapshot.coverage.sso_connection, Coverage::NotRead);
    assert_eq!(snapshot.coverage.membership, Coverage::Read);
    assert_eq!(server.log.iter().filter(|path| path.ends_with("sso-connections")).count(), 1);

    let snapshot = read(Drive::default(), &mut Server { refused: Some("projects/me"), ..Server::new(1, 1, 200) });
    assert_eq!((snapshot.project, snapshot.users.len()), (None, 1));
}

#[test]
fn l2_a_list_that_fails_cuts_its_kind() {
    let mut server = Server::new(3, 3, 200);
    let run = Drive::default().go_on(Authio::new(&Options::new()), |request, _| {
        let answer = server.answer(request);
        if request.path.contains("org_1/memberships") { Ok(Response::new(500, "{}")) } else { answer }
    });
    let snapshot = run.machine.finish();
    assert_eq!(snapshot.coverage.membership, Coverage::Cut);
    assert_eq!(snapshot.memberships.len(), 6);
}

#[test]
fn l3_401_stops_and_what_was_not_read_is_cut() {
    let run = Drive::default().go_on(Authio::new(&Options::new()), |_, _| Ok(Response::new(401, "{}")));
    assert_eq!(run.stopped, Some(Stop::Unauthorized));
    let said = format!("{:?}", run.machine);
    assert!(said.contains("requests"));
    assert_eq!(run.machine.finish().coverage.user, Coverage::Cut);
}
