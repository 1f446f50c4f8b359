//! Ids of the application that several planned records have (U12).

use alloc::vec::Vec;

use super::group::{Group, gather};
use super::people::Person;
use super::report::Report;
use super::{Context, present};
use crate::map::Map;
use crate::workos::{Organization, Section};
use crate::{Text, Warning};

/// Users that are planned, in scope or not, and share an id.
pub(super) fn of_users(context: &Context<'_>, report: &mut Report) {
    let mut holders: Map<&str, Group<&Person<'_>>> = Map::default();
    for (_, person) in context.people.persons.iter() {
        for user in person.records.iter() {
            let Some(id) = present(user.external_id.as_ref()) else { continue };
            // The records of one person stand together.
            match holders.get_mut(id.as_str()) {
                Some(group) if core::ptr::eq(*group.last(), person) => {}
                _ => gather(&mut holders, id.as_str(), person),
            }
        }
    }
    for group in holders.into_values().filter(Group::has_several) {
        if group.iter().any(|person| person.in_scope) {
            let ids = group.iter().map(|person| person.oldest().id.clone()).collect();
            push(Section::Users, "external_id", ids, report);
        }
    }
}

/// Organizations that share an id, in scope or not.
pub(super) fn of_organizations(context: &Context<'_>, report: &mut Report) {
    type Field = fn(&Organization) -> Option<&Text>;
    let fields: [(&str, Field); 2] = [
        ("external_id", |organization| organization.external_id.as_ref()),
        ("stripe_customer_id", |organization| organization.stripe_customer_id.as_ref()),
    ];
    for (field, id_of) in fields {
        let mut holders: Map<&str, Group<&Organization>> = Map::default();
        for (_, organization) in context.source.organizations.iter() {
            if let Some(id) = present(id_of(organization)) {
                gather(&mut holders, id.as_str(), *organization);
            }
        }
        for group in holders.into_values().filter(Group::has_several) {
            if group.iter().any(|organization| context.scope.organization(&organization.id)) {
                let ids = group.iter().map(|organization| organization.id.clone()).collect();
                push(Section::Organizations, field, ids, report);
            }
        }
    }
}

fn push(section: Section, field: &str, mut ids: Vec<Text>, report: &mut Report) {
    ids.sort_unstable();
    report.push(Warning::ApplicationIdShared { section, field: field.into(), ids });
}
