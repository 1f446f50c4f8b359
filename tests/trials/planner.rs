//! What the planner makes of records that are read and lie.

use workos_to_authio::authio::MembershipStatus;
use workos_to_authio::workos::{
    Bundle, DomainState, Identity, MembershipStatus as SourceStatus, Organization, OrganizationDomain,
};
use workos_to_authio::{ImportPlan, PlanOptions, Warning, WarningCode};

use crate::support::{codes, has, json, reversed, unverified, user};
use crate::{bundle, text};

/// The plan, which is the same whichever record comes first (P5).
#[track_caller]
fn plan(bundle: &Bundle) -> ImportPlan {
    let plan = workos_to_authio::plan(bundle);
    assert_eq!(json(&workos_to_authio::plan(&reversed(bundle))), json(&plan));
    plan
}

/// Role and status of the only membership.
fn seat(plan: &ImportPlan) -> String {
    let [membership] = plan.memberships.as_slice() else { panic!("one membership") };
    format!("{} {}", membership.role, membership.status)
}

fn is_tied(plan: &ImportPlan) -> bool {
    let tied = plan.warnings_with_code(WarningCode::RecordDiffers).map(|warning| match warning {
        Warning::RecordDiffers { tied, .. } => {
            assert_eq!(warning.to_string().contains("updated last"), !tied);
            *tied
        }
        other => panic!("{other:?}"),
    });
    tied.eq([true])
}

#[test]
fn b11_tied_copies_give_the_least_power() {
    let mut bundle = bundle("tied_copies");
    let first = plan(&bundle);
    assert_eq!((seat(&first).as_str(), is_tied(&first)), ("member deactivated", true));
    // No time at all.
    bundle.organization_memberships.iter_mut().for_each(|copy| copy.updated_at = None);
    let undated = plan(&bundle);
    assert_eq!((seat(&undated).as_str(), is_tied(&undated)), ("member deactivated", true));
    // Times that cannot be read.
    bundle.organization_memberships[0].updated_at = Some("soon".into());
    bundle.organization_memberships[1].status = Some(SourceStatus::Active);
    let unread = plan(&bundle);
    assert_eq!((seat(&unread).as_str(), is_tied(&unread)), ("member active", true));
    // A third copy, and a role that nobody mapped.
    let mut third = bundle.organization_memberships[0].clone();
    (third.role, third.updated_at) = (Some("superuser".into()), None);
    third.status = Some("terminated".into());
    bundle.organization_memberships.insert(1, third);
    let three = plan(&bundle);
    assert_eq!((seat(&three).as_str(), is_tied(&three)), ("member deactivated", true));
}

#[test]
fn u12_ids_in_common_are_told_and_never_shown() {
    let mut bundle = bundle("ids_in_common");
    let told = |plan: &ImportPlan| -> Vec<(String, Vec<String>)> {
        let shared = plan.warnings_with_code(WarningCode::ApplicationIdShared).map(|warning| match warning {
            Warning::ApplicationIdShared { field, ids, .. } => {
                (field.to_string(), ids.iter().map(ToString::to_string).collect())
            }
            other => panic!("{other:?}"),
        });
        shared.collect()
    };
    let of = |field: &str, ids: [&str; 2]| (field.to_owned(), ids.map(ToOwned::to_owned).to_vec());
    let organizations = [of("external_id", ["org_f", "org_g"]), of("stripe_customer_id", ["org_g", "org_h"])];
    let first = plan(&bundle);
    assert_eq!(told(&first), [&organizations[..], &[of("external_id", ["user_p", "user_q"])]].concat());
    for warning in &first.warnings {
        assert!(!["42", "t-9", "cus_77"].iter().any(|id| warning.to_string().contains(id)), "{warning}");
    }
    // The second record of a merged person brings the id.
    bundle.users[0].external_id = None;
    let mut again = user("user_r", "PIA@fjord.example", 9);
    again.external_id = Some("42".into());
    bundle.users.push(again);
    assert!(told(&plan(&bundle)).contains(&of("external_id", ["user_p", "user_q"])));
    // Embedded in a membership, and in no list.
    let listed = bundle.users.pop().unwrap();
    bundle.organization_memberships[0].user_id = "user_r".into();
    bundle.organization_memberships[0].user = Some(Box::new(listed));
    assert!(told(&plan(&bundle)).contains(&of("external_id", ["user_p", "user_q"])));
    // An id of an organization is not an id of a user.
    bundle.organizations[0].external_id = Some("42".into());
    bundle.organization_memberships[0].user = None;
    assert_eq!(told(&plan(&bundle)), [organizations[1].clone()]);
}

