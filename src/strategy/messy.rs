//! Bundles of which nothing is certain.

use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::directory::{connection, directory};
use super::invitation::{invitation, role};
use super::membership::{factor, identity, membership};
use super::organization::organization;
use super::person::{person, user};
use super::repeat::{self, repeats};
use super::text::{maybe, text};
use crate::Text;
use crate::workos::{Bundle, Gap, GapKind, Rejected, Section};

/// People first, then what refers to them; everything is drawn at once and tied together last, so that it shrinks
/// independently.
pub(super) fn bundle() -> BoxedStrategy<Bundle> {
    let people = (vec(person(), 1..5), vec(user(), 0..12), repeats());
    let organizations = (vec(organization(), 0..6), repeats());
    let memberships = (vec(membership(), 0..16), repeats());
    let connections = (vec(connection(), 0..5), repeats());
    let directories = (vec(directory(), 0..5), repeats());
    let per_user = (vec(factor(), 0..4), repeats(), vec(identity(), 0..8), repeats());
    let catalogue = (few(invitation()), few(role()));
    let keys = text(&["mfa_factors", "organisations", "..", "Fenwick Kade"]);
    let reading = (few(rejected().boxed()), few(gap().boxed()), few(keys.boxed()));
    (people, organizations, memberships, connections, directories, per_user, catalogue, reading)
        .prop_map(|(people, organizations, memberships, connections, directories, per_user, catalogue, reading)| {
            let mut bundle = Bundle::new();
            let (people, users, again) = people;
            bundle.users = users.iter().map(|draft| draft.settle(&people)).collect();
            let user_ids: Vec<Text> = bundle.users.iter().map(|user| user.id.clone()).collect();
            repeat::add(&mut bundle.users, &again, |user| &mut user.id, |user| Some(&mut user.updated_at));

            let again;
            (bundle.organizations, again) = organizations;
            let organization_ids: Vec<Text> = bundle.organizations.iter().map(|each| each.id.clone()).collect();
            repeat::add(&mut bundle.organizations, &again, |each| &mut each.id, |each| Some(&mut each.updated_at));

            let (memberships, again) = memberships;
            bundle.organization_memberships = memberships
                .iter()
                .map(|draft| draft.settle(&people, &bundle.users, &user_ids, &organization_ids))
                .collect();
            let records = &mut bundle.organization_memberships;
            repeat::add(records, &again, |each| &mut each.id, |each| Some(&mut each.updated_at));

            let (connections, again) = connections;
            for (mut connection, organization) in connections {
                connection.organization_id = organization.map(|reference| reference.resolve(&organization_ids));
                bundle.sso_connections.push(connection);
            }
            repeat::add(&mut bundle.sso_connections, &again, |each| &mut each.id, |each| Some(&mut each.updated_at));

            let (directories, again) = directories;
            for (mut directory, organization) in directories {
                directory.organization_id = organization.map(|reference| reference.resolve(&organization_ids));
                bundle.directories.push(directory);
            }
            repeat::add(&mut bundle.directories, &again, |each| &mut each.id, |each| Some(&mut each.updated_at));

            let (factors, factors_again, identities, identities_again) = per_user;
            for (mut factor, user) in factors {
                factor.user_id = user.resolve(&user_ids);
                bundle.authentication_factors.push(factor);
            }
            repeat::add(&mut bundle.authentication_factors, &factors_again, |each| &mut each.id, |_| None);
            for (mut identity, user) in identities {
                identity.user_id = user.resolve(&user_ids);
                bundle.identities.push(identity);
            }
            repeat::add(&mut bundle.identities, &identities_again, |each| &mut each.user_id, |_| None);

            let (invitations, roles) = catalogue;
            let invitations: Vec<_> =
                invitations.into_iter().map(|draft| draft.settle(&bundle, &organization_ids)).collect();
            (bundle.invitations, bundle.roles) = (invitations, roles);

            (bundle.rejected, bundle.gaps, bundle.unknown_sections) = reading;
            bundle
        })
        .boxed()
}

fn few<T: core::fmt::Debug + Clone + 'static>(each: BoxedStrategy<T>) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => vec(each, 0..4)]
}

fn rejected() -> impl Strategy<Value = Rejected> {
    let reason = text(&["email: expected a string", "created_at: expected a string or null", "expected an object"]);
    (select(Section::ALL), 0..300_u64, maybe(&["rejected_1", "rejected_2", "rejected\n3"]), reason).prop_map(
        |(section, index, id, reason)| {
            let mut rejected = Rejected::new(section, index, reason);
            rejected.id = id;
            rejected
        },
    )
}

fn gap() -> impl Strategy<Value = Gap> {
    let kind = prop_oneof![
        Just(GapKind::Missing),
        Just(GapKind::Null),
        text(&["Unauthorized", "No user fenwick.kade@lodestar.example for key sk_live_1", "", "two\nlines"])
            .prop_map(|message| GapKind::ApiError { message }),
        (1..4_u64, 4..9_u64, text(&["Unauthorized", "fenwick.kade@lodestar.example", ""]))
            .prop_map(|(failed, answers, message)| GapKind::AnswersFailed { failed, answers, message }),
        Just(GapKind::Unreadable),
        text(&["om_01H", "user_01\u{7}"]).prop_map(|after| GapKind::Truncated { after }),
        Just(GapKind::MaybeTruncated),
        text(&["active", "fenwick.kade@lodestar.example"]).prop_map(|status| GapKind::MaybeFiltered { status }),
        Just(GapKind::Forbidden),
    ];
    let list_of = maybe(&["user_01H", "org_01H", "org_01\u{7}"]);
    (select(Section::ALL), list_of, kind).prop_map(|(section, list_of, kind)| match list_of {
        Some(id) => Gap::in_list_of(id, section, kind),
        None => Gap::new(section, kind),
    })
}
