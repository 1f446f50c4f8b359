//! Texts that try to be more than text, and a plan that has one in every field; the tests in a browser use both as
//! well.

use workos_to_authio::ImportPlan;
use workos_to_authio::authio::{Domain, Role};
use workos_to_authio::workos::Bundle;

/// What people have put into names to see what happens.
pub(crate) const HOSTILE: &[&str] = &[
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "\"onmouseover=\"alert(1)",
    "'><svg/onload=alert(1)>",
    "&lt;b&gt;&#60;b&#62;",
    "]]>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "a|b|c",
    "`code`",
    "``` \n# heading",
    "[link](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "<https://evil.example>",
    "https://evil.example",
    "www.evil.example",
    "someone@evil.example",
    "[ref]: https://evil.example",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "***bold*** __bold__ ~~gone~~",
    "a\nb\r\nc",
    "\u{202e}txt.exe",
    "zero\u{200b}width\u{feff}\u{2060}",
    "\u{0}null\u{1b}[31m",
    "\u{2028}\u{2029}",
    "\\",
    "\\|",
    "\\`",
    "a\\|b`c|d",
    "[^1]",
    "--x `a` <b>.json",
    "`<b>`.json",
    "``x.json",
    "--x <b>",
    "-> <b> -->",
    "1) item",
    "a: [b](c) _d_ e_f_ __g",
    "www.evil.json",
    "$x$",
    "{{template}}",
    ":smile:",
    "<",
    "\"",
    "|",
    "`",
    "",
    " ",
];

/// A plan with one text in every field that is a text of others; the ids as well.
pub(crate) fn plan_with_text(text: &str) -> ImportPlan {
    let both = |record: &str| format!("[{},{}]", record.replace('#', "0"), record.replace('#', "1"));
    let json = format!(
        r##"{{"organizations": {}, "users": {}, "organization_memberships": {}, "sso_connections": {}, "directories": {}}}"##,
        both(r##"{"id": "org_#", "name": "Acme", "created_at": "2024-01-01T00:00:00Z"}"##),
        both(
            r##"{"id": "user_#", "email": "ann@acme.example", "email_verified": true, "name": "Ann #",
                "created_at": "2024-01-01T00:00:00Z", "metadata": {"key": "value #"}}"##
        ),
        both(
            r##"{"id": "om_#", "user_id": "user_#", "organization_id": "org_#", "role": {"slug": "admin"},
                "status": "active"}"##
        ),
        both(
            r##"{"id": "conn_#", "organization_id": "org_#", "connection_type": "OktaSAML", "name": "Okta", "state": "active"}"##
        ),
        both(
            r##"{"id": "directory_#", "organization_id": "org_#", "type": "okta scim v2.0", "name": "People", "state": "linked"}"##
        ),
    );
    let bundle = Bundle::from_json(&json).unwrap();
    let mut plan = workos_to_authio::plan(&bundle);
    let of = |prefix: &str| format!("{prefix}{text}");
    for organization in &mut plan.organizations {
        organization.name = text.into();
        organization.slug = text.into();
        organization.domains.push(Domain::new(text, true));
    }
    for person in &mut plan.users {
        person.name = Some(text.into());
        person.email = text.into();
        person.source_external_ids.push(of("workos:").into());
    }
    for seat in &mut plan.memberships {
        seat.role = text.parse().unwrap_or(Role::Member);
        seat.source_external_ids.push(of("workos:").into());
    }
    for connection in &mut plan.sso_connections {
        connection.name = text.into();
        connection.idp_provider = text.into();
        connection.domains.push(text.into());
        connection.idp_metadata.entity_id = Some(text.into());
        connection.idp_metadata.acs_url = Some(text.into());
        connection.idp_metadata.certificates.push(text.into());
    }
    for directory in &mut plan.scim_directories {
        directory.name = text.into();
        directory.provider = text.into();
        directory.domain = Some(text.into());
    }
    for merge in &mut plan.merges {
        for rejected in &mut merge.rejected {
            rejected.field = text.into();
            rejected.value = text.into();
            rejected.source = of("workos:").into();
        }
        merge.chosen.insert(text, of("workos:"));
    }
    let unknown = serde_json::json!({"code": text, "severity": "warning", "message": text,
        "subject": {"kind": text, "id": text}});
    plan.warnings.push(serde_json::from_value(unknown).unwrap());
    plan
}
