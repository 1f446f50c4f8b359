//! What the planner judges as well and `check` judges by itself; and what copies, scope and pins leave open.

use workos_to_authio::authio::Role;
use workos_to_authio::check::{PlanList, Severity, Violation, check};
use workos_to_authio::mirror::{DiffOptions, Ledger, Snapshot, diff};
use workos_to_authio::workos::{
    Bundle, Connection, Directory, DomainState, Identity, Organization, OrganizationDomain, User,
};
use workos_to_authio::{EmailProblem, ImportPlan, PlanOptions, UnverifiedUsers, Warning, plan, plan_with};

use crate::bundle::{bundle, membership};
use crate::{ACME, CAROL, DAVE, GLOBEX, claim, organization, text, user};

/// What only options or other records bring about.
pub(crate) const CODES: [&str; 6] = [
    "external_id_not_kept",
    "identity_unproven",
    "out_of_scope",
    "slug_not_kept",
    "slug_reserved",
    "unverified_not_withheld",
];

#[track_caller]
fn clean(bundle: &Bundle, options: &PlanOptions) -> ImportPlan {
    let plan = plan_with(bundle, options);
    assert_eq!(check(bundle, &plan, options), [], "{options:?}");
    plan
}

#[track_caller]
fn assert_clean(bundle: &Bundle, options: &PlanOptions) {
    drop(clean(bundle, options));
}

#[test]
fn a_plan_is_clean_whatever_the_options() {
    for options in [
        PlanOptions::new(),
        PlanOptions::new().map_role("billing", Role::Custom("finance".into())).map_role("member", Role::Admin),
        PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
        PlanOptions::new().only_organizations(["org_01A"]),
        PlanOptions::new().only_organizations(["org_03C", "org_unknown"]),
        PlanOptions::new().only_organizations([""; 0]),
        PlanOptions::new().target_organization("a9f0"),
        PlanOptions::new().target_organization("a9f0").only_organizations(["org_01A", "org_02B"]),
        PlanOptions::new().reserved_slugs(["Globex", "acme-inc"]),
        pinned_by(&bundle()),
    ] {
        assert_clean(&bundle(), &options);
    }
}

/// O2: options that ask for what must not be are no excuse.
#[test]
fn a_malformed_slug_is_found_also_where_it_is_pinned() {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_01A", "Acme"));
    for slug in ["NOT A SLUG!!", "a", "-acme", "acme-", "Acme", "acm\u{e9}", &"a".repeat(61)] {
        let options = serde_json::json!({"pinned_slugs": {"workos:org:org_01A": slug}});
        let options: PlanOptions = serde_json::from_value(options).unwrap();
        let mut plan = plan_with(&bundle, &options);
        organization(&mut plan, ACME).slug = text(slug);
        assert_eq!(check(&bundle, &plan, &options), [Violation::SlugMalformed { organization: text(ACME) }], "{slug}");
    }
    for slug in ["ac", "a-c", "0-9", &"a".repeat(60)] {
        let mut plan = clean(&bundle, &PlanOptions::new());
        organization(&mut plan, ACME).slug = text(slug);
        assert_eq!(check(&bundle, &plan, &PlanOptions::new()), [], "{slug}");
    }
}

/// The options of the night after a bundle was applied.
fn pinned_by(bundle: &Bundle) -> PlanOptions {
    let mut ledger = Ledger::new();
    let changes = diff(&ledger, &Snapshot::new(), &plan(bundle), &DiffOptions::new()).unwrap();
    ledger.assume_applied(&changes).unwrap();
    PlanOptions::new().pin(&ledger, &ledger.snapshot())
}

