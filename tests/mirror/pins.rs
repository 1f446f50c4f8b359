//! External ids and slugs that stay (N10).

use workos_to_authio::authio::{HeldOrganization, Snapshot};
use workos_to_authio::check::{Severity, Violation, check};
use workos_to_authio::workos::Organization;
use workos_to_authio::{ImportPlan, PlanOptions, SlugChange, Text, Warning, diff, plan, plan_with};

use crate::support::{acme, lines, user};

/// The older organization that had the short slug is gone; the younger keeps its long one, as Authio knows it.
#[test]
fn slug_stays_when_the_older_organization_goes() {
    let mut bundle = acme();
    bundle.organizations[0].created_at = Some("2024-01-01T00:00:00Z".into());
    bundle.organizations.push(Organization::new("org_2", "Acme"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.organizations.remove(0);
    bundle.organization_memberships.clear();

    assert_eq!(plan(&bundle).organizations[0].slug, "acme");
    let pinned = plan_with(&bundle, &PlanOptions::new().pin(&snapshot));
    assert_eq!(pinned.organizations[0].slug, "acme-org2");
    let reason = pinned.warnings.iter().find_map(|warning| match warning {
        Warning::SlugChanged { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(reason, Some(SlugChange::Pinned));

    // And one that is new does not get the slug that the vanished one still has at Authio.
    bundle.organizations.push(Organization::new("org_3", "Acme"));
    let pinned = plan_with(&bundle, &PlanOptions::new().pin(&snapshot));
    assert_eq!(pinned.organizations[1].slug, "acme-org3");
}

/// The oldest record of a merged user is gone; the user keeps its external id, as Authio knows it.
#[test]
fn user_id_stays_when_the_oldest_record_goes() {
    let mut bundle = acme();
    bundle.users.push(user("user_3", "ANN@acme.example"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);

    assert_eq!(plan(&bundle).users[1].external_id, "workos:user_3");
    let pinned = plan_with(&bundle, &PlanOptions::new().pin(&snapshot));
    assert_eq!(pinned.users[0].external_id, "workos:user_1");
    assert!(lines(&diff(&snapshot, &plan(&bundle))).iter().any(|line| line.contains(" external_id")));
    assert!(!lines(&diff(&snapshot, &pinned)).iter().any(|line| line.contains(" external_id")));
}

/// A merge is undone: the id stays with the record that it names, and the other gets its own.
#[test]
fn a_split_gives_the_id_to_whom_it_names() {
    let mut bundle = acme();
    bundle.users.push(user("user_3", "ann@acme.example"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    let options = PlanOptions::new().pin(&snapshot);
    bundle.users[2].email = "other@acme.example".into();
    let pinned = plan_with(&bundle, &options);
    assert_eq!(check(&bundle, &pinned, &options), []);
    let ids: Vec<_> = pinned.users.iter().map(|user| user.external_id.as_str()).collect();
    assert_eq!(ids, ["workos:user_1", "workos:user_2", "workos:user_3"]);
    assert!(
        lines(&diff(&snapshot, &pinned))
            .contains(&"mirror: user workos:user_3: create, split from workos:user_1".into())
    );
}

/// A merge is undone, and the record that the id names is gone: the oldest of those that were merged takes the id, and the
/// others get their own.
#[test]
fn an_id_without_its_record_goes_to_the_oldest() {
    let mut bundle = acme();
    for (id, created) in [("user_3", "2024-01-03T00:00:00Z"), ("user_4", "2024-01-02T00:00:00Z")] {
        let mut record = user(id, "ann@acme.example");
        record.created_at = Some(created.into());
        bundle.users.push(record);
    }
    bundle.users[0].created_at = Some("2024-01-01T00:00:00Z".into());
    let options = PlanOptions::new().pin(&Snapshot::from_plan(&plan(&bundle)));
    bundle.users[3].email = "other@acme.example".into();
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);
    let pinned = plan_with(&bundle, &options);
    assert_eq!(check(&bundle, &pinned, &options), []);
    let owner = |id: &str| {
        let user = pinned.users.iter().find(|user| user.external_id == id).unwrap();
        user.source_external_ids.iter().map(Text::as_str).collect::<Vec<_>>()
    };
    assert_eq!(owner("workos:user_1"), ["workos:user_4"]);
    assert_eq!(owner("workos:user_3"), ["workos:user_3"]);
}

/// A slug that others hold in Authio is not planned, where it is known that they do.
#[test]
fn slugs_of_others_are_reserved() {
    let mut snapshot = Snapshot::new();
    let held: HeldOrganization = serde_json::from_str(r#"{"id":"o1","slug":"acme","name":"Acme"}"#).unwrap();
    snapshot.organizations.push(held);
    let slug = |snapshot: &Snapshot| {
        plan_with(&acme(), &PlanOptions::new().pin(snapshot)).organizations[0].slug.as_str().to_owned()
    };
    assert_eq!(slug(&snapshot), "acme-org1");
    snapshot.origins_known = false;
    assert_eq!(slug(&snapshot), "acme");
}

/// A damaged snapshot may hold an organization without a slug: that is none to keep.
#[test]
fn an_empty_slug_is_not_kept() {
    let mut snapshot = Snapshot::from_plan(&plan(&acme()));
    for blank in ["", " "] {
        snapshot.organizations[0].slug = blank.into();
        let options = PlanOptions::new().pin(&snapshot);
        let pinned = plan_with(&acme(), &options);
        assert_eq!(pinned.organizations[0].slug, "acme");
        assert_eq!(check(&acme(), &pinned, &options), []);
    }
}

/// P9: the checker knows what is pinned, and tells a plan that keeps it not.
#[test]
fn the_check_tells_what_is_not_kept() {
    let mut bundle = acme();
    bundle.users.push(user("user_3", "ANN@acme.example"));
    bundle.organizations.push(Organization::new("org_2", "Initech"));
    let options = PlanOptions::new().pin(&Snapshot::from_plan(&plan(&bundle)));
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);
    bundle.organizations[0].name = "Globex".into();
    bundle.organizations.remove(1);
    bundle.organizations.push(Organization::new("org_3", "Initech"));

    let good = plan_with(&bundle, &options);
    assert_eq!(check(&bundle, &good, &options), []);
    // The same as above: Ann keeps her id, Globex its slug, and the slug of the one that is gone is reserved.
    assert_eq!(good.users[0].external_id, "workos:user_1");
    let slugs: Vec<_> = good.organizations.iter().map(|organization| organization.slug.as_str()).collect();
    assert_eq!(slugs, ["acme", "initech-org3"]);

    let told = |change: &dyn Fn(&mut ImportPlan)| {
        let mut plan = good.clone();
        change(&mut plan);
        check(&bundle, &plan, &options)
    };
    let organization = || "workos:org:org_1".into();
    assert_eq!(
        told(&|plan| plan.organizations[0].slug = "globex".into()),
        [Violation::SlugNotKept { organization: organization() }]
    );
    assert_eq!(
        told(&|plan| plan.organizations[1].slug = "initech".into()),
        [Violation::SlugReserved { organization: "workos:org:org_3".into() }]
    );
    let renamed = told(&|plan| {
        plan.users[0].external_id = "workos:user_3".into();
        plan.users.sort_by(|a, b| a.external_id.cmp(&b.external_id));
        for membership in &mut plan.memberships {
            if membership.user_external_id == "workos:user_1" {
                membership.user_external_id = "workos:user_3".into();
            }
        }
    });
    assert_eq!(renamed, [Violation::ExternalIdNotKept { user: "workos:user_3".into() }]);
    assert_eq!(
        Violation::SlugNotKept { organization: organization() }.to_string(),
        "plan: organization workos:org:org_1 has another slug than Authio knows it by"
    );
    // What the unpinned rules would give is told as well, and a plan without pins passes without them.
    let unpinned = plan(&bundle);
    assert_eq!(check(&bundle, &unpinned, &PlanOptions::new()), []);
    assert!(check(&bundle, &unpinned, &options).iter().any(|violation| violation.severity() == Severity::Fatal));
}

/// Options without pins read and write as before.
#[test]
fn options_json_is_as_before() {
    let text = serde_json::to_string(&PlanOptions::new()).unwrap();
    assert!(!text.contains("pinned"), "{text}");
    let pinned = PlanOptions::new().pin(&Snapshot::from_plan(&plan(&acme())));
    let text = serde_json::to_string(&pinned).unwrap();
    assert_eq!(serde_json::from_str::<PlanOptions>(&text).unwrap(), pinned);
}
