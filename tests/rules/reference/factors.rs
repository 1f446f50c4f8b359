//! U7: authentication factors whose user is not known. They have no tally.

use workos_to_authio::Warning;
use workos_to_authio::workos::{Bundle, Section};

use super::copies::keep_one_of_each_id;
use super::people::{Fate, People};
use super::power;
use super::scope::Scope;
use super::{Tally, report_copies};

pub(crate) fn report(bundle: &Bundle, scope: &Scope<'_>, people: &People<'_>, warnings: &mut Vec<Warning>) {
    for kept in keep_one_of_each_id(&bundle.authentication_factors, |factor| &factor.id, |_| None, power::none) {
        let factor = kept.record;
        if !people.is_in_scope(&factor.user_id, scope) {
            continue;
        }
        report_copies(Section::AuthenticationFactors, &factor.id, &kept, &mut Tally::default(), warnings);
        if matches!(people.fate(&factor.user_id), Fate::Unknown) {
            let (factor_id, user_id) = (factor.id.clone(), factor.user_id.clone());
            warnings.push(Warning::FactorUserMissing { factor_id, user_id });
        }
    }
}
