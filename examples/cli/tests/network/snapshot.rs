//! `snapshot` against a server that answers as Authio does (L2).

use workos_to_authio::mirror::{Coverage, Snapshot};
use workos_to_authio::wire::Response;

use crate::run::{Folder, run};
use crate::server::Server;
use crate::world::World;

fn authio(path: &str) -> Response {
    let body = match path {
        "/v1/projects/me" => r#"{"id":"proj_1","tenant_id":"t_1","name":"Acme","environment":"live"}"#,
        "/v1/organizations" => {
            r#"[{"id":"org_1","slug":"acme","name":"Acme"},{"id":"org_2","slug":"beta","name":"Beta"}]"#
        }
        "/v1/users?limit=200" => {
            r#"{"data":[{"id":"user_1","email":"ada@acme.example","email_verified":true}],"next_cursor":"a b/c"}"#
        }
        "/v1/users?limit=200&cursor=a%20b%2Fc" => {
            r#"{"data":[{"id":"user_2","email":"bob@acme.example","email_verified":false}],"next_cursor":null}"#
        }
        "/v1/organizations/org_1/memberships" => {
            r#"[{"id":"mem_1","user_id":"user_1","organization_id":"org_1","role":"admin","status":"active"}]"#
        }
        "/v1/organizations/org_1/sso-connections" => {
            r#"[{"id":"sso_1","organization_id":"org_1","external_id":"workos:sso:conn_1","protocol":"saml"}]"#
        }
        "/v1/organizations/org_2/memberships" | "/v1/organizations/org_2/sso-connections" => "[]",
        other => panic!("{other}"),
    };
    Response::new(200, body)
}

#[test]
fn l2_what_authio_holds_is_written_for_its_owner_alone() {
    let server = Server::start(World::default()).instead(|_, path| Some(authio(path))).faults(20);
    let folder = Folder::new("snapshot");
    let (status, text) = run(&folder, &["snapshot", "--api", &server.url]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("users: 2, complete") && text.contains("project proj_1: "), "{text}");
    let snapshot: Snapshot = serde_json::from_str(&folder.read("authio.json")).unwrap();
    assert_eq!((snapshot.users.len(), snapshot.organizations.len(), snapshot.memberships.len()), (2, 2, 1));
    assert_eq!(snapshot.project.as_deref(), Some("proj_1"));
    assert_eq!(snapshot.coverage.sso_connection, Coverage::Read);
    folder.assert_without_key();
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(folder.0.join("authio.json")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);
    }
}

#[test]
fn l2_what_may_not_be_read_is_said_and_a_list_that_fails_is_exit_3() {
    let refused = |path: &str| path.ends_with("sso-connections").then(|| Response::new(403, r#"{"code":"forbidden"}"#));
    let server = Server::start(World::default()).instead(move |_, path| refused(path).or_else(|| Some(authio(path))));
    let folder = Folder::new("snapshot-refused");
    let (status, text) = run(&folder, &["snapshot", "--api", &server.url]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("connections: the key has no permission to read them (403)"), "{text}");
    let snapshot: Snapshot = serde_json::from_str(&folder.read("authio.json")).unwrap();
    assert_eq!(snapshot.coverage.sso_connection, Coverage::NotRead);

    let gone = |path: &str| path.starts_with("/v1/users").then(|| Response::new(410, "{}"));
    let server = Server::start(World::default()).instead(move |_, path| gone(path).or_else(|| Some(authio(path))));
    let (status, text) = run(&folder, &["snapshot", "--api", &server.url]);
    assert_eq!(status, 3, "{text}");
    let snapshot: Snapshot = serde_json::from_str(&folder.read("authio.json")).unwrap();
    assert_eq!(snapshot.coverage.user, Coverage::Cut);

    let server = Server::start(World::default()).instead(|_, _| Some(Response::new(401, "{}")));
    let (status, text) = run(&Folder::new("snapshot-key"), &["snapshot", "--api", &server.url]);
    assert!(status == 2 && text.contains("Authio does not know the key in AUTHIO_API_KEY (401)"), "{text}");
}