/// O3, N10
#[test]
fn reserved_and_pinned_slugs_are_known() {
    let reserved = PlanOptions::new().reserved_slugs(["www"]);
    let mut with_gone = bundle();
    with_gone.organizations.push(Organization::new("org_99Z", "Gone"));
    let pinned = pinned_by(&with_gone);
    let told = |options: &PlanOptions, slug: &str| {
        let mut plan = plan_with(&bundle(), options);
        organization(&mut plan, GLOBEX).slug = text(slug);
        check(&bundle(), &plan, options)
    };
    let organization = || text(GLOBEX);
    assert_eq!(told(&reserved, "www"), [Violation::SlugReserved { organization: organization() }]);
    assert_eq!(told(&pinned, "gone"), [Violation::SlugReserved { organization: organization() }]);
    assert_eq!(told(&pinned, "globex-2"), [Violation::SlugNotKept { organization: organization() }]);
    let message = Violation::SlugNotKept { organization: organization() }.to_string();
    assert_eq!(message, "plan: organization workos:org:org_02B has another slug than Authio knows it by");
    let message = Violation::SlugReserved { organization: organization() }.to_string();
    assert_eq!(message, "plan: the slug of organization workos:org:org_02B is reserved");
    // A damaged snapshot pins one slug to two: nobody can keep both.
    let options = serde_json::json!({"pinned_slugs": {ACME: "acme-1", GLOBEX: "acme-1"}});
    assert_clean(&bundle(), &serde_json::from_value(options).unwrap());
}

/// N10: a user keeps the external id that Authio knows, unless its record is part of another user.
#[test]
fn pinned_external_ids_are_known() {
    let carol_is = |id: &str| serde_json::from_value(serde_json::json!({"pinned_users": {CAROL: id}})).unwrap();
    let options: PlanOptions = carol_is("workos:user_00Z");
    let mut plan = clean(&bundle(), &options);
    user(&mut plan, "workos:user_00Z").external_id = text(CAROL);
    let found = check(&bundle(), &plan, &options);
    let not_kept = Violation::ExternalIdNotKept { user: text(CAROL) };
    assert!(found.contains(&not_kept), "{found:?}");
    assert_eq!(not_kept.to_string(), "plan: user workos:user_03C has another external id than Authio knows it by");
    // A record of Alice has this id, so Carol cannot have it.
    let of_alice = "workos:user_07C";
    let options: PlanOptions = carol_is(of_alice);
    let mut plan = clean(&bundle(), &options);
    user(&mut plan, CAROL).external_id = text(of_alice);
    let found = check(&bundle(), &plan, &options);
    assert!(found.contains(&Violation::WrongExternalId { user: text(of_alice) }), "{found:?}");
}

/// P8, U6: a plan for other options is another plan.
#[test]
fn a_plan_for_other_options_is_found() {
    let plan = plan(&bundle());
    let scoped = check(&bundle(), &plan, &PlanOptions::new().only_organizations(["org_01A"]));
    for (list, id) in [
        (PlanList::Organizations, GLOBEX),
        (PlanList::Users, DAVE),
        (PlanList::Memberships, "workos:om_01C"),
        (PlanList::SsoConnections, "workos:sso:conn_03C"),
        (PlanList::ScimDirectories, "workos:scim:directory_02B"),
    ] {
        assert!(scoped.contains(&Violation::OutOfScope { list, source_id: text(id) }), "{id}: {scoped:?}");
    }
    let message = Violation::OutOfScope { list: PlanList::Users, source_id: text(DAVE) }.to_string();
    assert_eq!(message, "plan: source record workos:user_04D is in users, but is out of scope");
    let withheld = check(&bundle(), &plan, &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold));
    assert_eq!(withheld, [Violation::UnverifiedNotWithheld { user: text(crate::ALICE) }]);
    assert_eq!(withheld[0].to_string(), "plan: user workos:user_01A takes in unverified records beside verified ones");
    let joined = check(&bundle(), &plan, &PlanOptions::new().target_organization("a9f0"));
    assert!(joined.contains(&Violation::WrongHead { field: text("target_organization_id") }), "{joined:?}");
    let record = text(ACME);
    assert!(joined.contains(&Violation::RecordUnexpected { list: PlanList::Organizations, record }), "{joined:?}");
    // A mistyped organization must not pass for an empty one.
    let options = PlanOptions::new().only_organizations(["org_99Z"]);
    let mut plan = plan_with(&bundle(), &options);
    crate::drop_warnings(&mut plan, workos_to_authio::WarningCode::ScopeOrganizationMissing);
    let source_id = text("workos:org:org_99Z");
    let found = check(&bundle(), &plan, &options);
    assert!(found.contains(&Violation::SourceLost { list: PlanList::Organizations, source_id }), "{found:?}");
}

