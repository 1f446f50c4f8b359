use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Organization, Rejected, Section, User,
};
use workos_to_authio::{ImportPlan, PlanOptions, Severity, Tally, Text, UnverifiedUsers, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{
    Turn, codes, day, has, membership, of_memberships, of_users, organization, reordered, reversed, shuffled, slugs,
    unverified, user,
};

/// Three organizations, two people of whom one stands twice, and something of everything.
pub(crate) fn company() -> Bundle {
    let mut bundle = of_memberships([
        membership("om_1", "user_a", "org_a", "admin", "active"),
        membership("om_2", "user_c", "org_b", "member", "active"),
        membership("om_3", "user_b", "org_b", "owner", "active"),
        membership("om_4", "user_b", "org_x", "owner", "active"),
    ]);
    bundle.users.push(user("user_c", "ANN@acme.example", 3));
    bundle.users.push(user("user_d", "dan", 4));
    bundle.organizations.push(organization("org_b", "Acme", 2));
    bundle.organizations.push(organization("org_c", "Cello", 3));
    for (id, organization) in [("1", "org_a"), ("2", "org_b"), ("3", "org_b")] {
        bundle.sso_connections.push(Connection::new(format!("conn_{id}"), "OktaSAML", Some(organization)));
        bundle.directories.push(Directory::new(format!("directory_{id}"), "workday", Some(organization)));
    }
    bundle.identities.push(Identity::new("user_b", "GoogleOAuth", "1"));
    bundle.identities.push(Identity::new("user_b", "GoogleOAuth", "1"));
    bundle.identities.push(Identity::new("user_c", "GoogleOAuth", "2"));
    bundle
}

fn tallies(plan: &ImportPlan) -> [Tally; 6] {
    let stats = plan.stats;
    [
        stats.users,
        stats.organizations,
        stats.memberships,
        stats.identities,
        stats.sso_connections,
        stats.scim_directories,
    ]
}

fn is_closed(tally: Tally) -> bool {
    tally.source == tally.planned + tally.merged + tally.duplicate + tally.skipped + tally.out_of_scope
}

#[test]
fn p1_lists_are_never_null_and_the_version_is_stated() {
    let json = serde_json::to_value(plan(&Bundle::new())).unwrap();
    assert_eq!((json["format_version"].as_str(), json["provider"].as_str()), (Some("1.1"), Some("workos")));
    for list in "users orgs memberships identities sso_connections scim_directories merges warnings".split(' ') {
        assert!(json[list].as_array().is_some_and(Vec::is_empty), "{list}");
    }
}

#[test]
fn p1_absent_values_are_left_out() {
    let json = serde_json::to_string(&plan(&company())).unwrap();
    assert!(!json.contains("null"));
}

#[test]
fn p2_complete_means_without_an_error() {
    assert!(plan(&of_memberships([])).complete);
    let warned = plan(&of_memberships([membership("om_1", "user_a", "org_a", "tenant_admin", "active")]));
    assert!(warned.complete && warned.stats.warnings.warning == 2);
    let lost = plan(&of_memberships([membership("om_1", "user_x", "org_a", "admin", "active")]));
    assert!(!lost.complete && lost.stats.warnings.error == 1);
}

#[test]
fn p2_warnings_are_sorted_and_counted() {
    let plan = plan(&company());
    let order: Vec<_> =
        plan.warnings.iter().map(|w| (std::cmp::Reverse(w.severity()), w.code(), w.subject())).collect();
    assert!(order.is_sorted() && order.len() > 8);
    let count = |severity| plan.warnings_with_severity(severity).count() as u64;
    let counts = plan.stats.warnings;
    assert_eq!(
        [counts.note, counts.warning, counts.error],
        [count(Severity::Note), count(Severity::Warning), count(Severity::Error)]
    );
}

#[test]
fn p2_messages_hold_no_address_name_or_domain() {
    let plan = plan(&company());
    for warning in &plan.warnings {
        let text = warning.to_string().to_lowercase();
        for telling in ["acme", "example", "cello"] {
            assert!(!text.contains(telling), "{text}");
        }
        assert!(text.split_whitespace().all(|word| !["ann", "bob", "dan"].contains(&word)), "{text}");
    }
}

#[test]
fn p3_every_source_record_is_counted_once() {
    let plan = plan(&company());
    assert!(tallies(&plan).into_iter().all(is_closed));
    assert_eq!(tallies(&plan).map(|tally| tally.source), [4, 3, 4, 3, 3, 3]);
    assert_eq!(tallies(&plan).map(|tally| tally.planned), [2, 3, 3, 2, 3, 3]);
    assert_eq!(plan.stats.identities.duplicate, 1);
    assert_eq!((plan.stats.duplicate_email_users, plan.stats.merged_into_users), (2, 1));
    assert_eq!((plan.stats.multi_org_users, plan.stats.users_without_membership), (1, 0));
}

#[test]
fn p4_a_merge_says_who_gave_what_and_what_was_lost() {
    let named = |id: &str, updated: u8, name: &str| {
        let mut user = user(id, "ann@acme.example", 1);
        user.name = Some(name.into());
        user.updated_at = day(updated);
        user
    };
    let plan = plan(&of_users([named("user_a", 1, "Ann"), named("user_b", 3, "Anna"), named("user_c", 2, "Anna")]));
    let merge = &plan.merges[0];
    assert_eq!(merge.user_external_id, "workos:user_a");
    assert_eq!(merge.sources, ["workos:user_b", "workos:user_c", "workos:user_a"]);
    assert_eq!(merge.chosen.get("name"), Some("workos:user_b"));
    assert_eq!(merge.rejected.len(), 1);
    assert_eq!((merge.rejected[0].value.as_str(), merge.rejected[0].source.as_str()), ("Ann", "workos:user_a"));
}

#[test]
fn p4_the_values_that_lost_stand_by_attribute_then_by_rank() {
    let of = |id: &str, created: u8, updated: u8, names: [&str; 3], metadata: &[(&str, &str)]| {
        let mut user = user(id, "ann@acme.example", created);
        user.updated_at = day(updated);
        [user.name, user.first_name, user.last_name] = names.map(|name| Some(Text::from(name)));
        user.metadata = metadata.iter().copied().collect();
        user
    };
    let mut unverified = of("user_d", 1, 30, ["", "Eve", ""], &[("c", "x")]);
    unverified.email_verified = false;
    let plan = plan(&of_users([
        of("user_a", 1, 1, ["Oldest", "", ""], &[]),
        of("user_b", 3, 9, [" ", " Ann ", ""], &[("a", ""), ("b", "2")]),
        of("user_c", 3, 5, ["", "Anna", "Ng"], &[("a", "1"), ("b", "2"), ("c", "3")]),
        unverified,
    ]));
    let merge = &plan.merges[0];
    assert_eq!(merge.sources[..], ["workos:user_b", "workos:user_c", "workos:user_a", "workos:user_d"]);
    let lost: Vec<_> = merge.rejected.iter().map(|lost| (lost.field.as_str(), lost.value.as_str())).collect();
    assert_eq!(
        lost,
        [
            ("first_name", "Anna"),
            ("first_name", "Eve"),
            ("last_name", "Ng"),
            ("metadata.a", "1"),
            ("metadata.c", "x"),
            ("name", "Anna Ng"),
            ("name", "Oldest"),
            ("name", "Eve"),
        ]
    );
}

/// Files are sorted either way or not at all, and hold copies next to each other or far apart.
#[test]
fn p5_sections_in_any_order_with_copies_that_differ_give_one_plan() {
    let ids = ["user_1", "user_2", "user_2", "user_3", "user_4", "user_5"];
    let mut bundle = Bundle::new();
    for (number, id) in ids.into_iter().enumerate() {
        let address = ["K@x.example", "k@X.example", "K@X.EXAMPLE", "\u{212a}@x.example", "", "k@x.example "][number];
        let mut record = User::new(id, address);
        record.external_id = Some(format!("{number}").into());
        bundle.users.push(record);
        let mut member = membership(&format!("om_{}", number.min(4)), id, "org_1", "", ["", "Someday"][number % 2]);
        member.roles = ["owner", " owner ", "", "made up"].iter().take(number).copied().map(Text::from).collect();
        bundle.organization_memberships.push(member);
        let provider = ["GoogleOAuth", "google", "", "odd\u{0}One", "GoogleOAuth", "GOOGLEOAUTH"][number];
        bundle.identities.push(Identity::new(if number == 4 { "" } else { id }, provider, "7"));
        let name = ["!", "\u{0}", "A", "a", "", "A"][number];
        bundle.organizations.push(Organization::new(format!("org_{}", number / 2), name));
    }
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations(["org_1"])] {
        let expected = plan_with(&bundle, &options);
        for turn in 0..ids.len() {
            assert_eq!(plan_with(&reordered(&bundle, &mut Turn(turn)), &options), expected, "{turn}");
            assert_eq!(plan_with(&shuffled(&bundle, turn as u64), &options), expected, "{turn}");
        }
    }
}

