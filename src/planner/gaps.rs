//! What was wrong while reading: sections (B3, B4, B6, B7, B14, B15), keys (B12), times (B10) and records (B2).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::intake::{Intake, Record};
use super::report::Report;
use super::source::{Intakes, Source};
use crate::workos::{Bundle, Gap, GapKind, Rejected, Section};
use crate::{Text, Warning};

pub(super) fn report(bundle: &Bundle, source: &Source<'_>, warnings: &mut Report) {
    let gaps: BTreeSet<&Gap> = bundle.gaps.iter().collect();
    let (forbidden, gaps): (Vec<&Gap>, Vec<&Gap>) = gaps.into_iter().partition(|gap| gap.kind == GapKind::Forbidden);
    let forbidden: BTreeSet<Section> = forbidden.into_iter().map(|gap| gap.section).collect();
    let forbidden = forbidden.into_iter().map(|section| Gap::new(section, GapKind::Forbidden));
    warnings.extend(gaps.into_iter().cloned().chain(forbidden).map(of_section));
    let keys: BTreeSet<&Text> = bundle.unknown_sections.iter().collect();
    warnings.extend(keys.into_iter().map(|key| Warning::SectionUnknown { key: key.clone() }));
    warnings.extend(bundle.rejected.iter().map(of_record));
    let Intakes { users, organizations, memberships, connections, directories, .. } = &source.intakes;
    times(users, warnings);
    times(organizations, warnings);
    times(memberships, warnings);
    times(connections, warnings);
    times(directories, warnings);
}

fn of_section(Gap { section, list_of, kind }: Gap) -> Warning {
    match kind {
        GapKind::Missing => Warning::SectionMissing { section, list_of },
        GapKind::Null => Warning::SectionNull { section, list_of },
        GapKind::ApiError { message } => {
            Warning::SectionApiError { section, list_of, failed: None, answers: None, api_message: message }
        }
        GapKind::AnswersFailed { failed, answers, message } => Warning::SectionApiError {
            section,
            list_of,
            failed: Some(failed),
            answers: Some(answers),
            api_message: message,
        },
        GapKind::Unreadable => Warning::SectionUnreadable { section, list_of },
        GapKind::Truncated { after } => Warning::SectionTruncated { section, list_of, after },
        GapKind::MaybeTruncated => Warning::SectionMaybeTruncated { section, list_of },
        GapKind::MaybeFiltered { status } => Warning::SectionMaybeFiltered { section, list_of, status },
        GapKind::Forbidden if section.is_required() => Warning::SectionForbidden { section },
        GapKind::Forbidden => Warning::OptionalSectionForbidden { section },
    }
}

/// Times that are there and cannot be read, one warning for each section and field (B10).
fn times<T: Record>(intake: &Intake<'_, T>, warnings: &mut Report) {
    let mut by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (field, id) in &intake.unreadable_times {
        by_field.entry(field).or_default().push(id);
    }
    for (field, mut ids) in by_field {
        ids.sort_unstable();
        warnings.push(Warning::TimesUnreadable {
            section: T::SECTION,
            field: field.into(),
            records: ids.len() as u64,
            ids: ids.into_iter().take(3).map(Text::from).collect(),
        });
    }
}

fn of_record(rejected: &Rejected) -> Warning {
    let Rejected { section, index, id, reason } = rejected.clone();
    // The position is the only name of a record without an id; elsewhere it would show the order (P5).
    let index = id.is_none().then_some(index);
    Warning::RecordUnreadable { section, id, index, reason }
}