/// U1, U3: which addresses can be used, and which are the same.
#[test]
fn addresses_are_judged_as_the_rules_say() {
    let quoted = ["\"a@b\"@c", "\"a\\\"@b\"@c", "\"a\\\"b\"@c", "a@\"b@c\"", "a\"@\"@b", "a@\"b", "a\\@b"];
    let usable = ["a@b", " A@b\t", "\u{e9}@b"].into_iter().chain(quoted);
    let unusable =
        ["", " ", "a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "a@b;", "<a@b>", "a\u{a0}@b", "a\u{7}@b", "\"a@b\""];
    for (address, is_usable) in usable.map(|address| (address, true)).chain(unusable.map(|address| (address, false))) {
        let mut bundle = Bundle::new();
        bundle.users.push(User::new("user_1", address));
        bundle.users.push(User::new("user_2", address.to_ascii_uppercase()));
        let mut plan = clean(&bundle, &PlanOptions::new());
        assert_eq!(plan.users.len(), usize::from(is_usable), "{address:?}");
        if is_usable {
            plan.users.clear();
            claim(&mut plan, Warning::InvalidEmail { user_id: text("user_1"), reason: EmailProblem::Empty });
        } else {
            user_of(&mut plan, &bundle, address);
        }
        let found = check(&bundle, &plan, &PlanOptions::new());
        let code = if is_usable { "false_reason" } else { "address_unusable" };
        assert!(found.iter().any(|violation| violation.code() == code), "{address:?}: {found:?}");
    }
    for (one, other) in [("k@b", "\u{212a}@b"), ("\u{e9}@b", "\u{c9}@b"), ("a.b@c", "ab@c"), ("a+b@c", "a@c")] {
        let mut bundle = Bundle::new();
        bundle.users.extend([User::new("user_1", one), User::new("user_2", other)]);
        let mut plan = clean(&bundle, &PlanOptions::new());
        plan.users.pop();
        plan.users[0].source_external_ids.push(text("workos:user_2"));
        let (user, source_id) = (text("workos:user_1"), text("workos:user_2"));
        let found = check(&bundle, &plan, &PlanOptions::new());
        assert!(found.contains(&Violation::WrongUser { user, source_id }), "{one} {other}: {found:?}");
    }
}

/// Puts the first user of a bundle into a plan, with an address as it is.
fn user_of(plan: &mut ImportPlan, bundle: &Bundle, address: &str) {
    let mut usable = bundle.clone();
    usable.users.truncate(1);
    usable.users[0].email = text("a@b");
    plan.users = workos_to_authio::plan(&usable).users;
    plan.users[0].email = text(address);
}

/// O5: only these two states prove a domain, and the case of its name means nothing.
#[test]
fn domains_are_judged_as_the_rules_say() {
    let states = ["verified", "legacy_verified", "pending", "unverified", "failed", "other"];
    for state in states.map(DomainState::from).map(Some).into_iter().chain([None]) {
        let is_proven = matches!(state, Some(DomainState::Verified | DomainState::LegacyVerified));
        let mut bundle = Bundle::new();
        bundle.organizations.push(Organization::new("org_01A", "Acme"));
        bundle.organizations[0].domains.push(OrganizationDomain::new(" ACME.example", state.clone()));
        let mut plan = clean(&bundle, &PlanOptions::new());
        plan.organizations[0].domains[0].verified = true;
        let found = check(&bundle, &plan, &PlanOptions::new());
        assert_eq!(found.is_empty(), is_proven, "{state:?}");
    }
}

