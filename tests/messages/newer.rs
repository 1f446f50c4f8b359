//! P2: a plan of a newer version can be read, and written back unchanged.

use serde_json::{Value, json};
use workos_to_authio::{ImportPlan, Severity, SubjectKind, Warning, WarningCode, plan, workos::Bundle};

const NEWER: &str = concat!(
    r#"{"code":"invitation_expired","zone":"eu","age":7,"deep":{"list":[1,null,"x"]},"invitation_id":"inv_1","#,
    r#""severity":"error","subject":{"kind":"session","id":"inv_1"},"#,
    r#""message":"workos: invitation inv_1 expired; left out"}"#,
);

fn read(json: &str) -> Warning {
    serde_json::from_str(json).unwrap()
}

#[test]
fn p2_a_code_of_a_newer_version_is_read_and_written_back() {
    let warning = read(NEWER);
    assert_eq!(warning.code(), WarningCode::Other);
    assert_eq!(warning.code_str(), "invitation_expired");
    assert_eq!(warning.severity(), Severity::Error);
    assert_eq!((warning.subject().kind, warning.subject().id), (SubjectKind::Other, Some("inv_1")));
    assert_eq!(warning.to_string(), "workos: invitation inv_1 expired; left out");
    let Warning::Other(other) = &warning else { panic!("{warning:?}") };
    assert_eq!(other.subject_kind, "session");
    let names: Vec<_> = other.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["zone", "age", "deep", "invitation_id"]);
    assert_eq!(other.fields[0].1, "\"eu\"");

    assert_eq!(serde_json::to_string(&warning).unwrap(), NEWER);
    let value: Value = serde_json::from_str(NEWER).unwrap();
    assert_eq!(serde_json::to_value(&warning).unwrap(), value);
    assert_eq!(serde_json::from_value::<Warning>(value).unwrap().code_str(), "invitation_expired");
}

#[test]
fn p2_a_plan_of_a_newer_version_is_read_and_written_back() {
    let mut json = serde_json::to_value(plan(&Bundle::new())).unwrap();
    json["warnings"].as_array_mut().unwrap().push(serde_json::from_str(NEWER).unwrap());
    let plan: ImportPlan = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(plan.warnings_with_code(WarningCode::Other).count(), 1);
    assert_eq!(plan.warnings_with_severity(Severity::Error).count(), plan.warnings.len());
    assert_eq!(serde_json::to_value(&plan).unwrap(), json);
}

#[test]
fn p2_a_subject_without_an_id_has_none_when_written_back() {
    let json = r#"{"code":"a_new_one","severity":"note","subject":{"kind":"bundle"},"message":"new"}"#;
    let warning = read(json);
    assert_eq!((warning.subject().kind, warning.subject().id), (SubjectKind::Bundle, None));
    assert_eq!(warning.to_string(), "workos: new");
    assert_eq!(serde_json::to_string(&warning).unwrap(), json);
}

/// The file may have been edited: the text that goes to logs is one line, and an address is not in it.
#[test]
fn p2_the_message_of_a_newer_version_is_safe_for_logs() {
    let text = |message: &str| {
        let json = json!({"code": "new", "severity": "note", "subject": {"kind": "bundle"}, "message": message});
        let warning: Warning = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&warning).unwrap(), json);
        warning.to_string()
    };
    assert_eq!(text("workos: two\nlines\u{1b}[31m"), "workos: two\\nlines\\u{1b}[31m");
    assert_eq!(text("workos: bob@acme.example"), "workos: (not shown)");
    assert_eq!(text(""), "workos: (none)");
}

#[test]
fn p2_a_code_of_a_newer_version_is_other_in_json_and_an_error_when_typed() {
    for name in ["no_such_code", "other", "", "Users_Merged"] {
        assert_eq!(serde_json::from_value::<WarningCode>(name.into()).unwrap(), WarningCode::Other);
        assert!(name.parse::<WarningCode>().is_err());
    }
    assert_eq!(WarningCode::Other.severity(), None);
    assert_eq!(serde_json::to_value(WarningCode::Other).unwrap(), "other");
    assert!(WarningCode::ALL.iter().all(|code| *code < WarningCode::Other));
}

#[test]
fn p2_what_is_not_a_warning_is_an_error_that_says_why() {
    let why = |json: Value| serde_json::from_value::<Warning>(json).unwrap_err().to_string();
    assert_eq!(why(json!({"code": "new"})), "missing field `severity`");
    assert_eq!(why(json!({"code": "new", "severity": "note"})), "missing field `subject`");
    let fatal = json!({"code": "new", "severity": "fatal", "subject": {"kind": "bundle"}, "message": "x"});
    assert_eq!(why(fatal), "not a severity (note, warning, error)");
    assert_eq!(why(json!({"severity": "note"})), "missing field `code`");
    assert!(why(json!({"code": 7})).contains("expected a string"), "{}", why(json!({"code": 7})));
    assert_eq!(why(json!({"code": "invalid_email"})), "missing field `user_id`");
    assert!(why(json!([])).contains("expected a warning"));
}
