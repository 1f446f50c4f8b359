//! What Authio refuses on a night that did not read all of its lists.

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::Text;
use workos_to_authio::mirror::{Action, AuthioSsoConnection, Change, Field, Record, RecordKind, Snapshot};

use crate::world::is_there;

/// Whether Authio refuses a change that was planned without a look at what it is about. Where all was read, a plan that
/// Authio would refuse is a fault: the model of Authio fails on it.
pub(crate) fn refuses(
    authio: &Snapshot,
    unread: &BTreeSet<RecordKind>,
    change: &Change,
    ids: &BTreeMap<Text, Text>,
) -> bool {
    if unread.is_empty() {
        return false;
    }
    let unread = |kind| unread.contains(&kind);
    let no_user = |id: &Text| {
        let id = ids.get(id).unwrap_or(id);
        unread(RecordKind::User) && authio.users.iter().all(|user| user.id != *id)
    };
    let address_held = |email: &Text| authio.users.iter().any(|user| user.email.eq_ignore_ascii_case(email));
    let slug_held = |slug: &Text| authio.organizations.iter().any(|one| one.slug == *slug);
    match &change.action {
        Action::Create { record, .. } => match &**record {
            Record::Organization(new) => unread(change.kind) && slug_held(&new.slug),
            Record::User(new) => unread(change.kind) && address_held(&new.email),
            Record::Membership(new) => {
                let [user, organization] =
                    [&new.user_id, &new.organization_id].map(|id| ids.get(id).unwrap_or(id).clone());
                let mut rows = authio.memberships.iter();
                let held = rows.any(|row| row.user_id == user && row.organization_id == organization);
                no_user(&new.user_id) || unread(change.kind) && held
            }
            Record::Identity(new) => {
                no_user(&new.user_id) || unread(change.kind) && is_there(authio, change.kind, &change.id)
            }
            Record::ScimDirectory(new) => {
                let organization = ids.get(&new.organization_id).unwrap_or(&new.organization_id);
                let mut held = authio.scim_directories.iter();
                unread(change.kind) && held.any(|held| held.organization_id == *organization)
            }
            Record::SsoConnection(new) => {
                let organization = ids.get(&new.organization_id).unwrap_or(&new.organization_id);
                let same = |one: &AuthioSsoConnection| {
                    one.organization_id == *organization && one.external_id == new.external_id
                };
                unread(change.kind) && authio.sso_connections.iter().any(same)
            }
            _ => false,
        },
        Action::Update { fields, .. } => {
            let mut values = fields.iter().filter_map(|change| Some((change.field, change.after.as_text()?)));
            let held = values.any(|(field, value)| match field {
                Field::Email => unread(change.kind) && address_held(value),
                Field::Slug => unread(change.kind) && slug_held(value),
                Field::UserId => no_user(value),
                _ => false,
            });
            held || unread(change.kind) && !is_there(authio, change.kind, &change.id)
        }
        _ => unread(change.kind) && !is_there(authio, change.kind, &change.id),
    }
}
