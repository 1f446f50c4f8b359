//! O1 to O6.

use serde_json::json;
use workos_to_authio::PlanOptions;

use super::{agree, agree_by_default, codes, organization};

/// The slugs of a plan, by organization.
fn slugs(plan: &workos_to_authio::ImportPlan) -> Vec<&str> {
    plan.organizations.iter().map(|organization| organization.slug.as_str()).collect()
}

#[test]
fn o1_same_name_slug_and_domain_stay_two_organizations() {
    let twin = json!({"slug": "acme", "domains": [{"domain": "ACME.example ", "state": "verified"}]});
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "Acme", twin.clone()), organization("org_2", "Acme", twin)
    ]}));
    assert_eq!(slugs(&plan), ["acme", "acme-org2"]);
    assert_eq!(codes(&plan), ["domain_shared", "slug_changed"]);
}

#[test]
fn o2_slug_from_name_is_transliterated_and_cut() {
    let long = format!("{} Über & Söhne", "x".repeat(55));
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "  Ünïcode—Gmbh & Co. KG ", json!({})),
        organization("org_2", "北京公司", json!({})),
        organization("org_3", &long, json!({})),
        organization("org_4", &format!("{}---y", "z".repeat(58)), json!({})),
        organization("org_5", &format!("{} - y", "w".repeat(59)), json!({})),
    ]}));
    assert_eq!(slugs(&plan)[0], "unicode-gmbh-co-kg");
    assert_eq!(slugs(&plan)[4], "w".repeat(59));
    assert!(plan.warnings.is_empty());
}

#[test]
fn o2_unusable_names_and_slugs_fall_back_to_the_id() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_01ABCDEFGHIJ", "!!!", json!({})),
        organization("org_02ABCDEFGHIJ", "x", json!({})),
        organization("org_3", "Good Name", json!({"slug": "-"})),
        organization("___", "", json!({})),
        organization("---", "?", json!({})),
    ]}));
    assert_eq!(slugs(&plan), ["org-2", "org-3", "org-cdefghij", "org-cdefghij-cdefghij", "org-org3"]);
}

#[test]
fn o2_own_slug_in_another_form_is_rewritten() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "One", json!({"slug": "Acme Inc"})),
        organization("org_2", "Two", json!({"slug": "two"})),
        organization("org_3", "Three", json!({"slug": "  "})),
    ]}));
    assert_eq!(slugs(&plan), ["acme-inc", "two", "three"]);
    assert_eq!(codes(&plan), ["slug_changed"]);
}

#[test]
fn o3_oldest_keeps_the_slug_whatever_its_id() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "Acme", json!({"created_at": ""})),
        organization("org_2", "Acme", json!({"created_at": "2024-01-02T00:00:00Z"})),
        organization("org_3", "Acme", json!({"created_at": "2024-01-01 23:00:00-0200"})),
        organization("org_4", "ACME!", json!({"created_at": "2024-01-02T00:59:59.999Z"})),
    ]}));
    assert_eq!(slugs(&plan), ["acme-org1", "acme", "acme-org3", "acme-org4"]);
}

#[test]
fn o3_tails_grow_until_unique_then_are_numbered() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_a12345678", "Acme", json!({})),
        organization("org_b12345678", "Acme", json!({})),
        organization("org_c12345678", "Acme", json!({})),
        organization("org_C12345678", "Acme", json!({})),
        organization("orgc12345678", "Acme", json!({})),
        organization("org-c12345678", "Acme", json!({})),
        organization("xorgc12345678", "Acme", json!({})),
        organization("yorgc12345678", "Acme", json!({})),
        organization("yorg:c12345678", "Acme", json!({})),
        organization("yorg_c12345678", "Acme", json!({})),
    ]}));
    assert!(slugs(&plan).contains(&"acme-2"), "{:?}", slugs(&plan));
}

#[test]
fn o3_a_wanted_slug_may_be_an_older_ones_tail() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "Acme", json!({"created_at": "2020-01-01T00:00:00Z"})),
        organization("org_2", "Acme", json!({"created_at": "2021-01-01T00:00:00Z"})),
        organization("org_3", "Acme Org2", json!({"created_at": "2022-01-01T00:00:00Z"})),
    ]}));
    assert_eq!(slugs(&plan), ["acme", "acme-org2", "acme-org2-org3"]);
}

