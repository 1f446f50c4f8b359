use workos_to_authio::workos::{DomainState, Organization, OrganizationDomain, Section};
use workos_to_authio::{PlanOptions, SlugChange, Text, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{has, of_organizations, organization, slugs};

fn slug_of(name: &str) -> String {
    plan(&of_organizations([Organization::new("org_x1", name)])).organizations[0].slug.to_string()
}

#[test]
fn o1_organizations_alike_in_everything_but_the_id_stay_two() {
    let same = |id: &str| {
        let mut same = organization(id, "Acme", 1);
        same.slug = Some("acme".into());
        same.domains.push(OrganizationDomain::new("acme.example", DomainState::Verified));
        same
    };
    let plan = plan(&of_organizations([same("org_a"), same("org_b")]));
    let ids: Vec<_> = plan.organizations.iter().map(|organization| organization.external_id.as_str()).collect();
    assert_eq!(ids, ["workos:org:org_a", "workos:org:org_b"]);
}

#[test]
fn o2_slugs_are_ascii_lower_case_with_single_hyphens() {
    assert_eq!(slug_of("  Acme, Inc. & Söhne (EU) "), "acme-inc-sohne-eu");
    assert_eq!(slug_of(&"ab ".repeat(40)), ["ab"; 20].join("-"));
    assert_eq!(slug_of(&"x".repeat(200)).len(), 60);
}

#[test]
fn o2_a_name_that_makes_no_slug_gets_one_of_its_id() {
    for name in ["!!!", "-", "x"] {
        assert_eq!(slug_of(name), "org-orgx1");
    }
    assert_eq!(plan(&of_organizations([Organization::new("___", "!")])).organizations[0].slug, "org-2");
}

#[test]
fn o2_an_unusable_name_asks_for_the_slug_of_its_id_and_may_find_it_taken() {
    let all = [("org_01ABCDEFGHIJ", "!!!"), ("org_02ABCDEFGHIJ", "x"), ("---", "?"), ("___", "")];
    let plan = plan(&of_organizations(all.iter().zip(1..).map(|((id, name), day)| organization(id, name, day))));
    assert_eq!(slugs(&plan), ["org-2", "org-3", "org-cdefghij", "org-cdefghij-cdefghij"]);
}

#[test]
fn o2_an_own_slug_in_another_form_is_rewritten() {
    let with_slug = |id: &str, slug: &str| {
        let mut organization = organization(id, "Three", 1);
        organization.slug = Some(slug.into());
        organization
    };
    let plan =
        plan(&of_organizations([with_slug("org_a", "Acme Inc"), with_slug("org_b", "two"), with_slug("org_c", " ")]));
    assert_eq!(slugs(&plan), ["acme-inc", "two", "three"]);
    let (organization_id, slug) = ("org_a".into(), Text::from("acme-inc"));
    let change = Warning::SlugChanged { organization_id, wanted: slug.clone(), slug, reason: SlugChange::Rewritten };
    assert_eq!(plan.warnings, [change]);
}

#[test]
fn o2_the_slug_of_an_old_export_comes_before_the_name() {
    let mut old = organization("org_a", "Acme", 1);
    old.slug = Some("acme-classic".into());
    let plan = plan(&of_organizations([old]));
    assert_eq!(slugs(&plan), ["acme-classic"]);
    assert!(plan.warnings.is_empty());
}

#[test]
fn o3_the_oldest_keeps_the_slug_whichever_comes_first() {
    let (old, new) = (organization("org_01BBBBBBBB", "Acme Inc", 1), organization("org_01AAAAAAAA", "Acme, Inc.", 2));
    for pair in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        assert_eq!(slugs(&plan(&of_organizations(pair))), ["acme-inc-aaaaaaaa", "acme-inc"]);
    }
}

#[test]
fn o3_a_tail_grows_until_it_is_unique() {
    let ids = ["org_1", "org_a12345678", "org_b12345678", "org_B12345678"];
    let all = ids.iter().zip(1..).map(|(id, day)| organization(id, "Acme", day));
    let plan = plan(&of_organizations(all));
    let slug = |id: &str| {
        let external_id = format!("workos:org:{id}");
        plan.organizations.iter().find(|o| o.external_id == external_id).unwrap().slug.as_str()
    };
    assert_eq!(ids.map(slug), ["acme", "acme-12345678", "acme-b12345678", "acme-gb12345678"]);
}

