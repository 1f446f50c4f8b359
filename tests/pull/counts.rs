//! How many requests a large tenant takes, and how long.

use std::time::Duration;

use workos_to_authio::pull::{Options, Part};
use workos_to_authio::wire::{Request, Response};

use crate::drive::Drive;

/// 100,000 users and 5,000 organizations, without records beyond an id: 4,500 organizations of one page, 500 of 300
/// members.
struct Large {
    organizations: usize,
    users: usize,
    asked: [u64; 6],
}

impl Large {
    fn answer(&mut self, request: &Request) -> Response {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let argument = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let after = argument("after");
        let number = |id: &str| id.rsplit('_').next().unwrap().parse::<usize>().unwrap();
        let start = after.map_or(0, |id| number(id) + 1);
        let (kind, prefix, total) = match path.rsplit('/').next().unwrap() {
            "organizations" => (0, "org".to_owned(), self.organizations),
            "users" => (1, "user".to_owned(), self.users),
            "organization_memberships" => {
                let organization = argument("organization_id").unwrap();
                (2, format!("om_{organization}"), if number(organization) % 10 == 0 { 300 } else { 20 })
            }
            "connections" | "directories" => (3, "none".to_owned(), 0),
            "auth_factors" => (4, "factor".to_owned(), 0),
            "identities" => {
                self.asked[5] += 1;
                return Response::new(200, "[]");
            }
            other => panic!("{other}"),
        };
        self.asked[kind] += 1;
        let end = (start + 100).min(total);
        let data: Vec<String> = (start..end).map(|n| format!(r#"{{"id":"{prefix}_{n}"}}"#)).collect();
        let next = if end < total { format!(r#""{prefix}_{}""#, end - 1) } else { "null".to_owned() };
        Response::new(
            200,
            format!(r#"{{"data":[{}],"list_metadata":{{"before":null,"after":{next}}}}}"#, data.join(",")),
        )
    }
}

#[test]
fn a_large_tenant_takes_the_calls_that_its_pages_need_and_no_more() {
    let (organizations, users) = (5_000_u64, 100_000_u64);
    let mut large = Large { organizations: 5_000, users: 100_000, asked: [0; 6] };
    let run = Drive::default().run(&Options::new(), |request, _| Ok(large.answer(request)));
    // One page for a hundred records, one list or more for each organization, and one more page of organizations at
    // the end.
    let memberships = 4_500 + 500 * 3;
    assert_eq!(large.asked, [organizations / 100 + 1, users / 100, memberships, 2, 0, 0]);
    let calls: u64 = large.asked.iter().sum();
    assert_eq!(run.machine.progress(run.elapsed).requests, calls);
    // The pages of one list come one after the other; all else at eight in flight.
    let needed = Duration::from_millis(50 * (users / 100).max(calls / 8));
    println!("{calls} requests, {:.3} times what they need", run.elapsed.as_secs_f64() / needed.as_secs_f64());
    assert!(run.elapsed <= needed * 11 / 10, "{:?} of {needed:?}", run.elapsed);
}

#[test]
fn optional_lists_take_one_call_each_for_every_user() {
    let mut large = Large { organizations: 50, users: 3_000, asked: [0; 6] };
    let options = Options::new().with(Part::Factors).with(Part::Identities);
    let run = Drive::default().run(&options, |request, _| Ok(large.answer(request)));
    assert_eq!(large.asked[4..], [3_000, 3_000]);
    let calls: u64 = large.asked.iter().sum();
    let needed = Duration::from_millis(50 * calls / 8);
    println!("{calls} requests, {:.3} times what they need", run.elapsed.as_secs_f64() / needed.as_secs_f64());
    assert!(run.elapsed <= needed * 11 / 10, "{:?} for {calls}", run.elapsed);
}