#[test]
fn p5_newest_first_and_oldest_first_give_the_same_bytes() {
    let bundle = company();
    let json = |bundle: &Bundle| serde_json::to_string(&workos_to_authio::plan(bundle)).unwrap();
    assert_eq!(json(&bundle), json(&reversed(&bundle)));
}

/// The helper that the tests of P5 rest on knows every section.
#[test]
fn p5_every_section_is_put_in_another_order() {
    for &section in Section::ALL {
        let object = match section {
            Section::SsoConnections => "connection",
            Section::Directories => "directory",
            Section::Identities => "identity",
            other => other.as_str().trim_end_matches('s'),
        };
        let record = |id: &str| {
            serde_json::json!({
                "object": object, "id": id, "user_id": id, "organization_id": id, "email": id, "name": id, "type": id, "connection_type": id,
                "provider": id, "idp_id": id, "slug": id,
            })
        };
        let document = serde_json::json!({section.as_str(): [record("1"), record("2")]});
        let bundle = Bundle::from_json(&document.to_string()).unwrap();
        assert_eq!(bundle.rejected, [], "{section}");
        let list = |bundle: &Bundle| serde_json::to_value(bundle).unwrap()[section.as_str()].clone();
        assert_ne!(list(&reversed(&bundle)), list(&bundle), "{section}");
    }
}

