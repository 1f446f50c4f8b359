//! Lists as the API answers them.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::Text;
use crate::workos::Section;

/// The record with the kind that the API writes into it.
pub(super) fn with_kind(section: Section, mut record: Value) -> Value {
    let kind = match section {
        Section::Users => "user",
        Section::Organizations => "organization",
        Section::OrganizationMemberships => "organization_membership",
        Section::SsoConnections => "connection",
        Section::Directories => "directory",
        Section::AuthenticationFactors => "authentication_factor",
        Section::Identities => "identity",
        Section::Invitations => "invitation",
        Section::Roles => "role",
    };
    record.as_object_mut().into_iter().for_each(|record| drop(record.insert("object".into(), kind.into())));
    record
}

/// The records of each owner, in the order of the owners.
pub(super) fn by(records: &[Value], owner: &str) -> Vec<(String, Vec<Value>)> {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for record in records {
        let id = record.get(owner).and_then(Value::as_str).unwrap_or_default();
        lists.entry(id.into()).or_default().push(record.clone());
    }
    lists.into_iter().collect()
}

pub(super) fn page(records: Vec<Value>, before: Option<&str>, after: Option<&str>) -> Value {
    json!({"object": "list", "data": records, "list_metadata": {"before": before, "after": after}})
}

/// A list as the API cuts it; scripts and SDKs keep `after` alone.
pub(super) fn pages(records: &[Value], size: usize, keeps_before: bool) -> Vec<Value> {
    let id =
        |record: Option<&Value>| record.and_then(|record| record.get("id")).and_then(Value::as_str).map(Text::from);
    let parts: Vec<&[Value]> = records.chunks(size).collect();
    let last = parts.len() - 1;
    let page_at = |(at, part): (usize, &&[Value])| {
        let before = if keeps_before && at > 0 { id(part.first()) } else { None };
        let after = if at < last { id(part.last()) } else { None };
        page(part.to_vec(), before.as_deref(), after.as_deref())
    };
    parts.iter().enumerate().map(page_at).collect()
}

pub(super) fn respell_record(record: &mut Value, respell: &impl Fn(&str) -> Value) {
    let Some(record) = record.as_object_mut() else { return };
    for field in ["created_at", "updated_at", "last_sign_in_at"] {
        let time = record.get(field).and_then(Value::as_str).map(respell);
        time.into_iter().for_each(|time| drop(record.insert(field.into(), time)));
    }
    record.get_mut("user").into_iter().for_each(|user| respell_record(user, respell));
}
