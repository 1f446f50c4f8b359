//! What holds of every run that came to its end, rule by rule.

use std::collections::BTreeMap;

use serde_json::json;
use workos_to_authio::apply::{Against, Journal, Outcome, Steps, Verb};
use workos_to_authio::mirror::{Action, Record, RecordKind};

use crate::drive::Disk;
use crate::model::{Authio, Written};
use crate::night::Night;

/// A6: every token of a directory that this import made is kept, or reported lost.
pub(crate) fn assert_tokens(authio: &Authio, disk: &Disk, night: &Night, steps: &Steps<'_>) {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    for step in steps.iter().filter(|step| step.kind == RecordKind::ScimDirectory) {
        let found = journal.outcomes().find(|(id, _)| **id == step.id).map(|(_, outcome)| outcome.clone());
        if let Some(Outcome::Made { id }) = found {
            let directory = &authio.directories[id.as_str()];
            assert_eq!(disk.secrets.get(id.as_str()), Some(&directory.token), "the token of {id} is gone");
        }
    }
    let lost = journal.outcomes().filter(|(_, outcome)| matches!(outcome, Outcome::TokenLost { .. })).count();
    let unkept = authio.directories.keys().filter(|id| !disk.secrets.contains_key(*id)).count();
    let of_earlier_nights = night.ledger.scim_directories.len();
    assert!(unkept <= lost + of_earlier_nights, "a token was lost without a word");
}

/// A4: an account is taken on only if it is foreign, and verified on both sides; an address that the identity provider
/// owns is not a failure.
pub(crate) fn assert_accounts(authio: &Authio, disk: &Disk, night: &Night, steps: &Steps<'_>) {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    for step in steps.iter() {
        let outcome = journal.outcome(&step.id).unwrap();
        if let Outcome::Failed { code, .. } = outcome {
            assert_ne!(code, "email_managed_by_idp", "{}", step.id);
        }
        let Action::Create { record, .. } = &night.changes.changes[step.change].action else { continue };
        let Record::User(made) = &**record else { continue };
        let is_known = |id: &str| {
            night.ledger.users.get(id).is_some() || night.snapshot.users.iter().any(|user| user.id.as_str() == id)
        };
        let there = authio.users.iter().find(|(_, user)| user.email.eq_ignore_ascii_case(&made.email));
        match (outcome, there) {
            (Outcome::Existed { id, .. }, Some((there, user))) => {
                assert_eq!(id.as_str(), there);
                assert!(!is_known(id) && user.email_verified && made.email_verified, "{} takes on {user:?}", step.id);
            }
            (Outcome::Made { id }, Some((there, _))) => {
                assert_eq!(id.as_str(), there);
                assert!(!is_known(id), "{} takes {id} for its own", step.id);
            }
            (Outcome::Conflict { against: Against::AccountKnown }, Some((there, _))) => assert!(is_known(there)),
            (Outcome::Made { .. } | Outcome::Existed { .. }, None) => panic!("{} is not there", step.id),
            _ => {}
        }
    }
}

/// A5: what needs a step that did not come about is skipped, and says because of which; nothing else is.
pub(crate) fn assert_skipped(disk: &Disk, steps: &Steps<'_>) {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let failed = |outcome: &Outcome| {
        !matches!(outcome.as_str(), "made" | "existed" | "written" | "kept" | "revoked" | "deactivated" | "removed")
    };
    // An address or slug that stays where it is.
    let refuses = |outcome: &Outcome| match outcome {
        Outcome::Written { refused } | Outcome::Kept { refused } => !refused.is_empty(),
        _ => false,
    };
    for step in steps.iter() {
        let outcome = journal.outcome(&step.id).unwrap();
        let needed: BTreeMap<_, _> = steps.needs_of(step).map(|id| (id, journal.outcome(id).unwrap())).collect();
        match outcome {
            Outcome::Skipped { because } => {
                assert!(needed.values().any(|outcome| failed(outcome) || refuses(outcome)), "{} is skipped", step.id);
                let first = journal.outcome(because).unwrap();
                let stands = |outcome: &&Outcome| failed(outcome) && outcome.as_str() != "skipped" || refuses(outcome);
                assert!(stands(&first), "{} because of {because}: {first:?}", step.id);
            }
            // What is clear without asking needs nothing.
            Outcome::Conflict { against: Against::ForeignOrganization | Against::OwnerMissing } | Outcome::Refused => {}
            outcome => {
                let before = needed.iter().find(|(_, outcome)| failed(outcome));
                assert!(before.is_none(), "{} is {outcome:?}, and needs {before:?}", step.id);
            }
        }
    }
}

/// N6: an account passes only after its sessions ended, and after all that goes went.
pub(crate) fn assert_handed_over(authio: &Authio, night: &Night, steps: &Steps<'_>) {
    let last = |is: &dyn Fn(&Written) -> bool| authio.log.iter().rposition(is);
    for step in steps.iter().filter(|step| step.verb == Verb::Revoke) {
        let change = &night.changes.changes[step.change];
        let path = format!("/v1/users/{}", change.id);
        let passes = |written: &Written| written.path == path && written.body.get("external_id").is_some();
        let Some(passed) = authio.log.iter().position(passes) else { continue };
        let revokes = |written: &Written| written.path == path && written.body == json!({"revoke_sessions": true});
        let revoked = authio.log.iter().position(revokes).unwrap_or_else(|| panic!("{path}: {:#?}", authio.log));
        assert!(revoked < passed);
        let goes = |name: &&workos_to_authio::mirror::ChangeRef| name.kind == RecordKind::Membership;
        for name in change.after.iter().filter(goes) {
            let end = format!("/memberships/{}", name.id);
            let went = last(&|written| written.path.ends_with(&end));
            assert!(went.is_none_or(|went| revoked < went && went < passed), "{name:?}: {:#?}", authio.log);
        }
        // A membership that passes has no more power than it is to have.
        for seat in night.changes.changes.iter().filter(|seat| seat.user_id.as_ref() == Some(&change.id)) {
            let Action::Update { fields, .. } = &seat.action else { continue };
            let falls = fields.iter().any(|field| {
                (field.before.as_text(), field.after.as_text()) == (Some(&"owner".into()), Some(&"member".into()))
            });
            let end = format!("/memberships/{}", seat.id);
            let fell = last(&|written| written.path.ends_with(&end));
            assert!(!falls || fell.is_none_or(|fell| fell < passed), "{end}: {:#?}", authio.log);
        }
    }
}