#[test]
fn o7_a_mail_providers_domain_is_told() {
    let mut bundle = bundle("mail_providers_domain");
    let first = plan(&bundle);
    assert!(has(&first, WarningCode::DomainPublic));
    assert!(first.warnings.iter().all(|warning| !warning.to_string().contains("gmail")));
    for domain in ["Hotmail.COM", " proton.me ", "gmx.de."] {
        bundle.organizations[0].domains = vec![OrganizationDomain::new(domain, DomainState::LegacyVerified)];
        assert!(has(&plan(&bundle), WarningCode::DomainPublic), "{domain}");
    }
    // Proven by nobody, so that it leads nobody anywhere.
    bundle.organizations[0].domains = vec![OrganizationDomain::new("gmail.com", DomainState::Pending)];
    bundle.organizations[1].domain = Some("gmail.com".into());
    assert!(!has(&plan(&bundle), WarningCode::DomainPublic));
}

#[test]
fn m2_an_unknown_status_lets_nobody_in() {
    let mut bundle = bundle("unknown_status");
    for status in ["suspended", "SUSPENDED", "accepted", "activ", "active\u{200b}", "0"] {
        bundle.organization_memberships[1].status = Some(status.into());
        let plan = plan(&bundle);
        let statuses: Vec<_> = plan.memberships.iter().map(|membership| membership.status).collect();
        assert_eq!(statuses, [MembershipStatus::Active, MembershipStatus::Deactivated], "{status}");
        assert_eq!(codes(&plan), ["status_unknown"]);
    }
    // Nor does it outrank what is known: another membership of the same person stays as it is.
    let mut known = bundle.organization_memberships[1].clone();
    (known.id, known.status) = ("om_r".into(), Some("pending".into()));
    bundle.organization_memberships.push(known);
    assert_eq!(plan(&bundle).memberships[1].status, MembershipStatus::Invited);
}

#[test]
fn u11_a_sign_in_of_an_unverified_record_opens_nothing() {
    let mut bundle = bundle("sign_in_of_an_unverified_record");
    let subjects = |bundle: &Bundle| -> Vec<String> {
        plan(bundle).identities.iter().map(|identity| identity.subject.to_string()).collect()
    };
    assert!(subjects(&bundle).is_empty());
    assert_eq!(codes(&plan(&bundle)), ["identity_unproven", "unverified_merged", "users_merged"]);
    // The older record is the unverified one: that it names the user gives it no more weight.
    bundle.users[1].created_at = Some("2020-01-01T00:00:00Z".into());
    assert!(subjects(&bundle).is_empty());
    // Several unverified records with one sign-in prove no more than one does.
    bundle.users.push(unverified("user_r", "pia@fjord.example", 3));
    bundle.identities.push(Identity::new("user_r", "GitHubOAuth", "90210"));
    assert!(subjects(&bundle).is_empty());
    assert_eq!(plan(&bundle).warnings_with_code(WarningCode::IdentityUnproven).count(), 2);
    // An unverified user who is only embedded.
    let embedded = bundle.users.pop().unwrap();
    let mut seat = bundle.organization_memberships[0].clone();
    (seat.id, seat.user_id, seat.user) = ("om_r".into(), "user_r".into(), Some(Box::new(embedded)));
    bundle.organization_memberships.push(seat);
    assert!(subjects(&bundle).is_empty());
    // The verified record has it too: it is the person's.
    bundle.identities.push(Identity::new("user_p", "githuboauth", "90210"));
    assert_eq!(subjects(&bundle), ["90210"]);
    // Of tied copies of the record the unverified one counts (B11), and then nobody there is verified.
    bundle.identities.pop();
    let mut copy = bundle.users[0].clone();
    copy.email_verified = false;
    bundle.users.push(copy);
    bundle.organizations.push(Organization::new("org_g", "Glen"));
    assert_eq!(subjects(&bundle), ["90210"]);
    assert!(!plan(&bundle).users[0].email_verified);
}

#[test]
fn u3_an_address_with_something_invisible_in_it_is_not_usable() {
    let mut bundle = bundle("invisible_in_addresses");
    let first = plan(&bundle);
    assert_eq!((first.users.len(), codes(&first)), (1, vec!["invalid_email"; 5]));
    for warning in &first.warnings {
        assert!(warning.to_string().ends_with("has no usable address (a forbidden character); left out"), "{warning}");
    }
    // In every place of an address, and in the domain.
    for c in "\u{200c}\u{200d}\u{202e}\u{2066}\u{61c}\u{fff9}\u{34f}\u{180e}\u{3164}\u{ffa0}\u{fe0f}\u{e0001}\u{e0101}"
        .chars()
    {
        for address in
            [format!("p{c}ia@fjord.example"), format!("pia@{c}fjord.example"), format!("\"{c}\"@fjord.example")]
        {
            bundle.users[0].email = address.into();
            assert_eq!(plan(&bundle).users.len(), 0, "{c:?}");
        }
    }
    // Letters, marks and signs that are seen stay.
    for address in [
        "zoe\u{308}@fjord.example",
        "\u{1f600}@fjord.example",
        "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}@fjord.example",
    ] {
        bundle.users[0].email = address.into();
        assert_eq!(plan(&bundle).users.len(), 1, "{address}");
    }
}