/// Here P6 decides over the wording of O3: of the two that ask for `acme-12345678` the older one would keep it, but a
/// third, older still, got it with a tail.
#[test]
fn p6_a_younger_organization_takes_no_slug_away() {
    let mut bundle = Bundle::new();
    bundle.organizations.push(organization("org_1", "Acme", 1));
    bundle.organizations.push(organization("org_x12345678", "Acme", 2));
    let before: Vec<String> = slugs(&plan(&bundle)).into_iter().map(Into::into).collect();
    assert_eq!(before, ["acme", "acme-12345678"]);
    bundle.organizations.push(organization("org_z", "Acme 12345678", 3));
    assert_eq!(slugs(&plan(&bundle)), ["acme", "acme-12345678", "acme-12345678-orgz"]);
}

#[test]
fn p6_a_younger_record_of_a_person_changes_no_id() {
    let mut bundle = company();
    let ids = |bundle: &Bundle| plan(bundle).users.iter().map(|user| user.external_id.clone()).collect::<Vec<_>>();
    let before = ids(&bundle);
    bundle.users.push(user("user_0", "ann@acme.example", 30));
    bundle.users.push(user("user_00", "BOB@acme.example", 31));
    assert_eq!(ids(&bundle), before);
}

#[test]
fn p7_of_differing_copies_the_one_updated_last_counts() {
    let copy = |updated: u8, email: &str| {
        let mut user = user("user_a", email, 1);
        user.updated_at = day(updated);
        user
    };
    let plan = plan(&of_users([copy(9, "new@acme.example"), copy(1, "old@acme.example"), copy(1, "old@acme.example")]));
    assert_eq!(plan.users.len(), 1);
    assert_eq!(plan.users[0].email, "new@acme.example");
    assert_eq!((plan.stats.users.duplicate, plan.stats.users.merged), (2, 0));
    let (section, id) = (Section::Users, "user_a".into());
    let differ = Warning::RecordDiffers { section, id, copies: 3, tied: false };
    assert_eq!(plan.warnings, [differ]);
}

#[test]
fn p7_of_copies_that_no_time_tells_apart_the_smallest_counts() {
    let mut bundle = Bundle::new();
    bundle.organizations.extend(["Bolt", "Acme", "Cello"].map(|name| Organization::new("org_a", name)));
    let plan = plan(&bundle);
    assert_eq!(plan.organizations[0].name, "Acme");
    assert_eq!((codes(&plan), plan.stats.organizations.duplicate), (vec!["record_differs"], 2));
}

#[test]
fn p7_identical_copies_are_one_without_a_word() {
    let plan = plan(&of_users([user("user_a", "ann@acme.example", 1), user("user_a", "ann@acme.example", 1)]));
    assert_eq!((plan.users.len(), plan.stats.users.duplicate, plan.warnings.len()), (1, 1, 0));
}

#[test]
fn p8_a_part_has_the_ids_slugs_and_roles_of_the_whole() {
    let bundle = company();
    let whole = plan(&bundle);
    let part = plan_with(&bundle, &PlanOptions::new().only_organizations(["org_b"]));
    assert_eq!(part.organizations, whole.organizations[1..2]);
    assert_eq!(part.users, whole.users);
    assert_eq!(part.memberships.len(), 2);
    assert!(part.memberships.iter().all(|membership| whole.memberships.contains(membership)));
    assert_eq!((part.sso_connections.len(), part.scim_directories.len(), part.identities.len()), (2, 2, 2));
    assert!(tallies(&part).into_iter().all(is_closed));
    assert!(!codes(&part).contains(&"membership_organization_missing") && !codes(&part).contains(&"invalid_email"));
}