/// M2, M3: roles are mapped as the options say and nothing is guessed from a name; the highest of a source is the most.
#[test]
fn power_is_judged_as_the_rules_say() {
    let options = PlanOptions::new()
        .map_role("boss", Role::Admin)
        .map_role("owner", Role::Member)
        .map_role("b", Role::Custom("billing".into()));
    for (source, highest, roles) in [
        ("Boss ", "admin", ["admin", "member"]),
        ("owner", "member", ["member", "member"]),
        ("org_admin", "member", ["member", "member"]),
        ("b", "billing", ["billing", "member"]),
        ("", "member", ["member", "member"]),
    ] {
        let mut bundle = bundle();
        bundle.organization_memberships = vec![membership("om_1", "user_02B", "org_01A", source, "active")];
        let plan = clean(&bundle, &options);
        assert_eq!(plan.memberships[0].role.as_str(), highest, "{source}");
        for role in ["owner", "admin", "billing", "auditor", "member"] {
            let mut plan = plan.clone();
            plan.memberships[0].role = role.parse().unwrap();
            let found = check(&bundle, &plan, &options);
            let is_fatal = found.iter().any(|violation| violation.severity() == Severity::Fatal);
            assert_eq!(!is_fatal, role == highest || roles.contains(&role), "{source} {role}: {found:?}");
        }
    }
}

/// M3: an admin is more than a custom role, whichever of the two the plan has.
#[test]
fn an_admin_is_not_a_custom_role() {
    let options = PlanOptions::new().map_role("b", Role::Custom("billing".into()));
    let told = |roles: &[&str], planned: Role| {
        let mut bundle = bundle();
        let mut seat = membership("om_1", "user_02B", "org_01A", "b", "active");
        seat.roles = roles.iter().map(|role| text(role)).collect();
        bundle.organization_memberships = vec![seat];
        let mut plan = clean(&bundle, &options);
        plan.memberships[0].role = planned;
        check(&bundle, &plan, &options).iter().map(Violation::code).collect::<Vec<_>>()
    };
    assert!(told(&[], Role::Admin).contains(&"role_raised"));
    assert!(told(&["admin"], Role::Custom("billing".into())).contains(&"role_differs"));
}

/// I1: kinds of sign-ins are compared by their letters and digits.
#[test]
fn sign_ins_are_judged_as_the_rules_say() {
    for provider in
        ["GoogleOAuth", "githubOAUTH", "VercelMarketplace", "X-Y 9OAuth", "OAuth", "_OAuth", "\u{130}OAuth", "!"]
    {
        let mut bundle = bundle();
        bundle.identities = vec![Identity::new("user_02B", provider, "1"), Identity::new("user_03C", provider, "2")];
        let mut plan = clean(&bundle, &PlanOptions::new());
        assert_eq!(plan.identities.len(), 2);
        plan.identities[0].subject = text("2");
        let found = check(&bundle, &plan, &PlanOptions::new());
        assert!(found.iter().any(|violation| violation.code() == "identity_of_other_user"), "{provider}: {found:?}");
        plan.identities[0].kind = text("oauth_other");
        let found = check(&bundle, &plan, &PlanOptions::new());
        assert!(found.iter().any(|violation| violation.code() == "record_unexpected"), "{provider}: {found:?}");
    }
}

/// I1, P3: a name that is all ending, and one whose name has no letters, are two sign-ins. Neither stands for the
/// other.
#[test]
fn a_name_that_is_all_ending_is_a_sign_in_of_its_own() {
    for providers in [["OAuth", "-"], ["OAuth", "-OAuth"], ["X", "OAuth"]] {
        let mut bundle = bundle();
        bundle.identities = providers.map(|provider| Identity::new("user_02B", provider, "1")).into();
        let plan = clean(&bundle, &PlanOptions::new());
        assert_eq!(plan.identities.len(), 2);
        for lost in 0..2 {
            let mut plan = plan.clone();
            plan.identities.remove(lost);
            let found = check(&bundle, &plan, &PlanOptions::new());
            assert!(found.iter().any(|violation| violation.severity() == Severity::Fatal), "{providers:?}: {found:?}");
        }
    }
}

