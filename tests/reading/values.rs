//! Values that embedders build and take apart in code.

use workos_to_authio::authio::{
    self, EmptyRole, Identity, Membership, Organization, Role, SsoKind, SsoStatus, TARGET_ORGANIZATION, User, workos_id,
};
use workos_to_authio::workos::{ConnectionState, DirectoryState, DomainState, MembershipStatus, Section};
use workos_to_authio::{Metadata, PlanOptions, Redacted, Text, UnverifiedUsers, plan, workos};

#[test]
fn metadata_does_as_a_sorted_map_does() {
    let mut metadata = Metadata::from_iter([("b", "1"), ("a", "2"), ("b", "3")]);
    assert_eq!(metadata.insert("c", "4"), None);
    assert_eq!(metadata.insert(Text::from("b"), String::from("5")).as_deref(), Some("3"));
    metadata.extend([("d", "6"), ("a", "7"), ("a", "8")]);
    *metadata.get_mut("d").unwrap() = "9".into();
    assert_eq!(metadata.get_mut("x"), None);
    let pairs = [("a", "8"), ("b", "5"), ("c", "4"), ("d", "9")];
    assert_eq!(metadata.iter().collect::<Vec<_>>(), pairs);
    assert!((&metadata).into_iter().map(|(key, value)| (key.as_str(), value.as_str())).eq(pairs));
    assert_eq!(metadata.remove("b").as_deref(), Some("5"));
    assert_eq!(metadata.remove("b"), None);
    let mut cleared = metadata.clone();
    cleared.clear();
    assert_eq!((cleared.is_empty(), metadata.is_empty()), (true, false));
    let owned: Vec<(Text, Text)> = metadata.into_iter().collect();
    assert_eq!(owned, [("a", "8"), ("c", "4"), ("d", "9")].map(|(key, value)| (key.into(), value.into())));
}

/// A plan that was edited by hand may have a list in its place.
#[test]
fn metadata_that_is_no_object_says_what_was_expected() {
    let error = serde_json::from_str::<Metadata>("[]").unwrap_err().to_string();
    assert!(error.contains("expected an object of strings"), "{error}");
}

