//! A small company, and what became of one step.

use workos_to_authio::apply::{Against, Outcome};
use workos_to_authio::mirror::{Ledger, Retention};
use workos_to_authio::workos::{Bundle, Organization};

use crate::drive::{Disk, outcome_of, outcomes};
use crate::model::Authio;
use crate::night::{Night, seat, user};

/// One organization, an owner and a member.
pub(crate) fn acme() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_0", "Planted Organization"));
    bundle.users.extend([user(0), user(1)]);
    bundle.organization_memberships.extend([seat(0, 0, 0, 2, 0), seat(1, 1, 0, 0, 0)]);
    bundle
}

pub(crate) fn first(bundle: &Bundle, authio: &Authio) -> Night {
    Night::new(bundle, authio, &Ledger::new(), Retention::Keep)
}

/// Authio after the first night, and the ledger.
pub(crate) fn applied(bundle: &Bundle) -> (Authio, Ledger) {
    let mut authio = Authio::new("proj_1");
    let night = first(bundle, &authio);
    let (disk, seen) = night.apply(&mut authio);
    assert!(seen.last().unwrap().counts.all_made(), "{:?}", outcomes(&disk));
    authio.log.clear();
    (authio, night.fold(&disk))
}

pub(crate) const ORG: &str = "create:organization:workos:org:org_0";

pub(crate) fn failed(disk: &Disk, step: &str) -> String {
    match outcome_of(disk, step) {
        Outcome::Failed { code, .. } => code.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn against(disk: &Disk, step: &str) -> Against {
    match outcome_of(disk, step) {
        Outcome::Conflict { against } => against,
        other => panic!("{other:?}"),
    }
}