/// P2: each reason is held against the bundle. Of a record of which none of these is true, none is believed; where it
/// is true, it is.
#[test]
fn every_reason_is_held_against_the_bundle() {
    let (user_id, kind, idp_id) = (text("user_02B"), text("oauth_github"), text("77"));
    let (membership_id, organization_id) = (text("om_02A"), text("org_01A"));
    let (connection_id, directory_id) = (text("conn_01A"), text("directory_01A"));
    let false_reasons = [
        Warning::InvalidEmail { user_id: user_id.clone(), reason: EmailProblem::Empty },
        Warning::UnverifiedWithheld { user_id: text("user_03C"), verified_ids: vec![user_id.clone()] },
        Warning::MembershipUserMissing { membership_id: membership_id.clone(), user_id: user_id.clone() },
        Warning::MembershipUserLeftOut { membership_id: membership_id.clone(), user_id: user_id.clone() },
        Warning::MembershipOrganizationMissing { membership_id, organization_id: organization_id.clone() },
        Warning::IdentityUserMissing { user_id: user_id.clone(), kind: kind.clone(), idp_id: idp_id.clone() },
        Warning::IdentityUserLeftOut { user_id: user_id.clone(), kind: kind.clone(), idp_id: idp_id.clone() },
        Warning::IdentityUnproven {
            user_id: user_id.clone(),
            kind: kind.clone(),
            idp_id: idp_id.clone(),
            verified_ids: Vec::new(),
        },
        Warning::IdentityConflict { user_id, kind, idp_id, user_ids: Vec::new() },
        Warning::ConnectionDeleting { connection_id: connection_id.clone() },
        Warning::ConnectionTypeMissing { connection_id: connection_id.clone() },
        Warning::ConnectionNotSso { connection_id: connection_id.clone(), connection_type: text("OktaSAML") },
        Warning::ConnectionWithoutOrganization { connection_id: connection_id.clone() },
        Warning::ConnectionOrganizationMissing { connection_id, organization_id: organization_id.clone() },
        Warning::DirectoryDeleting { directory_id: directory_id.clone() },
        Warning::DirectoryWithoutOrganization { directory_id: directory_id.clone() },
        Warning::DirectoryOrganizationMissing { directory_id, organization_id },
    ];
    for warning in false_reasons {
        let mut plan = plan(&bundle());
        let code = warning.code();
        claim(&mut plan, warning);
        let found = check(&bundle(), &plan, &PlanOptions::new());
        let is_told = |violation: &Violation| match violation {
            Violation::FalseReason { code: told, .. } => *told == code,
            _ => false,
        };
        assert!(found.iter().any(is_told), "{code}: {found:?}");
        let is_planned = |violation: &Violation| match violation {
            Violation::PlannedAndLeftOut { code: told, .. } => *told == code,
            _ => false,
        };
        assert!(found.iter().any(is_planned), "{code}: {found:?}");
    }
    let mut true_reasons = bundle();
    true_reasons.organization_memberships.push(membership("om_06A", "user_02B", "org_99Z", "admin", "active"));
    true_reasons.organization_memberships.push(membership("om_06B", "user_99Z", "org_01A", "admin", "active"));
    true_reasons.identities.push(Identity::new("user_99Z", "GoogleOAuth", "9"));
    true_reasons.identities.push(Identity::new("user_05E", "GoogleOAuth", "8"));
    let mut deleting = Connection::new("conn_04D", "OktaSAML", Some("org_01A"));
    deleting.state = Some("deleting".into());
    true_reasons.sso_connections.push(deleting);
    true_reasons.sso_connections.push(Connection::new("conn_05E", "OktaSAML", Some("org_99Z")));
    true_reasons.sso_connections.push(Connection::new("conn_06F", "OktaSAML", None));
    true_reasons.sso_connections.push(Connection::new("conn_07G", " ", Some("org_01A")));
    true_reasons.directories.push(Directory::new("directory_04D", "okta scim v2.0", Some("org_99Z")));
    true_reasons.directories.push(Directory::new("directory_05E", "okta scim v2.0", None));
    let withhold = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    let plan = clean(&true_reasons, &withhold);
    let codes: std::collections::BTreeSet<_> = plan.warnings.iter().map(Warning::code).collect();
    assert!(codes.len() > 20, "{codes:?}");
}

