//! R8: a hand-off sheet is for one customer.

use proptest::collection::vec;
use proptest::prelude::*;
use workos_to_authio::cutover::{CutoverOptions, cutover};
use workos_to_authio::mirror::{DiffOptions, Guards, Ledger, Retention, Snapshot, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, Connection, Directory, DomainState, OrganizationDomain};
use workos_to_authio::{ImportPlan, plan};

use crate::read::Page;
use crate::support::{config, membership, organization, user};

/// Ten customers; ids, names and domains that are in no word of a sheet.
fn customers(sso: &[usize], scim: &[usize], shared: &[usize]) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..10 {
        let mut one = organization(&format!("org_QX{number}"), &format!("Customer{number}Zq"), 1);
        one.domains.push(OrganizationDomain::new(format!("own{number}.example"), DomainState::Verified));
        if shared.contains(&number) {
            one.domains.push(OrganizationDomain::new("group.example", DomainState::Verified));
        }
        bundle.organizations.push(one);
        bundle.users.push(user(&format!("user_QX{number}"), &format!("p{number}@own{number}.example"), 1));
        let (seat, person, of) = (format!("om_QX{number}"), format!("user_QX{number}"), format!("org_QX{number}"));
        bundle.organization_memberships.push(membership(&seat, &person, &of, "admin", "active"));
    }
    for (at, owner) in sso.iter().enumerate() {
        let kind = if at % 2 == 0 { "OktaSAML" } else { "GenericOIDC" };
        let mut connection = Connection::new(format!("conn_QX{at:02}"), kind, Some(&format!("org_QX{owner}")));
        connection.name = format!("Sso{at:02}Zq").into();
        bundle.sso_connections.push(connection);
    }
    for (at, owner) in scim.iter().enumerate() {
        // Every other one needs a connector, and so has the longer text.
        let kind = if at % 2 == 0 { "bamboohr" } else { "okta scim v2.0" };
        let mut directory = Directory::new(format!("directory_QX{at:02}"), kind, Some(&format!("org_QX{owner}")));
        directory.name = format!("Scim{at:02}Zq").into();
        bundle.directories.push(directory);
    }
    bundle
}

/// Every id, name and domain of a customer.
fn words(plan: &ImportPlan, organization: &str) -> Vec<String> {
    let mut words = vec![organization.to_owned()];
    for one in plan.organizations.iter().filter(|one| one.external_id == organization) {
        words.extend([one.name.to_string(), one.slug.to_string()]);
        words.extend(one.domains.iter().map(|domain| domain.domain.to_string()));
    }
    for one in plan.sso_connections.iter().filter(|one| one.organization_external_id == organization) {
        words.extend([one.external_id.to_string(), one.name.to_string()]);
    }
    for one in plan.scim_directories.iter().filter(|one| one.organization_external_id == organization) {
        words.extend([one.external_id.to_string(), one.name.to_string()]);
    }
    for one in plan.memberships.iter().filter(|one| one.organization_external_id == organization) {
        words.push(one.user_external_id.to_string());
        words.extend(one.source_external_ids.iter().map(ToString::to_string));
    }
    words.iter().map(|word| workos_to_authio::authio::workos_id(word).unwrap_or(word).to_owned()).collect()
}

