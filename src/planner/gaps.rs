//! What was wrong while reading: sections (B3, B4, B6, B7, B14, B15), keys (B12), times (B10) and records (B2).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::intake::is_left_out;
use super::report::Report;
use super::source::Source;
use super::{present, readable};
use crate::workos::{Bundle, Gap, GapKind, Rejected, Section, User};
use crate::{PlanOptions, Text, Warning};

pub(super) fn report(bundle: &Bundle, source: &Source<'_>, options: &PlanOptions, warnings: &mut Report) {
    let gaps: BTreeSet<&Gap> = bundle.gaps.iter().collect();
    let (forbidden, gaps): (Vec<&Gap>, Vec<&Gap>) = gaps.into_iter().partition(|gap| gap.kind == GapKind::Forbidden);
    let forbidden: BTreeSet<Section> = forbidden.into_iter().map(|gap| gap.section).collect();
    let forbidden = forbidden.into_iter().map(|section| Gap::new(section, GapKind::Forbidden));
    warnings.extend(gaps.into_iter().cloned().chain(forbidden).map(of_section));
    let keys: BTreeSet<&Text> = bundle.unknown_sections.iter().collect();
    warnings.extend(keys.into_iter().map(|key| Warning::SectionUnknown { key: key.clone() }));
    warnings.extend(bundle.rejected.iter().map(of_record));
    // A recovered user is a record of the section like any other (U9).
    let recovered: Vec<&User> = source.recovered.iter().map(|recovered| source.users[recovered.user]).collect();
    times(bundle, &recovered, options, warnings);
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
fn times(bundle: &Bundle, recovered: &[&User], options: &PlanOptions, warnings: &mut Report) {
    macro_rules! fields {
        ($($records:expr => $section:ident { $($field:ident),+ })+) => {$(
            let fields = [$(stringify!($field)),+];
            let records = $records.filter(|record| !is_left_out(*record, options));
            let times = records.map(|record| (&record.id, [$(record.$field.as_ref()),+]));
            times_of(Section::$section, fields, times, warnings);
        )+};
    }
    fields! {
        bundle.users.iter().chain(recovered.iter().copied()) => Users { created_at, updated_at, last_sign_in_at }
        bundle.organizations.iter() => Organizations { created_at, updated_at }
        bundle.organization_memberships.iter() => OrganizationMemberships { created_at, updated_at }
        bundle.sso_connections.iter() => SsoConnections { created_at, updated_at }
        bundle.directories.iter() => Directories { created_at, updated_at }
    }
}

/// Looks at all times of a record at once: the records of a section are much to walk through.
fn times_of<'a, const FIELDS: usize>(
    section: Section,
    fields: [&str; FIELDS],
    records: impl Iterator<Item = (&'a Text, [Option<&'a Text>; FIELDS])>,
    warnings: &mut Report,
) {
    let mut unreadable = fields.map(|field| (field, Vec::new()));
    for (id, times) in records {
        for ((_, ids), time) in unreadable.iter_mut().zip(times) {
            if time.is_some() && readable(time).is_none() && present(time).is_some() {
                ids.push(id);
            }
        }
    }
    for (field, mut ids) in unreadable.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        ids.sort_unstable();
        warnings.push(Warning::TimesUnreadable {
            section,
            field: field.into(),
            records: ids.len() as u64,
            ids: ids.into_iter().take(3).cloned().collect(),
        });
    }
}

fn of_record(rejected: &Rejected) -> Warning {
    let Rejected { section, index, id, reason } = rejected.clone();
    // The position is the only name of a record without an id; elsewhere it would show the order (P5).
    let index = id.is_none().then_some(index);
    Warning::RecordUnreadable { section, id, index, reason }
}