/// P7: whichever copy counts, the plan may be right.
#[test]
fn any_copy_of_a_record_may_count() {
    let one = bundle();
    let mut other = bundle();
    other.users[3].email = text("other@acme.example");
    other.users[3].email_verified = true;
    let seat = &mut other.organization_memberships[5];
    (seat.role, seat.organization_id) = (Some(text("admin")), text("org_01A"));
    let mut both = one.clone();
    both.users.push(other.users[3].clone());
    both.organization_memberships.push(other.organization_memberships[5].clone());
    for counts in [one, other] {
        let found = check(&both, &plan(&counts), &PlanOptions::new());
        assert!(found.iter().all(|violation| violation.severity() == Severity::Advice), "{found:?}");
    }
    // But not the address of the one with the proof of the other.
    let mut plan = plan(&bundle());
    user(&mut plan, CAROL).email_verified = true;
    let found = check(&both, &plan, &PlanOptions::new());
    assert!(found.contains(&Violation::EmailNotVerified { user: text(CAROL) }), "{found:?}");
}

/// P7: user and organization of a membership come from one copy.
#[test]
fn copies_are_not_mixed() {
    let mut bundle = bundle();
    bundle.organization_memberships.push(membership("om_06A", "user_03C", "org_02B", "member", "active"));
    bundle.organization_memberships.push(membership("om_06A", "user_04D", "org_01A", "member", "active"));
    let mut plan = clean(&bundle, &PlanOptions::new());
    let seat = crate::membership(&mut plan, "workos:om_06A");
    (seat.user_external_id, seat.organization_external_id) = (text(CAROL), text(ACME));
    let found = check(&bundle, &plan, &PlanOptions::new());
    let (organization, source_id) = (text(ACME), text("workos:om_06A"));
    let wrong = Violation::WrongOrganization { list: PlanList::Memberships, organization, source_id };
    assert!(found.contains(&wrong), "{found:?}");
}

/// P7, P8: a copy outside of the scope leaves open whether the user is in it.
#[test]
fn a_copy_may_be_out_of_scope() {
    let options = PlanOptions::new().only_organizations(["org_01A"]);
    for (counts, users) in [(0, 3), (1, 2)] {
        let mut bundle = bundle();
        let mut copies = ["org_01A", "org_02B"].map(|id| membership("om_06A", "user_03C", id, "member", "active"));
        copies[counts].updated_at = Some(text("2024-09-01T00:00:00.000Z"));
        bundle.organization_memberships.extend(copies);
        assert_eq!(clean(&bundle, &options).users.len(), users);
    }
}

/// P7, P8: whether a user out of scope comes along is open where one copy has the address of a user in scope, and
/// another has not.
#[test]
fn copies_leave_open_who_comes_along_into_scope() {
    let options = PlanOptions::new().only_organizations(["org_01A"]);
    for (counts, comes_along) in [("anna@acme.example", true), ("bea@acme.example", false), ("nobody", false)] {
        let mut bundle = Bundle::new();
        bundle.organizations.push(Organization::new("org_01A", "Acme"));
        bundle.organization_memberships.push(membership("om_1", "user_1", "org_01A", "member", "active"));
        bundle.users.extend([User::new("user_1", "anna@acme.example"), User::new("user_2", "Anna@acme.example")]);
        bundle.users.push(User::new("user_2", counts));
        bundle.users[2].updated_at = Some("2024-03-01T00:00:00.000Z".into());
        let mut plan = clean(&bundle, &options);
        assert_eq!(plan.users[0].source_external_ids.len(), if comes_along { 2 } else { 1 }, "{counts}");
        // Where no copy says otherwise, the user is missed.
        plan.users[0].source_external_ids.truncate(1);
        plan.merges.clear();
        let source_id = text("workos:user_2");
        let lost = Violation::SourceLost { list: PlanList::Users, source_id };
        assert_eq!(check(&bundle, &plan, &options).contains(&lost), comes_along, "{counts}");
    }
}

