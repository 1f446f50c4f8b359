//! Records that belong to an organization: SSO connections (S1 to S5) and SCIM directories (D1 to D4).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::intake::{Intake, Record};
use super::report::Report;
use super::source::{OfOrganization, OrganizationId};
use super::{Context, Planned};
use crate::{Text, Warning};

/// What connections and directories have in common.
pub(super) trait Owned: Record {
    /// The target record.
    type Target;
    /// What is known of a record that is planned before its organization is looked at.
    type Class;

    /// The id of the organization; an empty id refers to nothing.
    fn organization_id(&self) -> Option<&Text>;
    /// The class, or why the record is left out whatever its organization is.
    fn classify(&self) -> Result<Self::Class, Warning>;
    /// Why a record is left out that refers to no organization.
    fn without_organization(&self) -> Warning;
    /// Why a record is left out that refers to an unknown organization.
    fn organization_missing(&self, organization_id: Text) -> Warning;
    /// What the record becomes. Reports what there is to say of that.
    fn target(
        &self,
        class: Self::Class,
        organization_id: &Text,
        organization_external_id: Text,
        report: &mut Report,
    ) -> Self::Target;
    /// What to say of an organization with several.
    fn several(organization_id: Text, ids: Vec<Text>) -> Warning;
}

pub(super) fn plan<T: Owned>(
    context: &Context<'_>,
    records: &[OfOrganization<'_, T>],
    intake: &Intake<'_, T>,
    report: &mut Report,
) -> Planned<T::Target> {
    let in_scope = |record: &T| context.scope.owner(record.organization_id().map(Text::as_str));
    let mut tally = intake.tally(in_scope, report);
    let mut planned = Vec::with_capacity(records.len());
    let mut by_organization: BTreeMap<&str, Vec<Text>> = BTreeMap::new();
    for of_organization in records {
        let record = of_organization.record;
        if !in_scope(record) {
            tally.out_of_scope += 1;
            continue;
        }
        match accept(of_organization) {
            Err(warning) => {
                tally.skipped += 1;
                report.push(warning);
            }
            Ok((class, organization, id)) => {
                by_organization.entry(context.organizations.label(id)).or_default().push(record.id().into());
                let external_id = context.organizations.all[organization].external_id.clone();
                planned.push(record.target(class, id, external_id, report));
            }
        }
    }
    for (organization, ids) in by_organization.into_iter().filter(|(_, ids)| ids.len() > 1) {
        report.push(T::several(organization.into(), ids));
    }
    tally.planned = planned.len() as u64;
    Planned { records: planned, tally }
}

/// The class and the organization of a record, or why it is left out (S1, S3, S4, D4).
fn accept<'a, T: Owned>(
    &OfOrganization { record, organization }: &OfOrganization<'a, T>,
) -> Result<(T::Class, OrganizationId, &'a Text), Warning> {
    let class = record.classify()?;
    let id = record.organization_id().ok_or_else(|| record.without_organization())?;
    let organization = organization.ok_or_else(|| record.organization_missing(id.clone()))?;
    Ok((class, organization, id))
}