#[test]
fn o3_numbers_where_the_ids_do_not_tell_apart() {
    let all = ["-", "=", "+"].iter().zip(1..).map(|(id, day)| organization(id, "Acme", day));
    let plan = plan(&of_organizations(all));
    let mut slugs = slugs(&plan);
    slugs.sort_unstable();
    assert_eq!(slugs, ["acme", "acme-2", "acme-3"]);
}

/// Ids that are one in their letters, and digits that pass from one to two, whichever record comes first.
#[test]
fn o3_numbers_go_on_past_nine_in_the_order_of_age() {
    let ids: Vec<String> =
        (0..12).map(|number| format!("{}o{}", "-".repeat(number), "_".repeat(12 - number))).collect();
    let mut organizations: Vec<_> = ids.iter().zip(1..).map(|(id, age)| organization(id, "Acme", age)).collect();
    let expected: Vec<String> =
        ["acme".into(), "acme-o".into()].into_iter().chain((2..12).map(|number| format!("acme-{number}"))).collect();
    for _ in 0..2 {
        let plan = plan(&of_organizations(organizations.clone()));
        let slug = |id: &String| plan.lookup().organization(id).unwrap().slug.to_string();
        assert_eq!(ids.iter().map(slug).collect::<Vec<_>>(), expected);
        organizations.reverse();
    }
}

#[test]
fn o3_numbers_pass_over_slugs_that_are_reserved_or_taken() {
    let all = [("org_a", "Acme 3", 1), ("-", "Acme", 2), ("=", "Acme", 3)];
    let all = all.map(|(id, name, day)| organization(id, name, day));
    let plan = plan_with(&of_organizations(all), &PlanOptions::new().reserved_slugs(["acme-2"]));
    assert_eq!(slugs(&plan), ["acme", "acme-4", "acme-3"]);
}

#[test]
fn o3_a_number_of_more_digits_cuts_more_of_a_long_name() {
    let name = "a".repeat(60);
    let ids: Vec<String> = (1..12).map(|length| "-".repeat(length)).collect();
    let plan = plan(&of_organizations(ids.iter().zip(1..).map(|(id, age)| organization(id, &name, age))));
    let numbered = |number: usize| format!("{}-{number}", &name[..if number < 10 { 58 } else { 57 }]);
    let expected: Vec<String> = [name.clone()].into_iter().chain((2..12).map(numbered)).collect();
    assert_eq!(slugs(&plan), expected);
}

#[test]
fn o3_no_slug_is_longer_than_sixty() {
    let name = "long ".repeat(20);
    let plan =
        plan(&of_organizations([organization("org_aaaaaaaa", &name, 1), organization("org_bbbbbbbb", &name, 2)]));
    for slug in slugs(&plan) {
        assert!(slug.len() <= 60 && !slug.contains("--") && !slug.ends_with('-'), "{slug}");
    }
    assert!(slugs(&plan)[1].ends_with("-bbbbbbbb"));
}

#[test]
fn o3_a_tail_is_48_letters_at_most() {
    let name = "a".repeat(60);
    let ids: Vec<String> = (10..54).map(|number| format!("org_{number}_{}", "9".repeat(60))).collect();
    let plan = plan(&of_organizations(ids.iter().map(|id| organization(id, &name, 1))));
    let longest = format!("{}-{}", "a".repeat(11), "9".repeat(48));
    assert_eq!(slugs(&plan)[41..], [longest, format!("{}-2", "a".repeat(58)), format!("{}-3", "a".repeat(58))]);
}

#[test]
fn o3_a_reserved_slug_with_a_tail_is_passed_over_as_well() {
    let options = PlanOptions::new().reserved_slugs(["acme-orgb", "org-orgc"]);
    let all = [("org_a", "Acme", 1), ("org_b", "Acme", 2), ("org_c", "%", 3)];
    let plan = plan_with(&of_organizations(all.map(|(id, name, day)| organization(id, name, day))), &options);
    assert_eq!(slugs(&plan), ["acme", "acme-2", "org-orgc-orgc"]);
}