#[test]
fn o3_never_over_60_with_a_tail() {
    let name = format!("{}-{}", "a".repeat(50), "b".repeat(40));
    let id = |letter: &str| format!("org_{}{}", letter.repeat(30), "9".repeat(70));
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", &name, json!({"created_at": "2020-01-01T00:00:00Z"})),
        organization(&id("q"), &name, json!({})),
        organization(&id("r"), &name, json!({})),
        organization(&id("s"), &name, json!({})),
        organization("org_123456789", &name, json!({})),
        organization("org_223456789", &name, json!({})),
        organization("___", &name, json!({})),
    ]}));
    assert!(slugs(&plan).iter().all(|slug| slug.len() <= 60 && !slug.ends_with('-')), "{:?}", slugs(&plan));
}

#[test]
fn o3_a_tail_is_48_letters_at_most() {
    let name = "a".repeat(60);
    let mut organizations = Vec::new();
    for number in 10..54 {
        organizations.push(organization(&format!("org_{number}_{}", "9".repeat(60)), &name, json!({})));
    }
    let plan = agree_by_default(json!({"organizations": organizations}));
    let longest = format!("{}-{}", "a".repeat(11), "9".repeat(48));
    assert_eq!(slugs(&plan)[41..], [longest, format!("{}-2", "a".repeat(58)), format!("{}-3", "a".repeat(58))]);
}

#[test]
fn o3_reserved_slugs_are_taken_already() {
    let options = PlanOptions::new().reserved_slugs(["WWW", "acme-org2", "org-rg4", "org-org4"]);
    let organizations = json!({"organizations": [
        organization("org_1", "www", json!({"created_at": "2020-01-01T00:00:00Z"})),
        organization("org_2", "Acme", json!({})),
        organization("org_3", "Acme", json!({"created_at": "2020-01-01T00:00:00Z", "slug": "acme"})),
        organization("org_4", "%", json!({})),
    ]});
    let plan = agree(organizations, &options);
    assert_eq!(slugs(&plan), ["www-org1", "acme-2", "acme", "org-org4-org4"]);
}

#[test]
fn o5_domains_are_joined_and_only_a_verified_one_is_the_domain() {
    let plan = agree_by_default(json!({"organizations": [organization("org_1", "Acme", json!({
        "domain": "Old.example",
        "domains": [
            {"domain": "z.example", "state": "verified"}, {"domain": " Z.example", "state": "failed"},
            {"domain": "b.example", "state": "legacy_verified"}, {"domain": "a.example", "state": "pending"},
            {"domain": " "}, {"domain": "c.example", "state": "brand_new"},
        ],
    }))]}));
    assert_eq!(plan.organizations[0].domain.as_deref(), Some("b.example"));
    assert_eq!(plan.organizations[0].domains.len(), 5);
}

#[test]
fn o5_an_unverified_domain_is_not_shared() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", "One", json!({"domain": "x.example"})),
        organization("org_2", "Two", json!({"domains": [{"domain": "x.example", "state": "verified"}]})),
        organization("org_3", "Three", json!({"domains": [{"domain": "X.example", "state": "unverified"}]})),
    ]}));
    assert!(plan.warnings.is_empty());
}

#[test]
fn o6_empty_name_becomes_the_id_and_attributes_are_kept() {
    let plan = agree_by_default(json!({"organizations": [
        organization("org_1", " \t", json!({
            "metadata": {"tier": "pro", "": ""}, "external_id": " crm-7 ", "stripe_customer_id": "cus_1",
            "created_at": "2024-01-02 03:04:05.678901+0000",
        })),
        organization("org_2", "Two", json!({"external_id": " ", "stripe_customer_id": "", "created_at": "2024-02-30T00:00:00Z"})),
    ]}));
    assert_eq!(codes(&plan), ["organization_name_missing"]);
    assert_eq!((plan.organizations[0].name.as_str(), slugs(&plan)[0]), ("org_1", "org-1"));
    assert_eq!(plan.organizations[0].source_external_id.as_deref(), Some(" crm-7 "));
    assert_eq!(plan.organizations[1].created_at, None);
}
