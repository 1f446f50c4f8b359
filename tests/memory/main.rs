//! How much memory a pull takes: a suite of its own, as its allocator counts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic: it fails then")]

use std::alloc::System;
use std::fmt::Write;
use std::time::Duration;

use cap::Cap;
use workos_to_authio::pull::{Options, WorkOs};
use workos_to_authio::wire::{Next, Response};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

const USERS: usize = 100_000;
const ORGANIZATIONS: usize = 5_000;
const MEMBERS: usize = 25;

fn number(id: &str) -> usize {
    id.rsplit('_').next().unwrap().parse().unwrap()
}

/// A page of a list that is made as it is asked for, with the fields that the API gives.
fn answer(path: &str) -> Response {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let argument = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let start = argument("after").map_or(0, |id| number(id) + 1);
    let organization = argument("organization_id").map_or(0, number);
    let (total, prefix) = match path.rsplit('/').next().unwrap() {
        "organizations" => (ORGANIZATIONS, "org_01HXYZ8Q3V5T7B9D2F4H6J".to_owned()),
        "users" => (USERS, "user_01HXYZ8Q3V5T7B9D2F4H6J".to_owned()),
        "organization_memberships" => (MEMBERS, format!("om_01HXYZ8Q3V5T7B9D2F4_{organization}")),
        "connections" | "directories" => (0, String::new()),
        other => panic!("{other}"),
    };
    let end = (start + 100).min(total);
    let mut body = String::from(r#"{"object":"list","data":["#);
    for n in start..end {
        let comma = if n > start { "," } else { "" };
        let times = r#""created_at":"2024-01-02T03:04:05.678Z","updated_at":"2025-01-02T03:04:05.678Z""#;
        write!(body, r#"{comma}{{"id":"{prefix}_{n}",{times},"#).unwrap();
        match path.rsplit('/').next().unwrap() {
            "users" => write!(
                body,
                r#""object":"user","email":"firstname.lastname.{n}@company.example",
                "email_verified":true,
                "first_name":"Firstname","last_name":"Lastname {n}","metadata":{{"plan":"pro"}},"locale":"en-US"}}"#
            ),
            "organizations" => write!(
                body,
                r#""object":"organization","name":"Company Number {n} Incorporated",
                "domains":
                [{{"object":"organization_domain","domain":"company{n}.example","state":"verified"}}]}}"#
            ),
            _ => write!(
                body,
                r#""object":"organization_membership","user_id":"user_01HXYZ8Q3V5T7B9D2F4H6J_{}",
                "organization_id":"org_01HXYZ8Q3V5T7B9D2F4H6J_{organization}","status":"active",
                "role":{{"slug":"member"}}}}"#,
                (organization * 20 + n) % USERS
            ),
        }
        .unwrap();
    }
    let after = if end < total { format!(r#""{prefix}_{}""#, end - 1) } else { "null".to_owned() };
    write!(body, r#"],"list_metadata":{{"before":null,"after":{after}}}}}"#).unwrap();
    Response::new(200, body)
}

/// L3: the text of a page is not kept, and lists grow in small steps.
#[test]
fn a_pull_takes_little_more_than_its_bundle() {
    let before = MEMORY.allocated();
    let mut peak = 0;
    let mut workos = WorkOs::new(&Options::new());
    let mut requests = Vec::new();
    loop {
        match workos.poll(Duration::ZERO) {
            Next::Send(request) => requests.push(request),
            Next::Done => break,
            _ => {
                let request = requests.remove(0);
                let response = answer(&request.path);
                workos.handle(request.id, Duration::ZERO, Ok(response)).unwrap();
                peak = peak.max(MEMORY.allocated());
            }
        }
    }
    let bundle = workos.finish();
    assert_eq!((bundle.users.len(), bundle.organizations.len(), bundle.gaps.len()), (USERS, ORGANIZATIONS, 0));
    assert_eq!(bundle.organization_memberships.len(), ORGANIZATIONS * MEMBERS);
    let own = MEMORY.allocated() - before;
    // The most that ever was, within a call as well.
    let peak = peak.max(MEMORY.max_allocated()) - before;
    println!("bundle {} MB, peak {} MB, {:.2} times", own >> 20, peak >> 20, peak as f64 / own as f64);
    assert!(peak * 10 <= own * 13, "bundle {own}, peak {peak}");
}