#[test]
fn p8_an_empty_list_of_organizations_means_none() {
    let part = plan_with(&company(), &PlanOptions::new().only_organizations(<[String; 0]>::default()));
    assert!(part.users.is_empty() && part.organizations.is_empty() && part.warnings.is_empty());
    assert_eq!(tallies(&part).map(|tally| tally.out_of_scope), tallies(&part).map(|tally| tally.source));
}

#[test]
fn p8_an_unknown_organization_in_the_list_is_an_error() {
    let part = plan_with(&company(), &PlanOptions::new().only_organizations(["org_x"]));
    assert_eq!(codes(&part), ["membership_organization_missing", "scope_organization_missing"]);
}

#[test]
fn p8_into_one_organization_joins_memberships_by_m4() {
    let whole = plan_with(&company(), &PlanOptions::new().target_organization("org_authio"));
    assert!(whole.organizations.is_empty());
    assert_eq!(whole.target_organization_id.as_deref(), Some("org_authio"));
    let roles: Vec<_> = whole.memberships.iter().map(|membership| membership.role.as_str()).collect();
    assert_eq!(roles, ["admin", "owner"]);
    assert!(whole.memberships.iter().all(|m| m.organization_external_id == "authio:target-org"));
    assert!(has(&whole, WarningCode::OrganizationsJoined) && !has(&whole, WarningCode::SlugChanged));
    assert!(tallies(&whole).into_iter().all(is_closed));
}

#[test]
fn p8_one_organization_into_one_is_no_join() {
    let target = PlanOptions::new().target_organization("org_authio");
    assert!(!has(&plan_with(&company(), &target.only_organizations(["org_a"])), WarningCode::OrganizationsJoined));
}

/// Both planners, over a company with something of each kind in and out of scope, and copies, look-alikes and losses.
#[test]
fn p8_every_combination_of_options() {
    let mut company = company();
    company.users.push(user("user_e", "\u{212a}ate@acme.example", 5));
    company.users.push(user("user_f", "kate@acme.example", 6));
    company.users.push(unverified("user_g", "BOB@acme.example", 1));
    company.users.extend(["alone@x.example", "alone@y.example"].map(|email| user("user_h", email, 7)));
    company.organizations.push(organization("org_c", "", 3));
    company.organization_memberships.extend([
        membership("om_5", "user_e", "org_a", "x", "active"),
        membership("om_6", "user_f", "org_b", "x", "odd"),
        membership("om_7", "user_g", "org_b", "owner", "active"),
        membership("om_8", "user_d", "org_c", "admin", "active"),
        membership("om_8", "user_d", "org_a", "admin", "active"),
    ]);
    company.sso_connections.push(Connection::new("conn_4", "OktaSAML", None));
    company.identities.push(Identity::new("user_f", "GoogleOAuth", "1"));
    company
        .authentication_factors
        .extend(["user_g", "user_x"].map(|id| AuthenticationFactor::new("auth_factor_1", id)));
    company.rejected.push(Rejected::new(Section::Users, 0, "email: expected a string"));
    let scopes: [Option<&[&str]>; 6] = [
        None,
        Some(&[]),
        Some(&["org_a"]),
        Some(&["org_b"]),
        Some(&["org_c", "org_x"]),
        Some(&["org_a", "org_b", "org_x"]),
    ];
    for scope in scopes {
        for (target, choice) in [
            ("", UnverifiedUsers::Merge),
            ("", UnverifiedUsers::Withhold),
            ("org_authio", UnverifiedUsers::Merge),
            ("org_authio", UnverifiedUsers::Withhold),
        ] {
            let mut options =
                PlanOptions::new().unverified_users(choice).target_organization(target).reserved_slugs(["cello"]);
            if let Some(ids) = scope {
                options = options.only_organizations(ids.iter().copied());
            }
            assert_eq!(plan_with(&company, &options).stats.users.source, 10);
        }
    }
}

#[test]
fn p10_maps_are_sorted_by_key() {
    let mut ann = User::new("user_a", "ann@acme.example");
    ann.metadata = ["z", "a", "m"].map(|key| (key, "1")).into_iter().collect();
    let json = serde_json::to_string(&plan(&of_users([ann]))).unwrap();
    assert!(json.contains(r#""metadata":{"a":"1","m":"1","z":"1"}"#));
}
