//! No address, name or body in anything but records (L5).

use std::time::Duration;

use workos_to_authio::pull::{Options, Part, WorkOs};
use workos_to_authio::wire::{Next, Request, RequestId, Response};

use crate::drive::Drive;
use crate::world::World;

#[test]
fn debug_progress_and_gaps_hold_no_personal_data() {
    let mut world = World::new(3, 20, 4);
    world.forbidden.extend(["/directories", "identities"]);
    let mut said = String::new();
    let run = Drive::default().run(&Options::new().with(Part::Identities), |request, _| {
        let answer = world.answer(request);
        said += &format!("{request:?} {answer:?}\n");
        answer
    });
    said += &format!("{:?} {:?} ", run.machine, run.machine.progress(Duration::ZERO));
    said += &serde_json::to_string(&run.machine.progress(Duration::ZERO)).unwrap();
    let bundle = run.machine.finish();
    said += &format!("{:?} {:?}", bundle.gaps, bundle.rejected);
    for secret in ["@", "Ada", "Person", "Company", ".example", "CERTIFICATE", "alice"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    assert!(said.contains("requests"));
}

#[test]
fn debug_shows_neither_bodies_nor_queries() {
    let mut request = Request::get(RequestId::new(3), "/v1/users?email=alice%40acme.example".into());
    request.body = Some(b"{\"token\":\"secret\"}".to_vec());
    assert_eq!(format!("{request:?}"), r#"Request { id: 3, method: Get, path: "/v1/users", body: Some(18 bytes) }"#);
    let mut workos = WorkOs::new(&Options::new());
    let Next::Send(request) = workos.poll(Duration::ZERO) else { panic!() };
    workos
        .handle(request.id, Duration::ZERO, Ok(Response::new(200, r#"{"data":[{"id":"org_1","name":"Hidden Ltd"}]}"#)))
        .unwrap();
    assert!(!format!("{workos:?}").contains("Hidden"));
}