/// P8: what belongs to an organization in scope is missed, and nothing else is.
#[test]
fn a_connection_and_a_directory_in_scope_can_be_lost() {
    for (scope, is_missed) in [("org_01A", true), ("org_03C", false)] {
        let options = PlanOptions::new().only_organizations([scope]);
        let mut plan = clean(&bundle(), &options);
        plan.sso_connections.clear();
        plan.scim_directories.clear();
        let found = check(&bundle(), &plan, &options);
        for (list, id) in [
            (PlanList::SsoConnections, "workos:sso:conn_01A"),
            (PlanList::ScimDirectories, "workos:scim:directory_01A"),
        ] {
            let lost = Violation::SourceLost { list, source_id: text(id) };
            assert_eq!(found.contains(&lost), is_missed, "{scope}: {found:?}");
        }
    }
}

/// P8: who is in scope is so with all records of the address.
#[test]
fn a_record_of_a_user_in_scope_can_be_lost() {
    let options = PlanOptions::new().only_organizations(["org_02B"]);
    let mut plan = clean(&bundle(), &options);
    user(&mut plan, crate::ALICE).source_external_ids.retain(|source| *source != crate::ALICE);
    let found = check(&bundle(), &plan, &options);
    let source_id = text(crate::ALICE);
    assert!(found.contains(&Violation::SourceLost { list: PlanList::Users, source_id }), "{found:?}");
}

/// U6: only an unverified record is withheld.
#[test]
fn a_verified_record_is_not_withheld() {
    let options = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    let mut plan = clean(&bundle(), &options);
    claim(&mut plan, Warning::UnverifiedWithheld { user_id: text("user_01A"), verified_ids: Vec::new() });
    let found = check(&bundle(), &plan, &options);
    let (source_id, code) = (text(crate::ALICE), workos_to_authio::WarningCode::UnverifiedWithheld);
    assert!(found.contains(&Violation::FalseReason { list: PlanList::Users, source_id, code }), "{found:?}");
}

/// U9: a user that only memberships have is a record like any other.
#[test]
fn a_recovered_user_can_be_lost() {
    let mut bundle = bundle();
    let mut seat = membership("om_06A", "user_06F", "org_01A", "member", "active");
    seat.user = Some(Box::new(User::new("user_06F", "erin@acme.example")));
    bundle.organization_memberships.push(seat);
    let mut plan = clean(&bundle, &PlanOptions::new());
    plan.users.retain(|user| user.external_id != "workos:user_06F");
    let source_id = text("workos:user_06F");
    let found = check(&bundle, &plan, &PlanOptions::new());
    assert!(found.contains(&Violation::SourceLost { list: PlanList::Users, source_id }), "{found:?}");
}

