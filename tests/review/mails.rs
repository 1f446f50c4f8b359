//! R4: one mail for each person over all nights.

use workos_to_authio::cutover::{CutoverOptions, cutover};
use workos_to_authio::plan;
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::Bundle;

use crate::read::csv;
use crate::support::{membership, organization, user};

fn two_organizations() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(organization("org_a", "Acme", 1));
    bundle.organizations.push(organization("org_b", "Brill", 2));
    for (id, email) in [("user_a", "ann@acme.example"), ("user_b", "bob@brill.example"), ("user_c", "cy@brill.example")]
    {
        bundle.users.push(user(id, email, 1));
    }
    bundle.organization_memberships = [
        membership("om_1", "user_a", "org_a", "member", "active"),
        membership("om_2", "user_a", "org_b", "member", "active"),
        membership("om_3", "user_b", "org_b", "member", "pending"),
        membership("om_4", "user_c", "org_b", "member", "inactive"),
    ]
    .into();
    bundle
}

/// Phase and WorkOS id of everybody who is due.
fn due(bundle: &Bundle, mailed: &[&str]) -> Vec<(String, String)> {
    let plan = plan(bundle);
    let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_a"]));
    let (_, rows) = csv(&Review::new(&Material::new(&plan).phases(&phases).mailed(mailed)).mail_csv());
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(phase, id)| ((*phase).into(), (*id).into())).collect()
}

#[test]
fn r4_once_in_the_first_phase_and_not_where_all_is_deactivated() {
    let bundle = two_organizations();
    assert_eq!(due(&bundle, &[]), pairs(&[("1", "user_a"), ("2", "user_b")]));
    assert_eq!(due(&bundle, &["user_a"]), pairs(&[("2", "user_b")]));
    assert_eq!(due(&bundle, &["workos:user_b"]), pairs(&[("1", "user_a")]));
    // Without phases there is one, and the same people.
    let plan = plan(&bundle);
    let (_, rows) = csv(&Review::new(&Material::new(&plan)).mail_csv());
    assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), ["1", "1"]);
}

/// R4: the mail of any of a person's records counts, also after the records have become one user under another id.
#[test]
fn r4_a_merge_or_a_split_sends_no_second_mail() {
    let mut bundle = two_organizations();
    let alone = plan(&bundle);
    let phases = cutover(&alone, &CutoverOptions::new().pilots(["org_a"]));
    let review = Review::new(&Material::new(&alone).phases(&phases).mailed(["user_old"]));
    let mailed = review.mailed_with(&[2]);
    assert_eq!(mailed, ["user_old", "workos:user_b"]);

    // An older record with the address comes in: the user goes by that record's id now.
    let mut older = user("user_0", "bob@brill.example", 1);
    older.created_at = Some("2023-01-01T00:00:00Z".into());
    bundle.users.push(older);
    let mailed: Vec<&str> = mailed.iter().map(|id| id.as_str()).collect();
    assert_eq!(due(&bundle, &mailed), pairs(&[("1", "user_a")]));

    // Mailed as one, parted later: both records' mail was sent.
    let merged = plan(&bundle);
    let phases = cutover(&merged, &CutoverOptions::new());
    let mailed = Review::new(&Material::new(&merged).phases(&phases)).mailed_with(&[2]);
    bundle.users.last_mut().unwrap().email = "robert@brill.example".into();
    let mailed: Vec<&str> = mailed.iter().map(|id| id.as_str()).collect();
    assert_eq!(due(&bundle, &mailed), []);
}

/// R2: names and addresses as far as they are shown.
#[test]
fn r2_a_list_of_mails_shows_what_was_asked_for() {
    let mut bundle = two_organizations();
    bundle.users[0].name = Some("Ann".into());
    let plan = plan(&bundle);
    for (show, name, address) in
        [(Show::Ids, "", ""), (Show::Names, "Ann", ""), (Show::Addresses, "Ann", "ann@acme.example")]
    {
        let review = Review::new(&Material::new(&plan).show(show));
        let (header, rows) = csv(&review.mail_csv());
        assert_eq!(header, ["phase", "workos_id", "external_id", "authio_id", "name", "address"]);
        assert_eq!(rows[0], ["1", "user_a", "workos:user_a", "", name, address]);
        let all =
            [review.html(), review.markdown(), review.checklist(), review.ids_csv(), review.findings_csv()].concat();
        assert_eq!(all.contains("Acme"), show != Show::Ids);
        assert_eq!(all.contains("ann@acme.example"), show == Show::Addresses);
    }
}
