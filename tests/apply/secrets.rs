//! What is in no journal, event, `Debug` or error: keys, tokens, addresses, names (A2, A6).

use proptest::prelude::*;
use workos_to_authio::apply::{Applier, Journal};
use workos_to_authio::mirror::{Ledger, Retention};
use workos_to_authio::workos::Identity;

use crate::drive::{Course, Disk, Fault, options, run_to_the_end};
use crate::meddle::meddle;
use crate::model::Authio;
use crate::night::{Night, scenes};

/// What the tests plant: in addresses, names, messages of Authio, tokens.
fn assert_clean(what: &str, text: &str) {
    for planted in ["planted.", "Planted", "person.example", "scim_secret", "sk_test"] {
        assert!(!text.contains(planted), "{planted} in {what}: {text}");
    }
    // The slug of a name is part of an organization's own key, and is not shown either.
    assert!(!text.contains("planted-"), "a slug in {what}: {text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_planted_comes_out(
        scene in scenes(), faults in prop::collection::vec(prop::sample::select(&Fault::ALL[..]), 0..20),
        meddling in prop::collection::vec((any::<u8>(), any::<u8>()), 0..3), crash in 1..80_usize,
    ) {
        let mut authio = Authio::new("proj_1");
        let first = Night::new(&scene.bundle(), &authio, &Ledger::new(), scene.retention());
        let (disk, seen) = first.apply(&mut authio);
        assert_clean("journal", std::str::from_utf8(&disk.journal).unwrap());
        let second = Night::new(&scene.second(), &authio, &first.fold(&disk), scene.retention());
        meddle(&mut authio, &second, &meddling);
        let mut disk = Disk::default();
        let courses = [Course { faults, crash: Some(crash), ..Course::default() }];
        let again = run_to_the_end(&mut authio, &mut disk, &second.steps(), courses);
        assert_clean("journal", std::str::from_utf8(&disk.journal).unwrap());
        for seen in seen.iter().chain(&again) {
            assert_clean("debug", &seen.debug);
            assert_clean("events", &serde_json::to_string(&seen.events).unwrap());
            assert_clean("events", &format!("{:?}", seen.events));
        }
        assert_clean("journal", &format!("{:?}", Journal::read(&disk.journal)));
    }
}

/// A subject that may be an address is shown as a digest, the same every time.
#[test]
fn a_subject_that_may_be_an_address_is_not_shown() {
    let mut bundle = workos_to_authio::workos::Bundle::new();
    bundle.users.push(crate::night::user(0));
    bundle.identities.push(Identity::new("user_0", "GoogleOAuth", "planted.subject@person.example"));
    let mut authio = Authio::new("proj_1");
    let night = Night::new(&bundle, &authio, &Ledger::new(), Retention::Keep);
    let (disk, seen) = night.apply(&mut authio);
    assert!(seen.last().unwrap().counts.all_made());
    assert_clean("journal", std::str::from_utf8(&disk.journal).unwrap());
    assert!(authio.identities.contains_key(&("oauth_google".into(), "planted.subject@person.example".into())));
    assert!(night.fold(&disk).identities.get("oauth_google:planted.subject@person.example").is_some());
}

/// An error code that is not one is not kept: it may be a text with an address.
#[test]
fn a_code_that_may_be_an_address_is_not_kept() {
    let mut authio = Authio::new("proj_1");
    let mut bundle = workos_to_authio::workos::Bundle::new();
    bundle.users.push(crate::night::user(0));
    let night = Night::new(&bundle, &authio, &Ledger::new(), Retention::Keep);
    let mut applier = Applier::new(night.steps(), &options());
    let mut lines = String::new();
    let mut now = std::time::Duration::ZERO;
    loop {
        now += std::time::Duration::from_secs(1);
        match applier.poll(now) {
            workos_to_authio::apply::Next::Write { number, entry } => {
                lines.push_str(&serde_json::to_string(&entry).unwrap());
                applier.written(number);
            }
            workos_to_authio::apply::Next::Send(request) => {
                let (status, body) = match request.path.as_str() {
                    "/v1/users" => {
                        (422, r#"{"code": "planted.a@person.example", "request_id": "planted b"}"#.to_string())
                    }
                    path => {
                        let (status, body) = authio.serve("GET", path, &[]);
                        (status, body.to_string())
                    }
                };
                applier.handle(request.id, now, Ok(workos_to_authio::wire::Response::new(status, body))).unwrap();
            }
            workos_to_authio::apply::Next::Done => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(lines.contains(r#""outcome":"failed","status":422"#), "{lines}");
    assert_clean("journal", &lines);
    let newer = r#"{"entry":"begin","format_version":"2.0","changes":"","options":"","ledger":"","snapshot":""}"#;
    let errors = [
        Journal::read(b"planted.line@person.example\n").unwrap_err().to_string(),
        Journal::read(format!("{newer}\n").as_bytes()).unwrap_err().to_string(),
    ];
    errors.iter().for_each(|error| assert_clean("error", error));
}
