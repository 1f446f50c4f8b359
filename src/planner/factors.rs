//! Second factors: who has one (U7).

use super::Context;
use super::report::Report;
use crate::Warning;

pub(super) fn plan(context: &mut Context<'_>, report: &mut Report) {
    // Factors have no tally of their own.
    let _ = context.source.intakes.factors.tally(|factor| context.user_in_scope(&factor.user_id), report);
    let Context { source, scope, people, .. } = context;
    for factor in &source.factors {
        match factor.user {
            Some(user) => {
                if let Some(person) = people.person_of(user) {
                    people.persons[person].mfa_enrolled = true;
                }
            }
            None if scope.unknown_user(&factor.record.user_id) => {
                let (factor_id, user_id) = (factor.record.id.clone(), factor.record.user_id.clone());
                report.push(Warning::FactorUserMissing { factor_id, user_id });
            }
            None => {}
        }
    }
}
