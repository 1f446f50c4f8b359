//! Reading bundles: B1 to B5, and the shapes of section 2 and 3 of the design.
//!
//! | file | tests |
//! |---|---|
//! | `document` | the document as a whole, its keys, its depth and length (B1) |
//! | `sections` | lists, envelopes and pages; what stands in place of them; truncation (B3, B4) |
//! | `per_user` | factors and identities, which may be maps by user id |
//! | `records` | bad records among good ones (B2) |
//! | `odd` | odd records that are kept |
//! | `adding` | bundles put together page by page |
//! | `round_trip` | bundles written and read again (B5) |
//! | `values` | values that embedders build and take apart in code |

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of a test may panic")]

mod adding;
mod document;
mod ends;
mod lies;
mod odd;
mod per_user;
mod records;
mod round_trip;
mod sections;
mod values;

use serde_json::{Value, json};
use workos_to_authio::Text;
use workos_to_authio::workos::{Bundle, GapKind, Section};

fn read(document: &Value) -> Bundle {
    Bundle::from_json(&document.to_string()).unwrap()
}

/// A document whose required sections are all there and empty, but for these.
fn with(sections: Value) -> Value {
    let mut document = json!({
        "users": [], "organizations": [], "organization_memberships": [], "sso_connections": [], "directories": []
    });
    document.as_object_mut().unwrap().extend(sections.as_object().unwrap().clone());
    document
}

fn user(number: usize) -> Value {
    json!({"object": "user", "id": format!("user_{number:03}"), "email": format!("u{number}@acme.example")})
}

fn users(numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers.map(user).collect()
}

fn gaps(bundle: &Bundle) -> Vec<(Section, GapKind)> {
    bundle.gaps.iter().map(|gap| (gap.section, gap.kind.clone())).collect()
}

/// The reason why the only element of a section is rejected.
fn reason(section: &str, record: Value) -> Text {
    reason_in(section, &record.to_string())
}

fn reason_in(section: &str, record: &str) -> Text {
    let bundle = Bundle::from_json(&format!("{{\"{section}\":[{record}]}}")).unwrap();
    assert_eq!(bundle.rejected.len(), 1, "{bundle:?}");
    bundle.rejected[0].reason.clone()
}
