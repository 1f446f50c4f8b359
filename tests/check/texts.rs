//! What a violation says.

use workos_to_authio::check;

use crate::{clean, s};

/// P2, for violations: one line, and no address even where an edited plan has one in place of an id.
#[test]
fn a_violation_names_no_address() {
    let (bundle, options, mut plan) = clean();
    plan.users[0].external_id = s("workos:alice@acme.example");
    plan.users[1].external_id = s("workos:x\ny");
    plan.memberships[0].user_external_id = s("bob@acme.example");
    plan.memberships[1].source_external_ids = vec![s("carol@acme.example")];
    plan.organizations[0].slug = s("acme.example");
    plan.identities[0].kind = s("dave@globex.example");
    let violations = check(&bundle, &options, &plan);
    assert!(violations.len() > 5);
    for text in violations.iter().map(ToString::to_string) {
        assert!(
            text.starts_with("plan: ") && !text.contains('@') && !text.contains('\n') && !text.contains(".example"),
            "{text}"
        );
    }
}
