//! R10, R11: how large a review becomes.

use workos_to_authio::mirror::{Changes, Verdict};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, Connection};
use workos_to_authio::{ImportPlan, plan};

use crate::read::markdown_table;
use crate::support::{membership, organization, user};

fn tenant(organizations: usize, users: usize, name: &str) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..organizations {
        let id = format!("org_{number:026}");
        bundle.organizations.push(organization(&id, &format!("{name}{number}"), 1));
        bundle.sso_connections.push(Connection::new(format!("conn_{number:026}"), "OktaSAML", Some(&id)));
    }
    for number in 0..users {
        let id = format!("user_{number:026}");
        let mut one = user(&id, &format!("person{number}@tenant.example"), 1);
        one.name = Some(format!("Person {number}").into());
        bundle.users.push(one);
        let of = format!("org_{:026}", number % organizations.max(1));
        bundle.organization_memberships.push(membership(&format!("om_{number:026}"), &id, &of, "boss", "active"));
    }
    bundle
}

fn conflicts(number: usize) -> Changes {
    let conflict = |number| {
        serde_json::json!({"kind": "user", "external_id": format!("workos:user_{number:026}"), "id": format!("new{number}"),
            "action": {"conflict": {"conflict": {"code": "address_held", "id": format!("usr_{number:026}")}}}})
    };
    let changes: Vec<_> = (0..number).map(conflict).collect();
    serde_json::from_value(serde_json::json!({ "changes": changes })).unwrap()
}

fn blocked() -> Verdict {
    serde_json::from_str(r#"{"reasons": [{"code": "conflict", "about": "address_held"}, {"code": "snapshot_cut"}]}"#)
        .unwrap()
}

fn head_is_whole(text: &str, plan: &ImportPlan) {
    assert!(text.chars().count() < 60_000, "{}", text.chars().count());
    assert!(text.contains("**This night does not run: 2 reasons.**"));
    let table = markdown_table(text, "Numbers");
    assert_eq!(table[1][2].replace(',', ""), plan.stats.users.planned.to_string());
    assert_eq!(table.len(), 6);
}

#[test]
fn r10_markdown_is_bounded_says_what_it_cut_and_cuts_conflicts_last() {
    let long = "a name that goes on and on ".repeat(100);
    for (organizations, users, name) in
        [(1_500, 3_000, "Tenant "), (300, 300, long.as_str()), (3, 3, "日本語のとても長い名前".repeat(50).as_str())]
    {
        let plan = plan(&tenant(organizations, users, name));
        for (number, all_there) in [(0, true), (100, true), (5_000, false)] {
            let (changes, verdict) = (conflicts(number), blocked());
            let text = Review::new(&Material::new(&plan).changes(&changes, &verdict)).markdown();
            head_is_whole(&text, &plan);
            let shown = text.matches("has its address").count();
            assert_eq!(shown == number, all_there, "{shown} of {number}");
            if !all_there {
                assert!(
                    text.contains(&format!("This page is cut: {} of the conflicts, ", group(number - shown))),
                    "{}",
                    &text[..3_000]
                );
            }
            let cut = text.contains("This page is cut: ");
            assert!(cut || organizations < 1_000);
        }
    }
}

fn group(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

/// R11: the bytes of a page grow with the users, and no faster; 100,000 stay below 40 MB.
#[test]
fn r11_a_page_is_linear() {
    let size = |users: usize| {
        Review::new(&Material::new(&plan(&tenant(users / 100, users, "Tenant "))).show(Show::Addresses)).html().len()
    };
    let (small, large) = (size(2_000), size(4_000));
    let each = (large - small) / 2_000;
    assert!(each < 400, "{each} bytes a user");
    assert!(small < 2_000 * each + 300_000, "{small}");
}
