//! The nightly mirror: what tonight's plan changes at Authio, and whether it is safe (docs/mirror.md, N1 to N10).
//!
//! A move takes weeks. WorkOS stays authoritative, and a plan is made every night from a fresh export. A [`Ledger`]
//! remembers what was written to which record at Authio, and a [`Snapshot`] says what Authio holds now. [`diff`]
//! compares the three, [`Guards`] judge the result, an applier carries it out, and what Authio answered goes into the
//! ledger.

mod belongings;
mod change;
mod changes;
mod claims;
mod code;
mod compare;
mod conflict;
mod depart;
mod entry;
mod field;
mod guards;
mod kind;
mod ledger;
mod list;
mod message;
mod mirrored;
mod night;
mod outcome;
mod owned;
mod power;
mod record;
mod snapshot;
mod sorted;
mod step;
mod users;
mod verdict;
mod view;

use crate::map::Set;

use crate::{ImportPlan, Text};

pub use change::{Action, Because, Change, ChangeRef, FieldChange, HandOver, Kept, Retention};
pub use changes::{Changes, Summary};
pub use code::{Acknowledged, AcknowledgedCode, ConflictCode, ReasonCode, UnknownCode};
pub use conflict::Conflict;
pub use entry::{Decision, Departed, Entries, Entry, Fate, Origin};
pub use field::{Field, Value};
pub use guards::Guards;
pub use kind::{Kinds, RecordKind};
pub use ledger::{KnownWarning, Ledger, Night};
pub use list::List;
pub use mirrored::Record;
pub use night::{DiffOptions, Mismatch};
pub use outcome::{Effect, FieldValue, Outcome, OutcomeError};
pub use record::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioStatus,
    AuthioUser, OrganizationDetails, SsoDetails, UserDetails,
};
pub use snapshot::{Coverage, Snapshot};
pub use verdict::{GuardShare, Reason, Verdict};

use belongings::Belongings;
use depart::Departures;
use night::Inputs;
use owned::Owners;

/// What tonight's plan changes at Authio, given what was written there and what Authio holds now.
///
/// A pure function: the same records in any order give the same changes, byte for byte, in time in proportion to the
/// records.
///
/// # Errors
/// Fails where ledger and snapshot cannot belong together (N1).
///
/// ```
/// use workos_to_authio::mirror::{DiffOptions, Ledger, Snapshot, diff};
/// use workos_to_authio::{plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// let mut ledger = Ledger::new();
/// ledger.assume_applied(&diff(&ledger, &Snapshot::new(), &plan(&bundle), &DiffOptions::new())?)?;
///
/// bundle.users[0].email = "alice.ng@acme.example".into();
/// let changes = diff(&ledger, &ledger.snapshot(), &plan(&bundle), &DiffOptions::new())?;
/// assert_eq!(changes.changes[0].to_string(), "mirror: user workos:user_01A: update email"); // The same person: N3.
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn diff(
    ledger: &Ledger,
    snapshot: &Snapshot,
    plan: &ImportPlan,
    options: &DiffOptions,
) -> Result<Changes, Mismatch> {
    let night = Inputs::new(ledger, snapshot, plan, options)?;
    let organizations = night.view(&ledger.organizations, &snapshot.organizations);
    let users = night.view(&ledger.users, &snapshot.users);
    let memberships = night.view(&ledger.memberships, &snapshot.memberships);
    let identities = night.view(&ledger.identities, &snapshot.identities);
    let connections = night.view(&ledger.sso_connections, &snapshot.sso_connections);
    let directories = night.view(&ledger.scim_directories, &snapshot.scim_directories);

    let is_moved = |entry: &Entry<AuthioOrganization>| night.moved.contains(&entry.external_id);
    let moved: Set<Text> =
        ledger.organizations.iter().filter(|(_, entry)| is_moved(entry)).map(|(id, _)| id.clone()).collect();

    let mut found = Changes {
        night: night.night(),
        coverage: snapshot.coverage,
        new_warnings: night.new_warnings(),
        ..Changes::default()
    };
    let of_organizations = owned::organizations(&night, &organizations, &mut found);
    let belongings = Belongings::new(&memberships, &identities, &moved);
    let of_users = users::diff(&night, &users, &belongings, &mut found);
    let owners = Owners { users: &of_users, organizations: &of_organizations };
    owned::memberships(&night, &memberships, &owners, &mut found);
    owned::identities(&night, &identities, &owners, &mut found);
    owned::sso_connections(&night, &connections, &owners, &mut found);
    owned::scim_directories(&night, &directories, &owners, &mut found);

    // What belongs to users and organizations departs first: whether one of these can be removed depends on it (N7).
    let mut departures = Departures::new(&night, &of_users, &moved, (&users, &organizations), &found.changes);
    departures.of_kind(&memberships, &mut found.changes);
    departures.of_kind(&identities, &mut found.changes);
    departures.of_kind(&connections, &mut found.changes);
    departures.of_kind(&directories, &mut found.changes);
    departures.of_kind(&users, &mut found.changes);
    departures.of_kind(&organizations, &mut found.changes);
    owned::order(&mut found.changes, &of_users);

    // Most of them are in order already, which a stable sort makes use of.
    found.changes.sort_by(|a, b| (a.kind, &a.external_id, &a.id).cmp(&(b.kind, &b.external_id, &b.id)));
    Ok(found)
}
