//! Exports that lie: a lie that loses a record is said, and says where (B6 to B15).

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use workos_to_authio::strategy::{self, Lie, Way};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, Warning, plan};

use crate::helpers::config;
use crate::support::Numbers;

/// The plan as JSON without the times that it passes on.
fn without_times(plan: &ImportPlan) -> Value {
    fn forget(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(forget),
            Value::Object(members) => {
                members.retain(|key, _| !key.ends_with("_at"));
                members.values_mut().for_each(forget);
            }
            _ => {}
        }
    }
    let mut json = serde_json::to_value(plan).unwrap();
    forget(&mut json);
    json
}

/// For each way of lying how often it was drawn, how often it loses a record, and how often that is said.
#[test]
fn b6_to_b15_a_lie_that_loses_a_record_is_said_and_says_where() {
    let mut counts: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    let seen = std::cell::RefCell::new(&mut counts);
    let result = TestRunner::new(config()).run(&strategy::lying(), |lie| {
        let read = Bundle::from_json(&lie.export).unwrap();
        let of_lie = plan(&read);
        let loses = lie.loses > 0;
        let is_said = lie.is_said_by(&of_lie);
        let mut seen = seen.borrow_mut();
        let [drawn, losing, said] = seen.entry(lie.way.as_str()).or_default();
        *drawn += 1;
        *losing += u64::from(loses);
        *said += u64::from(loses && is_said);
        if !loses {
            prop_assert_eq!(without_times(&of_lie), without_times(&plan(&lie.truthful)), "{:?}", lie.way);
        } else {
            prop_assert!(is_said, "{:?} {:?}: {:?}\n{}", lie.section, lie.list_of, of_lie.warnings, lie.export);
        }
        Ok(())
    });
    println!("way: drawn, losing, said");
    counts.iter().for_each(|(way, count)| println!("{way}: {count:?}"));
    result.unwrap();
    assert!(Way::ALL.iter().all(|way| counts.contains_key(way.as_str())), "{counts:?}");
}

/// The records of a document, its pages and its sections in another order.
fn shuffled(text: &str, numbers: &mut Numbers) -> String {
    fn shuffle<T>(list: &mut [T], numbers: &mut Numbers) {
        for at in (1..list.len()).rev() {
            list.swap(at, numbers.next() as usize % (at + 1));
        }
    }
    fn inside(value: &mut Value, numbers: &mut Numbers) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| inside(item, numbers));
                shuffle(items, numbers);
            }
            Value::Object(members) => members.values_mut().for_each(|member| inside(member, numbers)),
            _ => {}
        }
    }
    let mut sections: Vec<(String, Value)> =
        serde_json::from_str::<BTreeMap<String, Value>>(text).unwrap().into_iter().collect();
    sections.iter_mut().for_each(|(_, value)| inside(value, numbers));
    shuffle(&mut sections, numbers);
    let sections: Vec<String> =
        sections.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
    format!("{{{}}}", sections.join(","))
}

/// What is said, but for the position of a record without an id, which is all that such a record has for a name (B2).
fn said(plan: &ImportPlan) -> Vec<Warning> {
    let without_position = |warning: &Warning| match warning.clone() {
        Warning::RecordUnreadable { section, id, index: Some(_), reason } => {
            Warning::RecordUnreadable { section, id, index: Some(0), reason }
        }
        warning => warning,
    };
    plan.warnings.iter().map(without_position).collect()
}

proptest! {
    #![proptest_config(config())]

    /// The truth is quiet, in every shape of an export: its plan is that of the records themselves.
    #[test]
    fn b6_to_b15_the_truth_is_quiet(lie in strategy::lying()) {
        let read = Bundle::from_json(&lie.truthful_export).unwrap();
        prop_assert_eq!(plan(&read), plan(&lie.truthful));
        let hand_offs = ["sso_handoff", "scim_handoff"];
        let others: Vec<_> = plan(&read).warnings.into_iter().filter(|each| !hand_offs.contains(&each.code_str())).collect();
        prop_assert_eq!(others, []);
    }

    /// No message about a lie holds an address, a person's name or a domain (P2).
    #[test]
    fn p2_what_is_said_of_a_lie_is_log_safe(lie in strategy::lying()) {
        for warning in plan(&Bundle::from_json(&lie.export).unwrap()).warnings {
            let message = warning.to_string().to_lowercase();
            for word in ["fenwick", "kade", "lodestar", "tarn", "kiln"] {
                prop_assert!(!message.contains(word), "{message:?} holds {word:?}");
            }
        }
    }

    /// The order of records, pages, lists and sections means nothing.
    #[test]
    fn b6_to_b15_a_lie_is_said_alike_in_every_order(lie in strategy::lying(), seed: u64) {
        let Lie { export, .. } = lie;
        let mut numbers = Numbers(seed);
        let plans = [export.clone(), shuffled(&export, &mut numbers)].map(|text| plan(&Bundle::from_json(&text).unwrap()));
        prop_assert_eq!(said(&plans[0]), said(&plans[1]));
        prop_assert_eq!(&plans[0].users, &plans[1].users);
        prop_assert_eq!(&plans[0].memberships, &plans[1].memberships);
    }
}