/// U11: a sign-in that only unverified records have is fatal where the user has a verified record, and only there.
#[test]
fn a_sign_in_that_nothing_proves_is_found() {
    let mut bundle = bundle();
    bundle.identities.push(Identity::new("user_07C", "GithubOAuth", "55"));
    let clean_plan = clean(&bundle, &PlanOptions::new());
    let found = |bundle: &Bundle, kind: &str, subject: &str| {
        let mut plan = clean_plan.clone();
        plan.warnings.retain(|warning| !matches!(warning, Warning::IdentityUnproven { .. }));
        let mut identity = plan.identities[0].clone();
        (identity.user_external_id, identity.kind, identity.subject) =
            (text("workos:user_01A"), text(kind), text(subject));
        plan.identities.push(identity);
        let found = check(bundle, &plan, &PlanOptions::new());
        found.into_iter().filter(|violation| violation.code() == "identity_unproven").collect::<Vec<_>>()
    };
    let (user, kind) = (text("workos:user_01A"), text("oauth_github"));
    let unproven = Violation::IdentityUnproven { user, kind };
    assert_eq!(unproven.severity(), Severity::Fatal);
    assert_eq!(
        unproven.to_string(),
        "plan: an identity oauth_github of workos:user_01A is from unverified records alone"
    );
    assert_eq!(found(&bundle, "oauth_github", "55"), [unproven]);
    // A verified record has it as well.
    let mut proven = bundle.clone();
    proven.identities.push(Identity::new("user_01A", "GithubOAuth", "55"));
    assert_eq!(found(&proven, "oauth_github", "55"), []);
    // Another copy of the record is verified: it may be the one that counts.
    let mut perhaps = bundle.clone();
    let mut copy = perhaps.users[1].clone();
    copy.email_verified = true;
    perhaps.users.push(copy);
    assert_eq!(found(&perhaps, "oauth_github", "55"), []);
}

/// U11: where nobody is verified, no sign-in is held back for want of a proof.
#[test]
fn a_sign_in_of_a_user_without_a_verified_record_is_not_unproven() {
    let mut bundle = bundle();
    bundle.identities.push(Identity::new("user_03C", "GithubOAuth", "55"));
    let mut plan = clean(&bundle, &PlanOptions::new());
    let (kind, idp_id) = (text("oauth_github"), text("55"));
    claim(&mut plan, Warning::IdentityUnproven { user_id: text("user_03C"), kind, idp_id, verified_ids: Vec::new() });
    let found = check(&bundle, &plan, &PlanOptions::new());
    let code = workos_to_authio::WarningCode::IdentityUnproven;
    assert!(
        found.contains(&Violation::FalseReason { list: PlanList::Identities, source_id: text(CAROL), code }),
        "{found:?}"
    );
}

/// P3: a scope leaves open how many copies and records are out of it, but not how many there are.
#[test]
fn counts_are_held_against_the_bundle_in_a_scope_too() {
    let scoped = PlanOptions::new().only_organizations(["org_01A"]);
    let mut recovered = bundle();
    let mut seat = membership("om_06A", "user_06F", "org_01A", "member", "active");
    seat.user = Some(Box::new(User::new("user_06F", "erin@acme.example")));
    recovered.organization_memberships.push(seat);
    let mut copied = bundle();
    copied.users.push(copied.users[2].clone());
    type Change = fn(&mut workos_to_authio::Tally);
    let cases: [(&Bundle, PlanOptions, Change, &str); 3] = [
        (&recovered, scoped.clone(), |users| (users.source, users.out_of_scope) = (users.source - 1, 2), "source"),
        (&copied, scoped, |users| (users.duplicate, users.out_of_scope) = (2, 2), "duplicate"),
        (&copied, PlanOptions::new(), |users| (users.duplicate, users.source) = (0, users.source - 1), "duplicate"),
    ];
    for (bundle, options, change, field) in cases {
        let mut plan = clean(bundle, &options);
        change(&mut plan.stats.users);
        let found = check(bundle, &plan, &options);
        let wrong = Violation::WrongCount { field: text(&format!("users.{field}")) };
        assert!(found.contains(&wrong), "{found:?}");
    }
}

/// M2: an unknown status is never active or invited.
#[test]
fn an_unknown_status_lets_nobody_in() {
    let mut bundle = bundle();
    bundle.organization_memberships[3].status = Some("paused".into());
    let plan = clean(&bundle, &PlanOptions::new());
    let at = plan.memberships.iter().position(|planned| planned.source_external_ids[0] == "workos:om_02A").unwrap();
    for (status, is_fatal) in [("active", true), ("invited", true), ("deactivated", false)] {
        let mut plan = plan.clone();
        plan.memberships[at].status = status.parse().unwrap();
        let raised = check(&bundle, &plan, &PlanOptions::new()).iter().any(|found| found.code() == "status_raised");
        assert_eq!(raised, is_fatal, "{status}");
    }
}
