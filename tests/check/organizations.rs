//! O1 to O6, and slugs.

use workos_to_authio::{PlanList as List, PlanOptions, Violation as V, check};

use crate::{ACME, GLOBEX, OTHER_ACME, clean, each_break_is_told_exactly, organization, s};

/// O1 to O6
#[test]
fn organizations_are_checked() {
    let organization_id = || s(ACME);
    let field = |field| V::WrongField { list: List::Organizations, record: s(ACME), field };
    each_break_is_told_exactly(vec![
        // The membership there loses its organization as well.
        (
            "an organization is missing",
            |plan| plan.organizations.retain(|organization| organization.external_id != OTHER_ACME),
            vec![
                V::RecordMissing { list: List::Organizations, record: s(OTHER_ACME) },
                V::DanglingReference { list: List::Memberships, record: s("workos:om_04B"), field: "org_external_id" },
            ],
        ),
        (
            "an invented organization",
            |plan| {
                let mut invented = plan.organizations[2].clone();
                (invented.external_id, invented.slug) = (s("workos:org:org_99Z"), s("invented"));
                plan.organizations.push(invented);
            },
            vec![V::RecordUnexpected { list: List::Organizations, record: s("workos:org:org_99Z") }],
        ),
        ("another name", |plan| organization(plan, ACME).name = s("Acme"), vec![field("name")]),
        ("no domain", |plan| organization(plan, ACME).domain = None, vec![field("domain")]),
        (
            "an unverified domain",
            |plan| organization(plan, ACME).domain = Some(s("acme-labs.example")),
            vec![V::DomainUnverified { organization: organization_id() }],
        ),
        (
            "a domain called verified",
            |plan| organization(plan, ACME).domains[0].verified = true,
            vec![V::DomainUnverified { organization: organization_id() }],
        ),
        (
            "a malformed slug",
            |plan| organization(plan, ACME).slug = s("Acme_"),
            // The organization that gave way to it has no reason any more.
            vec![
                V::SlugMalformed { organization: organization_id() },
                V::SlugUnexplained { organization: s(OTHER_ACME) },
            ],
        ),
        (
            "a slug of its own invention",
            |plan| organization(plan, GLOBEX).slug = s("globe"),
            vec![V::SlugUnexplained { organization: s(GLOBEX) }],
        ),
        (
            "one slug for two",
            |plan| organization(plan, OTHER_ACME).slug = s("acme-inc"),
            vec![V::DuplicateSlug { organizations: vec![s(ACME), s(OTHER_ACME)] }],
        ),
        (
            // That it does not follow from the name says nothing more.
            "somebody else's slug",
            |plan| organization(plan, GLOBEX).slug = s("acme-inc"),
            vec![V::DuplicateSlug { organizations: vec![s(ACME), s(GLOBEX)] }],
        ),
        (
            // It is not an older organization than itself, so the second slug has no reason.
            "an organization twice, under two slugs",
            |plan| {
                let mut again = organization(plan, GLOBEX).clone();
                again.slug = s("globex-org02b");
                plan.organizations.insert(2, again);
            },
            vec![
                V::DuplicateRecord { list: List::Organizations, record: s(GLOBEX) },
                V::SlugUnexplained { organization: s(GLOBEX) },
            ],
        ),
    ]);
}

#[test]
fn a_reserved_slug_is_told() {
    let (bundle, _, plan) = clean();
    let options = PlanOptions::new().reserved_slugs(["GLOBEX"]);
    let expected = [V::SlugReserved { organization: s(GLOBEX) }];
    assert_eq!(check(&bundle, &options, &plan), expected);
}

/// O3, P8: an organization out of scope may have the slug that a younger one wants. It does not take it from itself.
#[test]
fn p8_no_organization_out_of_scope_gives_way_to_itself() {
    let (bundle, _, mut plan) = clean();
    let options = PlanOptions::new().only_organizations(["org_02B", "org_03C"]);
    organization(&mut plan, ACME).slug = s("acme-inc-org01a");
    let violations = check(&bundle, &options, &plan);
    let slugs: Vec<_> = violations.iter().filter(|violation| violation.to_string().contains("slug")).collect();
    assert_eq!(slugs, [&V::SlugUnexplained { organization: s(ACME) }]);
}