/// Whatever a record holds: a log gets its ids, and no id that may be an address.
#[test]
fn a_redacted_record_shows_its_ids_alone() {
    let mut bundle = workos::Bundle::new();
    let mut user = workos::User::new("user_1", "secret@acme.example");
    (user.name, user.external_id) = (Some("secret".into()), Some("secret".into()));
    bundle.users.push(user);
    bundle.organizations.push(workos::Organization::new("org_1", "secret"));
    bundle.organization_memberships.push(workos::OrganizationMembership::new("om_1", "user_1", "org_1"));
    bundle.sso_connections.push(workos::Connection::new("conn_1", "OktaSAML", Some("org_1")));
    bundle.directories.push(workos::Directory::new("directory_1", "okta scim v2.0", Some("org_1")));
    bundle.authentication_factors.push(workos::AuthenticationFactor::new("auth_factor_1", "user_1"));
    bundle.identities.push(workos::Identity::new("user_1", "GoogleOAuth", "secret"));
    let plan = plan(&bundle);
    let shown = [
        (Redacted(&bundle).to_string(), "WorkOS bundle of 1 users, 1 organizations and 1 memberships"),
        (format!("{:?}", Redacted(&bundle.users[0])), "WorkOS user user_1"),
        (Redacted(&bundle.organizations[0]).to_string(), "WorkOS organization org_1"),
        (Redacted(&bundle.organization_memberships[0]).to_string(), "WorkOS membership om_1 of user_1 in org_1"),
        (Redacted(&bundle.sso_connections[0]).to_string(), "WorkOS connection conn_1"),
        (Redacted(&bundle.directories[0]).to_string(), "WorkOS directory directory_1"),
        (
            Redacted(&bundle.authentication_factors[0]).to_string(),
            "WorkOS authentication factor auth_factor_1 of user_1",
        ),
        (Redacted(&bundle.identities[0]).to_string(), "WorkOS identity of user_1"),
        (Redacted(&plan).to_string(), "plan of 1 users, 1 organizations and 1 memberships"),
        (Redacted(&plan.users[0]).to_string(), "Authio user workos:user_1"),
        (Redacted(&plan.organizations[0]).to_string(), "Authio organization workos:org:org_1"),
        (Redacted(&plan.memberships[0]).to_string(), "Authio membership of workos:user_1 in workos:org:org_1"),
        (Redacted(&plan.identities[0]).to_string(), "Authio identity of workos:user_1"),
        (Redacted(&plan.sso_connections[0]).to_string(), "Authio SSO connection workos:sso:conn_1"),
        (Redacted(&plan.scim_directories[0]).to_string(), "Authio SCIM directory workos:scim:directory_1"),
        (Redacted(&workos::User::new("secret@acme.example", "")).to_string(), "WorkOS user (not shown)"),
    ];
    for (shown, expected) in shown {
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_role_has_a_slug_however_it_is_made() {
    for (slug, role) in [("OWNER", Role::Owner), ("Admin", Role::Admin), ("member", Role::Member)] {
        assert_eq!((slug.parse(), Role::try_from(slug)), (Ok(role.clone()), Ok(role)));
    }
    assert_eq!("Billing".parse(), Ok(Role::Custom("Billing".into())));
    let refused: EmptyRole = "".parse::<Role>().unwrap_err();
    assert_eq!(Role::try_from(""), Err(refused));
    assert_eq!(refused.to_string(), "a role needs a slug");
    assert_eq!(serde_json::from_str::<Role>("\"\"").unwrap_err().to_string(), "a role needs a slug");
}

#[test]
fn states_are_parsed_and_printed_as_workos_writes_them() {
    assert_eq!("Requires_Type".parse(), Ok(ConnectionState::RequiresType));
    assert_eq!(ConnectionState::RequiresType.to_string(), "requires_type");
    assert_eq!(format!("{:>8}|", DirectoryState::Linked), "  linked|");
    assert_eq!(DomainState::from("Odd").to_string(), "Odd");
    assert_eq!("PENDING".parse(), Ok(MembershipStatus::Pending));
}

#[test]
fn options_are_read_by_the_names_that_they_are_set_by() {
    let none = PlanOptions::new();
    assert_eq!((none.get_target_organization(), none.get_only_organizations()), (None, None));
    assert_eq!((none.get_unverified_users(), none.get_reserved_slugs().count()), (UnverifiedUsers::Merge, 0));
    let all = PlanOptions::new()
        .target_organization("org_authio_7")
        .only_organizations(["org_01A"])
        .unverified_users(UnverifiedUsers::Withhold)
        .reserved_slugs(["WWW"]);
    assert_eq!(all.get_target_organization(), Some("org_authio_7"));
    assert!(all.get_only_organizations().unwrap().contains("org_01A"));
    assert_eq!(all.get_unverified_users(), UnverifiedUsers::Withhold);
    assert!(all.get_reserved_slugs().eq(["www"]));
    assert_eq!(serde_json::to_value(&all).unwrap()["into_organization"], "org_authio_7");
}

#[test]
fn a_workos_id_is_read_off_an_external_id_of_any_kind() {
    let cases = [
        ("workos:user_1", Some("user_1")),
        ("workos:org:org_1", Some("org_1")),
        ("workos:sso:conn_1", Some("conn_1")),
        ("workos:scim:directory_1", Some("directory_1")),
        ("workos:", None),
        ("workos:org:", None),
        ("user_1", None),
        (TARGET_ORGANIZATION, None),
    ];
    for (external_id, id) in cases {
        assert_eq!(workos_id(external_id), id, "{external_id}");
    }
}

#[test]
fn a_lookup_finds_records_by_either_id_and_what_belongs_to_whom() {
    let mut bundle = workos::Bundle::new();
    bundle.users = vec![workos::User::new("user_1", "a@x.example"), workos::User::new("user_2", "A@x.example")];
    bundle.users.push(workos::User::new("user_3", "b@x.example"));
    bundle.organizations = ["org_1", "org_2"].map(|id| workos::Organization::new(id, id)).to_vec();
    bundle.organization_memberships =
        [("om_1", "user_1", "org_1"), ("om_2", "user_2", "org_2"), ("om_3", "user_3", "org_1")]
            .map(|(id, user, organization)| workos::OrganizationMembership::new(id, user, organization))
            .to_vec();
    bundle.identities = ["1", "2"].map(|subject| workos::Identity::new("user_2", "GoogleOAuth", subject)).to_vec();
    bundle.sso_connections.push(workos::Connection::new("conn_1", "OktaSAML", Some("org_1")));
    bundle.directories.push(workos::Directory::new("directory_1", "okta scim v2.0", Some("org_2")));
    let plan = plan(&bundle);
    for lookup in [plan.lookup(), plan.clone().into_lookup()] {
        assert_eq!(*lookup.plan(), plan);
        let one = "workos:user_1";
        assert_eq!(lookup.user("user_2").unwrap().external_id, one);
        assert_eq!(lookup.user_by_external_id(one), lookup.user("user_1"));
        assert_eq!((lookup.user("user_4"), lookup.user_by_external_id("workos:user_2")), (None, None));
        let organization = lookup.organization("org_1").unwrap();
        assert_eq!(lookup.organization_by_external_id(&organization.external_id), Some(organization));
        let sso = lookup.sso_connection("conn_1").unwrap();
        assert_eq!(lookup.sso_connection_by_external_id(&sso.external_id), Some(sso));
        let scim = lookup.scim_directory("directory_1").unwrap();
        assert_eq!(lookup.scim_directory_by_external_id(&scim.external_id), Some(scim));
        assert_eq!((lookup.organization("user_1"), lookup.sso_connection("directory_1")), (None, None));

        let organizations =
            |user| lookup.memberships_of(user).map(|seat| &*seat.organization_external_id).collect::<Vec<_>>();
        assert_eq!(organizations(one), ["workos:org:org_1", "workos:org:org_2"]);
        assert_eq!(organizations("workos:user_2"), [""; 0]);
        let members = lookup
            .members_of("workos:org:org_1")
            .map(|(user, seat)| (&*user.external_id, &*seat.source_external_ids[0]));
        assert_eq!(members.collect::<Vec<_>>(), [(one, "workos:om_1"), ("workos:user_3", "workos:om_3")]);
        assert_eq!(lookup.membership("om_2").unwrap().user_external_id, one);
        assert_eq!(lookup.identities_of(one).map(|identity| &*identity.subject).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(lookup.identities_of("workos:user_3").count(), 0);
    }
}

/// What an applier's test builds is what a plan has.
#[test]
fn target_records_are_built_as_planned() {
    let mut bundle = workos::Bundle::new();
    bundle.users.push(workos::User::new("user_1", "a@x.example"));
    bundle.organizations.push(workos::Organization::new("org_1", "Acme"));
    let mut seat = workos::OrganizationMembership::new("om_1", "user_1", "org_1");
    seat.status = Some(MembershipStatus::Active);
    bundle.organization_memberships.push(seat);
    bundle.identities.push(workos::Identity::new("user_1", "GoogleOAuth", "7"));
    let plan = plan(&bundle);
    assert_eq!(plan.users, [User::new("workos:user_1", "a@x.example")]);
    assert_eq!(plan.organizations, [Organization::new("workos:org:org_1", "Acme", "acme")]);
    let member = Membership::new("workos:om_1", "workos:user_1", "workos:org:org_1", Role::Member);
    assert_eq!(plan.memberships, [member]);
    assert_eq!(plan.identities, [Identity::new("workos:user_1", "oauth_google", "7")]);
}

#[test]
fn names_are_parsed_and_printed_as_json_has_them() {
    assert_eq!("sso_connections".parse(), Ok(Section::SsoConnections));
    assert_eq!("withhold".parse(), Ok(UnverifiedUsers::Withhold));
    assert_eq!("invited".parse(), Ok(authio::MembershipStatus::Invited));
    assert_eq!((SsoKind::Oidc.to_string(), SsoStatus::Pending.to_string()), ("oidc".into(), "pending".into()));
    for section in Section::ALL {
        assert_eq!(section.to_string().parse(), Ok(*section));
        assert_eq!(serde_json::to_value(section).unwrap(), section.as_str());
    }
    assert_eq!(
        "Users".parse::<Section>().unwrap_err().to_string().split(' ').take(3).collect::<Vec<_>>(),
        ["not", "a", "section"]
    );
}