proptest! {
    #![proptest_config(config("review"))]

    #[test]
    fn r8_a_sheet_has_nothing_of_another_customer(
        (sso, scim, shared) in (vec(0..10_usize, 0..12), vec(0..10_usize, 0..6), vec(0..10_usize, 0..4)),
    ) {
        let plan = workos_to_authio::plan(&customers(&sso, &scim, &shared));
        for show in Show::ALL {
            let sheets = Review::new(&Material::new(&plan).show(*show)).handoffs();
            let with: std::collections::BTreeSet<usize> = sso.iter().chain(&scim).copied().collect();
            prop_assert_eq!(sheets.len(), with.len());
            prop_assert_eq!(
                sheets.iter().any(|sheet| sheet.text.contains("1. Decide on a connector")), !scim.is_empty()
            );
            for sheet in &sheets {
                let own = words(&plan, &sheet.organization_external_id);
                for other in &plan.organizations {
                    if other.external_id == sheet.organization_external_id {
                        continue;
                    }
                    for word in words(&plan, &other.external_id).iter().filter(|word| !own.contains(word)) {
                        prop_assert!(!sheet.text.contains(word.as_str()), "{} in the sheet of {}", word, sheet.organization_external_id);
                        prop_assert!(!sheet.file_name.contains(word.as_str()));
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config("review"))]

    /// Every connection and directory that WorkOS or Authio has is in the cell of its organization, and of those that
    /// are gone at WorkOS and stay a finding says what to do.
    #[test]
    fn r8_no_connection_and_no_directory_is_passed_over(
        (sso, scim) in (vec(0..10_usize, 0..8), vec(0..10_usize, 0..6)),
        gone in vec(any::<bool>(), 14),
        retention in prop::sample::select(Retention::ALL),
    ) {
        let monday = customers(&sso, &scim, &[]);
        let mut tuesday = monday.clone();
        let mut keep = gone.iter().map(|gone| !gone);
        tuesday.sso_connections.retain(|_| keep.next().unwrap());
        tuesday.directories.retain(|_| keep.next().unwrap());
        for (at, one) in tuesday.sso_connections.iter_mut().enumerate().filter(|(at, _)| at % 3 == 0) {
            one.connection_type = ["GoogleOAuth", ""][at % 2].into();
        }
        let mut ledger = Ledger::new();
        let options = DiffOptions::new().retention(retention);
        let first = diff(&ledger, &Snapshot::new(), &plan(&monday), &options).unwrap();
        ledger.assume_applied(&first).unwrap();
        ledger.finish(&first.night);
        let tonight = plan(&tuesday);
        let changes = diff(&ledger, &ledger.snapshot(), &tonight, &options).unwrap();
        let verdict = Guards::new().judge(&ledger, &ledger.snapshot(), &tonight, &changes);
        let material = Material::new(&tonight).changes(&changes, &verdict).bundle(&tuesday).ledger(&ledger);
        let material = material.show(Show::Ids);
        let page = Page::of(&Review::new(&material).html());
        let cells = page.rows("organizations");
        let findings = page.rows("findings");
        let providers = |bundle: &Bundle| {
            let connections = bundle.sso_connections.iter().map(|one| (one.id.clone(), one.organization_id.clone()));
            let directories = bundle.directories.iter().map(|one| (one.id.clone(), one.organization_id.clone()));
            connections.chain(directories).collect::<Vec<_>>()
        };
        let there = providers(&tuesday);
        let held = ledger.sso_connections.iter().map(|(_, entry)| &entry.external_id);
        let held: Vec<_> = held.chain(ledger.scim_directories.iter().map(|(_, entry)| &entry.external_id)).collect();
        for (id, organization) in providers(&monday) {
            // Two directories of one customer are a conflict: neither came to Authio.
            let is_held = held.iter().any(|held| held.ends_with(&format!(":{id}")));
            if !is_held && !there.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let row = cells.iter().find(|row| Some(row[0].as_str()) == organization.as_deref()).unwrap();
            let line = row[4].lines().find(|line| line.split([' ', ',']).any(|word| word == id));
            prop_assert!(line.is_some(), "{} is not in {:?}", id, row);
            let of = |row: &&Vec<String>| row[2].ends_with(&format!(" {id}")) && row[3] == row_name(organization.as_ref());
            prop_assert!(findings.iter().any(|row| of(&row)), "{} has no finding: {:?}", id, findings);
            if !there.iter().any(|(known, _)| *known == id) {
                let [said, code] = match retention {
                    Retention::Remove => ["removed at Authio tonight", "depart"],
                    _ => ["stays at Authio: ask the customer", "stays"],
                };
                prop_assert!(line.unwrap().contains(said), "{:?}", line);
                prop_assert!(findings.iter().any(|row| of(&row) && row[1] == code), "{}: {:?}", id, findings);
            }
        }
        for row in &cells {
            prop_assert!(!row[4].is_empty(), "{:?}", row);
        }
    }
}

fn row_name(organization: Option<&workos_to_authio::Text>) -> &str {
    organization.map_or("", |id| id.as_str())
}

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBcDCCARegAwIBAgIUPYzdMCe6FPTrvIubixyfvgkgY5MwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDaWRwMB4XDTI2MTEyNTE4MjY1M1oXDTMxMTEyNDE4MjY1M1ow
DjEMMAoGA1UEAwwDaWRwMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnJDipGDs
rB9pJ9Q9hKtzYnNik/1ZINTJPA7ACTEtL+dnyinEfV5+3LRx8P0oqEpl9hPn11En
6Ds94kTZVA3haKNTMFEwHQYDVR0OBBYEFNNx+jDdSenyNEfN/kzp3wH92lP6MB8G
A1UdIwQYMBaAFNNx+jDdSenyNEfN/kzp3wH92lP6MA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDRwAwRAIgbiPTU2IsxDkfgZRCIP41SuMQj1x5KA5oNpPnBFmd
IzUCIAF2i0IRtGiQFwbZ2y6Mncj+s18bCwsICAfX++wtNE55
-----END CERTIFICATE-----
";

fn with_certificate(text: &str) -> String {
    let mut plan = workos_to_authio::plan(&customers(&[3], &[], &[]));
    plan.sso_connections[0].idp_metadata.certificates.push(text.into());
    Review::new(&Material::new(&plan)).handoffs().remove(0).text
}

/// R8: as PEM and as bare base64; what is not a certificate is said, and nothing panics.
#[test]
fn r8_certificates_have_their_last_day() {
    assert!(with_certificate(CERTIFICATE).contains("- Signing certificate 1: valid until 2031-11-24\n"));
    let bare: String = CERTIFICATE.lines().filter(|line| !line.starts_with('-')).collect();
    assert!(with_certificate(&bare).contains("valid until 2031-11-24\n"));
    for end in 0..bare.len().min(300) {
        with_certificate(&bare[..end]);
    }
    for damaged in ["", "not a certificate", "-----BEGIN CERTIFICATE-----", &bare.replace('M', "/"), &bare[4..]] {
        assert!(with_certificate(damaged).contains("its last day cannot be read"), "{damaged}");
    }
}

/// R8: templates until the ids are known, then Authio's own URLs; the token never.
#[test]
fn r8_a_sheet_has_templates_and_then_urls() {
    let plan = workos_to_authio::plan(&customers(&[3, 3], &[3], &[]));
    let sheet = Review::new(&Material::new(&plan)).handoffs().remove(0);
    assert_eq!(
        (sheet.file_name.as_str(), sheet.organization_external_id.as_str()),
        ("customer3zq.md", "workos:org:org_QX3")
    );
    assert!(sheet.text.contains("`https://sso.authio.com/v1/sso/connections/CONNECTION_ID/acs`"));
    assert!(sheet.text.contains("`https://sso.authio.com/v1/sso/connections/CONNECTION_ID/callback`"));
    assert!(sheet.text.contains("`/scim/v2/DIRECTORY_ID`"));

    let mut ledger = serde_json::to_value(Ledger::new()).unwrap();
    ledger["sso_connections"] = serde_json::json!([{"external_id": "workos:sso:conn_QX00", "origin": "made",
        "record": {"id": "sso_7", "organization_id": "org_7", "name": "x", "kind": "saml"}}]);
    ledger["scim_directories"] = serde_json::json!([{"external_id": "workos:scim:directory_QX00", "origin": "made",
        "record": {"id": "dir_7", "organization_id": "org_7"}}]);
    // A placeholder is no id of Authio's: the answer that had the id was lost.
    let mut lost = ledger.clone();
    lost["scim_directories"][0]["record"]["id"] = "workos:scim:directory_QX00".into();
    let lost: Ledger = serde_json::from_value(lost).unwrap();
    let text = Review::new(&Material::new(&plan).ledger(&lost)).handoffs().remove(0).text;
    assert!(text.contains("`/scim/v2/DIRECTORY_ID`"), "{text}");
    let ledger: Ledger = serde_json::from_value(ledger).unwrap();
    let review = Review::new(&Material::new(&plan).ledger(&ledger));
    let text = review.handoffs().remove(0).text;
    assert!(text.contains("| `https://sso.authio.com/v1/sso/connections/sso_7/acs` |"), "{text}");
    assert!(text.contains("| `https://sso.authio.com/v1/sso/connections/sso_7/metadata` |"));
    assert!(text.contains("`/scim/v2/dir_7`"));
    assert!(
        review.ids_csv().contains(r#""sso_connection","conn_QX00","workos:sso:conn_QX00","sso_7","org_QX3","create""#)
    );
}

/// R9: the steps have this company's counts and names.
#[test]
fn r9_the_checklist_is_filled_in() {
    let plan = workos_to_authio::plan(&customers(&[3, 3, 5], &[3], &[]));
    let checklist = Review::new(&Material::new(&plan)).checklist();
    for line in [
        "- [ ] Authio shows 10 organizations.",
        "- [ ] Authio shows 3 SSO connections.",
        "- [ ] Customer3Zq: 2 SSO connections and 1 SCIM directory (`handoff/customer3zq.md`)",
        "- [ ] Customer5Zq: 1 SSO connection (`handoff/customer5zq.md`)",
        "- [ ] 10 mails due.",
    ] {
        assert!(checklist.lines().any(|one| one == line), "{line}\n{checklist}");
    }
}

/// R8: an identity provider may have room for one set of values alone. No sheet asks to replace anything before the
/// day, and every sheet has a way back.
#[test]
fn r8_nothing_is_replaced_before_the_agreed_day() {
    // Sheets of org_QX1 (SAML), 2 (OIDC), 4 (a source without SCIM), 3 (SCIM).
    let plan = workos_to_authio::plan(&customers(&[1, 2], &[4, 3], &[]));
    let sheets = Review::new(&Material::new(&plan)).handoffs();
    let of = |number: usize| &sheets.iter().find(|sheet| sheet.file_name.contains(&number.to_string())).unwrap().text;
    for (number, before, on_the_day) in [
        (1, "do not enter Authio's values before the day", "SAML: with a second application, sign in with the test"),
        (2, "If only one is possible, do not change it before the day", "OIDC: where only one is possible, replace"),
        (3, "Do not enter Authio's before the day", "SCIM: enter Authio's endpoint and token"),
        (4, "agree on a day", "Change a test account in the directory"),
    ] {
        let (values, steps) = of(number).split_once("## Before the day").unwrap();
        assert!(number == 4 || values.contains("On the agreed day, not before, change"), "{values}");
        assert_eq!(number == 4, values.contains("3. On the agreed day, whoever runs the connector enters both"));
        let (earlier, day) = steps.split_once("## On the day").unwrap();
        assert!(earlier.contains("Write down the values of today") && earlier.contains(before), "{earlier}");
        let order = [on_the_day, "If a test fails, go back to the values of today", "Keep the values and"];
        let at: Vec<usize> = order.iter().map(|step| day.find(step).unwrap()).collect();
        assert!(at.is_sorted() && !earlier.contains(on_the_day), "{day}");
    }
}

/// R9: each hand-off has its phase, and phases are chosen before any sheet is given away.
#[test]
fn r9_hand_offs_have_their_phase() {
    let plan = workos_to_authio::plan(&customers(&[3, 5], &[], &[]));
    let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_QX5"]));
    let checklist = Review::new(&Material::new(&plan).phases(&phases)).checklist();
    assert!(
        checklist.contains("- [ ] Phase 1: Customer5Zq: 1 SSO connection (`handoff/customer5zq.md`)"),
        "{checklist}"
    );
    assert!(
        checklist.contains("- [ ] Phase 2: Customer3Zq: 1 SSO connection (`handoff/customer3zq.md`)"),
        "{checklist}"
    );
    let checklist = Review::new(&Material::new(&plan)).checklist();
    assert!(checklist.find("Choose who moves in which phase").unwrap() < checklist.find("Before each phase").unwrap());
}