#[test]
fn o3_reserved_slugs_are_taken_in_any_case() {
    let options = PlanOptions::new().reserved_slugs(["WWW"]);
    let plan = plan_with(&of_organizations([organization("org_a", "www", 1)]), &options);
    assert_eq!(slugs(&plan), ["www-orga"]);
    let reason = plan.warnings.iter().find_map(|warning| match warning {
        Warning::SlugChanged { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(reason, Some(SlugChange::Reserved));
}

#[test]
fn o4_the_oldest_is_by_instant_then_by_id_and_unreadable_times_come_last() {
    let at = |id: &str, created_at: Option<&str>| {
        let mut organization = Organization::new(id, "Acme");
        organization.created_at = created_at.map(Into::into);
        organization
    };
    let keeper = |organizations: [Organization; 2]| {
        let plan = plan(&of_organizations(organizations));
        plan.organizations.iter().find(|o| o.slug == "acme").unwrap().external_id.clone()
    };
    // 23:30 in London comes before 23:00 three hours further west.
    let (london, west) = (Some("2024-01-01T23:30:00Z"), Some("2024-01-01T23:00:00-03:00"));
    assert_eq!(keeper([at("org_a", west), at("org_b", london)]), "workos:org:org_b");
    assert_eq!(keeper([at("org_a", Some("2024-02-30T00:00:00Z")), at("org_b", london)]), "workos:org:org_b");
    assert_eq!(keeper([at("org_a", Some("")), at("org_b", london)]), "workos:org:org_b");
    assert_eq!(keeper([at("org_b", None), at("org_a", None)]), "workos:org:org_a");
    let spellings = (Some("2024-01-01 00:00:00+0000"), Some("2024-01-01T00:00:00.000000Z"));
    assert_eq!(keeper([at("org_b", spellings.0), at("org_a", spellings.1)]), "workos:org:org_a");
}

#[test]
fn o4_an_unreadable_time_is_not_passed_on() {
    let mut undated = organization("org_a", "Acme", 1);
    undated.created_at = Some("yesterday".into());
    assert_eq!(plan(&of_organizations([undated])).organizations[0].created_at, None);
}

#[test]
fn o5_an_unverified_domain_is_never_the_domain() {
    for state in ["pending", "unverified", "failed", "something_new"] {
        let mut organization = organization("org_a", "Acme", 1);
        organization.domain = Some("old.example".into());
        organization.domains.push(OrganizationDomain::new("Acme.example", DomainState::from(state)));
        let plan = plan(&of_organizations([organization]));
        assert_eq!(plan.organizations[0].domain, None, "{state}");
        assert_eq!(plan.organizations[0].domains.len(), 2);
    }
}

#[test]
fn o5_a_domain_is_verified_where_any_entry_of_it_is() {
    let mut organization = organization("org_a", "Acme", 1);
    organization.domain = Some(" ACME.example".into());
    organization.domains.push(OrganizationDomain::new("acme.example", DomainState::LegacyVerified));
    organization.domains.push(OrganizationDomain::new("acme.example", DomainState::Failed));
    let plan = plan(&of_organizations([organization]));
    assert_eq!(plan.organizations[0].domain.as_deref(), Some("acme.example"));
    assert_eq!(plan.organizations[0].domains.len(), 1);
    assert!(!has(&plan, WarningCode::DomainShared));
}

#[test]
fn o6_a_blank_name_becomes_the_id() {
    let plan = plan(&of_organizations([organization("org_a", " \t", 1)]));
    assert_eq!((plan.organizations[0].name.as_str(), slugs(&plan)), ("org_a", vec!["org-a"]));
    assert_eq!(plan.warnings, [Warning::OrganizationNameMissing { organization_id: "org_a".into() }]);
}

#[test]
fn o5_a_domain_is_shared_only_where_both_verified_it() {
    let with_domain = |id: &str, domain: &str, state: DomainState| {
        let mut organization = organization(id, id, 1);
        organization.domains.push(OrganizationDomain::new(domain, state));
        organization
    };
    let mut old = organization("org_a", "Old", 1);
    old.domain = Some("x.example".into());
    let pending = with_domain("org_c", "X.example", DomainState::Pending);
    let bundle = of_organizations([old, with_domain("org_b", "x.example", DomainState::Verified), pending]);
    assert!(plan(&bundle).warnings.is_empty());
}

#[test]
fn o6_the_ids_of_others_are_kept_as_they_stand() {
    let mut kept = organization("org_a", "Acme", 1);
    kept.metadata = [("tier", "pro"), ("", "")].into_iter().collect();
    (kept.external_id, kept.stripe_customer_id) = (Some(" crm-7 ".into()), Some("cus_1".into()));
    let mut blank = organization("org_b", "Bolt", 1);
    (blank.external_id, blank.stripe_customer_id) = (Some(" ".into()), Some("".into()));
    let plan = plan(&of_organizations([kept.clone(), blank]));
    let ids = |at: usize| {
        let organization: &workos_to_authio::authio::Organization = &plan.organizations[at];
        (organization.source_external_id.as_deref(), organization.stripe_customer_id.as_deref())
    };
    assert_eq!((ids(0), ids(1)), ((Some(" crm-7 "), Some("cus_1")), (None, None)));
    assert_eq!(plan.organizations[0].metadata, kept.metadata);
}

#[test]
fn o7_a_verified_domain_of_a_public_mail_provider_is_told() {
    let with_domain = |id: &str, domain: &str, state: DomainState| {
        let mut organization = organization(id, id, 1);
        organization.domains.push(OrganizationDomain::new(domain, state));
        organization
    };
    let told = |domain: &str, state: DomainState| {
        let plan = plan(&of_organizations([with_domain("org_a", domain, state)]));
        assert_eq!(plan.organizations[0].domains.len(), 1);
        assert!(plan.warnings.iter().all(|warning| !warning.to_string().contains(domain.trim())));
        has(&plan, WarningCode::DomainPublic)
    };
    for domain in [
        "gmail.com",
        " GMail.com ",
        "googlemail.com",
        "outlook.com",
        "yahoo.co.uk",
        "icloud.com.",
        "qq.com",
        "live.se",
        "ya.ru",
    ] {
        assert!(told(domain, DomainState::Verified), "{domain}");
        assert!(told(domain, DomainState::LegacyVerified), "{domain}");
        assert!(!told(domain, DomainState::Pending), "{domain}");
    }
    for domain in ["acme.example", "mail.gmail.com", "notgmail.com", "gmail.com.example", "com"] {
        assert!(!told(domain, DomainState::Verified), "{domain}");
    }
}

#[test]
fn u12_organizations_that_share_an_id_of_the_application() {
    let with_ids = |id: &str, external_id: Option<&str>, customer: Option<&str>| {
        let mut organization = organization(id, id, 1);
        organization.external_id = external_id.map(Into::into);
        organization.stripe_customer_id = customer.map(Into::into);
        organization
    };
    let bundle = of_organizations([
        with_ids("org_c", Some("acct-7"), Some("cus_1")),
        with_ids("org_a", Some("acct-7"), Some("")),
        with_ids("org_b", Some("cus_1"), Some("cus_1")),
        with_ids("org_d", Some(" "), None),
        with_ids("org_e", Some(" "), Some("")),
    ]);
    let shared = |field: &str, ids: [&str; 2]| Warning::ApplicationIdShared {
        section: Section::Organizations,
        field: field.into(),
        ids: ids.map(Text::from).to_vec(),
    };
    assert_eq!(
        plan(&bundle).warnings,
        [shared("external_id", ["org_a", "org_c"]), shared("stripe_customer_id", ["org_b", "org_c"])]
    );
    // P8: told where one of them is in scope, naming all; where all become one, they are not planned.
    let of = |options: PlanOptions| plan_with(&bundle, &options).warnings;
    assert_eq!(of(PlanOptions::new().only_organizations(["org_a"])), [shared("external_id", ["org_a", "org_c"])]);
    assert!(of(PlanOptions::new().only_organizations(["org_d"])).is_empty());
    let joined = of(PlanOptions::new().target_organization("a9f0"));
    assert!(joined.iter().all(|warning| warning.code() == WarningCode::OrganizationsJoined), "{joined:?}");
}
