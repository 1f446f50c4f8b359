use workos_to_authio::PlanOptions;
use workos_to_authio::authio::Role;

use crate::plan::company;

use super::plan_with;

fn error(json: &str) -> String {
    serde_json::from_str::<PlanOptions>(json).unwrap_err().to_string()
}

/// A plan into an organization without an id could not be carried out.
#[test]
fn p8_an_empty_target_organization_is_an_error_in_json_and_none_in_code() {
    for blank in ["", " ", "\\t"] {
        let error = error(&format!(r#"{{"into_organization":"{blank}"}}"#));
        assert!(error.starts_with("into_organization is empty"), "{error}");
    }
    let null: PlanOptions = serde_json::from_str(r#"{"into_organization":null}"#).unwrap();
    assert_eq!(null, PlanOptions::new());
    let set: PlanOptions = serde_json::from_str(r#"{"into_organization":"org_authio"}"#).unwrap();
    assert_eq!(set, PlanOptions::new().into_organization("org_authio"));

    for blank in ["", " \t"] {
        assert_eq!(PlanOptions::new().into_organization(blank), PlanOptions::new());
        assert_eq!(set.clone().into_organization(blank), PlanOptions::new());
    }
    let plan = plan_with(&company(), &PlanOptions::new().into_organization(""));
    assert_eq!(plan, workos_to_authio::plan(&company()));
}

#[test]
fn m3_roles_are_trimmed_on_both_sides_of_the_map() {
    let built = PlanOptions::new().map_role(" Billing ", Role::Custom(" accounts\t".into()));
    assert_eq!(built.role_of("billing"), Some(Role::Custom("accounts".into())));
    let built = built.map_role("clerk", Role::Custom(" ADMIN ".into()));
    assert_eq!(built.role_of("clerk"), Some(Role::Admin));
    let read = r#"{"role_map":{" Billing ":" accounts\t","clerk":" ADMIN "}}"#;
    assert_eq!(serde_json::from_str::<PlanOptions>(read).unwrap(), built);
    // The same mapping twice is one.
    let twice = serde_json::from_str::<PlanOptions>(r#"{"role_map":{"a":"x"," A":"x "}}"#).unwrap();
    assert_eq!(twice, PlanOptions::new().map_role("a", Role::from("x")));

    // No role is no mapping in code, and an error in JSON.
    assert_eq!(PlanOptions::new().map_role("a", Role::Custom(" ".into())), PlanOptions::new());
    assert_eq!(PlanOptions::new().map_role("owner", Role::Custom("".into())).role_of("owner"), Some(Role::Owner));
    assert!(error(r#"{"role_map":{"a":" "}}"#).starts_with("a role needs a slug"));
    assert!(error(r#"{"role_map":{"a":""}}"#).starts_with("a role needs a slug"));
}
