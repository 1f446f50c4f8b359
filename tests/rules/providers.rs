//! The tables of `docs/rules.md`, read from there: page and code cannot drift apart.

use workos_to_authio::WarningCode;
use workos_to_authio::authio::SsoKind;
use workos_to_authio::workos::{Connection, Directory};

use super::plan;
use crate::support::of_memberships;

/// The rows of the table under a heading: the names in the first column, and the other columns.
fn rows(heading: &str) -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    let page = include_str!("../../docs/rules.md");
    let section = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `")).filter(|line| !line.contains("left out"));
    rows.map(|row| {
        let mut columns = row.trim_matches('|').split('|').map(str::trim);
        let names = columns.next().unwrap().split(", ").map(|name| name.trim_matches('`')).collect();
        (names, columns.map(|column| column.trim_matches('`')).collect())
    })
    .collect()
}

#[test]
fn s1_the_table_of_connection_types_holds() {
    let rows = rows("## 8. SSO connections");
    assert_eq!(rows.len(), 12);
    for (names, columns) in rows {
        for name in names {
            let mut bundle = of_memberships([]);
            bundle.sso_connections.push(Connection::new("conn_1", name, Some("org_a")));
            let plan = plan(&bundle);
            let kind = if columns[0] == "SAML" { SsoKind::Saml } else { SsoKind::Oidc };
            assert_eq!(plan.sso_connections[0].kind, kind, "{name}");
            assert_eq!(plan.sso_connections[0].idp_provider, columns[1], "{name}");
        }
    }
}

#[test]
fn d1_the_table_of_directory_types_holds() {
    let rows = rows("## 9. SCIM directories");
    assert_eq!(rows.len(), 9);
    for (names, columns) in rows {
        for name in names {
            let mut bundle = of_memberships([]);
            bundle.directories.push(Directory::new("directory_1", name, Some("org_a")));
            let plan = plan(&bundle);
            assert_eq!(plan.scim_directories[0].provider, columns[1], "{name}");
            let pushes = plan.warnings_with_code(WarningCode::DirectoryNotScim).next().is_none();
            assert_eq!(pushes, columns[0] == "SCIM", "{name}");
        }
    }
}

#[test]
fn s1_types_without_a_row_are_generic() {
    for (name, provider) in [
        ("CasSAML", "generic_saml"),
        ("ShibbolethGenericSAML", "generic_saml"),
        ("VMwareSAML", "generic_saml"),
        ("GenericOIDC", "generic_oidc"),
        ("GoogleOIDC", "generic_oidc"),
        ("LoginGovOidc", "generic_oidc"),
    ] {
        let mut bundle = of_memberships([]);
        bundle.sso_connections.push(Connection::new("conn_1", name, Some("org_a")));
        assert_eq!(plan(&bundle).sso_connections[0].idp_provider, provider, "{name}");
    }
}