#[test]
fn u2_addresses_in_several_forms_stay_apart_and_are_told() {
    let mut bundle = bundle("composed_and_decomposed");
    let first = plan(&bundle);
    assert_eq!((first.users.len(), codes(&first)), (2, vec!["addresses_look_alike"]));
    for (one, other) in [
        ("pia@m\u{fc}nchen.example", "pia@xn--mnchen-3ya.example"),
        ("pia@m\u{fc}nchen.example", "pia@MU\u{308}NCHEN.example"),
        ("pia@fjord.example", "\u{ff50}ia@fjord.example"),
        ("pia@xn--mnchen-3ya.example", "\u{ff50}ia@M\u{dc}nchen.example"),
        ("o\u{fb03}ce@fjord.example", "office@fjord.example"),
        ("pia@fjord.example", "pia@fjord\u{3002}example"),
        ("pia@fjord.example", "pia@fjord.example."),
        ("pia@Fjord.example.", "Pia@fjord.example\u{3002}"),
        ("pia@m\u{fc}nchen.example.", "pia@xn--mnchen-3ya.example"),
    ] {
        (bundle.users[0].email, bundle.users[1].email) = (one.into(), other.into());
        let plan = plan(&bundle);
        assert_eq!((plan.users.len(), codes(&plan)), (2, vec!["addresses_look_alike"]), "{one} {other}");
        assert!(!plan.warnings[0].to_string().contains("example"));
    }
    for (one, other) in [
        ("zoe@fjord.example", "zo\u{eb}@fjord.example"),
        ("pia@munchen.example", "pia@xn--mnchen-3ya.example"),
        ("p.ia@fjord.example", "pia@fjord.example"),
    ] {
        (bundle.users[0].email, bundle.users[1].email) = (one.into(), other.into());
        assert!(plan(&bundle).warnings.is_empty(), "{one} {other}");
    }
}

/// O5, O7: a domain in two spellings is one domain.
#[test]
fn u2_a_domain_in_two_spellings_is_shared() {
    let mut bundle = bundle("mail_providers_domain");
    for (one, other) in [
        ("m\u{fc}nchen.example", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "Mu\u{308}nchen.example"),
        ("b\u{fc}ro.example", "B\u{dc}RO.EXAMPLE"),
        ("acme.example", "Acme.example."),
        ("m\u{fc}nchen.example\u{3002}", "xn--mnchen-3ya.example"),
    ] {
        for (organization, domain) in bundle.organizations.iter_mut().zip([one, other]) {
            organization.domains = vec![OrganizationDomain::new(domain, DomainState::Verified)];
        }
        let plan = plan(&bundle);
        let shared = plan.warnings_with_code(WarningCode::DomainShared).next().unwrap();
        let Warning::DomainShared { domain, organization_ids } = shared else { panic!("{shared:?}") };
        let mut spellings = [one, other].map(str::to_ascii_lowercase);
        spellings.sort();
        assert_eq!((domain.as_str(), organization_ids.len()), (spellings[0].as_str(), 2));
    }
    // Two spellings at one organization are not shared by two; and a provider is known in any spelling.
    bundle.organizations[1].domains.clear();
    let spellings = ["\u{ff47}mail.com", "xn--mnchen-3ya.example", "m\u{fc}nchen.example"];
    bundle.organizations[0].domains =
        spellings.map(|domain| OrganizationDomain::new(domain, DomainState::Verified)).to_vec();
    let plan = plan(&bundle);
    assert!(!has(&plan, WarningCode::DomainShared) && has(&plan, WarningCode::DomainPublic));
}

#[test]
fn p8_a_role_map_with_a_key_twice_is_an_error_that_names_the_key() {
    let error = |json: &str| serde_json::from_str::<PlanOptions>(json).unwrap_err().to_string();
    let first = error(&text("role_map_with_a_key_twice", "options.json"));
    assert!(first.starts_with(r#"the key "org-admin" is there twice"#), "{first}");
    for json in [
        r#"{"role_map":{"owner":"member","owner":"member"}}"#,
        r#"{"role_map":{" owner":"member","owner":"admin"}}"#,
        r#"{"role_map":{"owner":"member"},"role_map":{"owner":"admin"}}"#,
    ] {
        assert!(error(json).contains("owner") || error(json).contains("role_map"), "{json}");
    }
}
