//! Which fields of a record differ, and whose change that is (N4, N8).

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::change::{Action, AuthioEdit, FieldChange, UpdateReason};
use super::field::{Field, ToValue, Value};
use crate::Texts;
use crate::authio::{
    HeldMembership, HeldOrganization, HeldScimDirectory, HeldSsoConnection, HeldUser, Membership, MembershipStatus,
    Organization, ScimDirectory, SsoConnection, User,
};

/// What is compared with.
pub(super) enum Base<'a, P> {
    /// There is no last plan: WorkOS counts.
    Unknown,
    /// The record of the last plan.
    Last(&'a P),
    /// The last plan does not have the record.
    New {
        /// Whether this import made what Authio holds.
        imported: bool,
    },
}

// A derive would ask `P` to be `Copy`.
impl<P> Copy for Base<'_, P> {}

impl<P> Clone for Base<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

/// The fields that differ so far.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) fields: Vec<FieldChange>,
    pub(super) kept: Vec<AuthioEdit>,
}

impl Differences {
    /// Whether tonight writes the field.
    pub(super) fn writes(&self, field: Field) -> bool {
        self.fields.iter().any(|change| change.field == field)
    }

    /// Adds a field that is not an admin's to change.
    pub(super) fn write(&mut self, field: Field, before: Value, after: Value, reason: UpdateReason) {
        self.fields.push(FieldChange { field, before, after, reason });
    }

    /// Judges a field: what changed in Authio alone stays, and so does what changed on both sides (N8).
    fn field<'b, T: ToValue + ?Sized, P, V: Borrow<T>>(
        &mut self,
        field: Field,
        (held, planned): (&T, &T),
        base: Base<'b, P>,
        of_base: impl Fn(&'b P) -> V,
    ) {
        if held == planned {
            return;
        }
        let (reason, last) = match base {
            Base::Unknown | Base::New { imported: true } => (Some(UpdateReason::Differs), None),
            Base::New { imported: false } => (None, None),
            Base::Last(last) => {
                let last = of_base(last);
                ((last.borrow() == held).then_some(UpdateReason::ChangedAtWorkos), Some(last))
            }
        };
        match reason {
            Some(reason) => self.write(field, held.to_value(), planned.to_value(), reason),
            None => self.kept.push(AuthioEdit::Changed {
                field,
                workos_too: last.as_ref().is_some_and(|last| last.borrow() != planned),
                last: last.map(|last| last.borrow().to_value()),
                held: held.to_value(),
                planned: planned.to_value(),
            }),
        }
    }

    /// What is to be done with a record of both sides, and what is not.
    pub(super) fn into_action(mut self) -> (Action, Vec<AuthioEdit>) {
        self.fields.sort_by_key(|change| change.field);
        let fields = self.fields;
        (if fields.is_empty() { Action::Unchanged } else { Action::Update { fields } }, self.kept)
    }
}

pub(super) fn organization(
    held: &HeldOrganization,
    planned: &Organization,
    base: Base<'_, Organization>,
) -> Differences {
    let mut found = Differences::default();
    found.field(Field::Slug, (&held.slug, &planned.slug), base, |last| &last.slug);
    found.field(Field::Name, (&held.name, &planned.name), base, |last| &last.name);
    // By name: whether a domain is verified is for Authio to say (N4).
    if !held.domains.iter().eq(planned.domains.iter().map(|domain| &domain.domain)) {
        found.field(Field::Domains, (&held.domains, &domain_names(planned)), base, domain_names);
    }
    if let Some(details) = &held.details {
        found.field(Field::Metadata, (&details.metadata, &planned.metadata), base, |last| &last.metadata);
        let source_external_id = (&details.source_external_id, &planned.source_external_id);
        found.field(Field::SourceExternalId, source_external_id, base, |last| &last.source_external_id);
        let stripe_customer_id = (&details.stripe_customer_id, &planned.stripe_customer_id);
        found.field(Field::StripeCustomerId, stripe_customer_id, base, |last| &last.stripe_customer_id);
    }
    found
}

fn domain_names(planned: &Organization) -> Texts {
    planned.domains.iter().map(|domain| domain.domain.clone()).collect()
}

pub(super) fn user(held: &HeldUser, planned: &User, base: Base<'_, User>) -> Differences {
    let mut found = Differences::default();
    let same_address = held.email.eq_ignore_ascii_case(&planned.email);
    if !same_address {
        found.field(Field::Email, (held.email.as_str(), planned.email.as_str()), base, |last| last.email.as_str());
    }
    // A proof that Authio has seen holds as long as the address is the same (N4).
    if planned.email_verified || !held.email_verified || found.writes(Field::Email) {
        let verified = (&held.email_verified, &planned.email_verified);
        found.field(Field::EmailVerified, verified, base, |last| &last.email_verified);
    }
    found.field(Field::Name, (&held.name, &planned.name), base, |last| &last.name);
    found.field(Field::AvatarUrl, (&held.avatar_url, &planned.avatar_url), base, |last| &last.avatar_url);
    if let Some(details) = &held.details {
        found.field(Field::FirstName, (&details.first_name, &planned.first_name), base, |last| &last.first_name);
        found.field(Field::LastName, (&details.last_name, &planned.last_name), base, |last| &last.last_name);
        found.field(Field::Locale, (&details.locale, &planned.locale), base, |last| &last.locale);
        found.field(Field::Metadata, (&details.metadata, &planned.metadata), base, |last| &last.metadata);
        found
            .field(Field::MfaEnrolled, (&details.mfa_enrolled, &planned.mfa_enrolled), base, |last| &last.mfa_enrolled);
        let ids = (&details.application_external_ids, &planned.application_external_ids);
        found.field(Field::ApplicationExternalIds, ids, base, |last| &last.application_external_ids);
    }
    found
}

pub(super) fn membership(held: &HeldMembership, planned: &Membership, base: Base<'_, Membership>) -> Differences {
    let mut found = Differences::default();
    found.field(Field::Role, (&held.role, &planned.role), base, |last| &last.role);
    // An invitation that was accepted in Authio is accepted (N4).
    let accepted = held.status == MembershipStatus::Active && planned.status == MembershipStatus::Invited;
    if !accepted {
        found.field(Field::Status, (&held.status, &planned.status), base, |last| &last.status);
    }
    found
}

pub(super) fn sso_connection(
    held: &HeldSsoConnection,
    planned: &SsoConnection,
    base: Base<'_, SsoConnection>,
) -> Differences {
    let mut found = Differences::default();
    found.field(Field::Name, (&held.name, &planned.name), base, |last| &last.name);
    found.field(Field::Kind, (&held.kind, &planned.kind), base, |last| &last.kind);
    found.field(Field::IdpProvider, (&held.idp_provider, &planned.idp_provider), base, |last| &last.idp_provider);
    found.field(Field::Domains, (&held.domains, &planned.domains), base, |last| &last.domains);
    if let Some(idp_metadata) = &held.idp_metadata {
        found.field(Field::IdpMetadata, (idp_metadata, &planned.idp_metadata), base, |last| &last.idp_metadata);
    }
    found
}

pub(super) fn scim_directory(
    held: &HeldScimDirectory,
    planned: &ScimDirectory,
    base: Base<'_, ScimDirectory>,
) -> Differences {
    let mut found = Differences::default();
    found.field(Field::Name, (&held.name, &planned.name), base, |last| &last.name);
    found.field(Field::Provider, (&held.provider, &planned.provider), base, |last| &last.provider);
    found.field(Field::Domain, (&held.domain, &planned.domain), base, |last| &last.domain);
    found
}
