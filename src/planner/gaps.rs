//! What was wrong while reading: sections (B3, B4, B12) and records (B2).

use alloc::collections::BTreeSet;

use super::report::Report;
use crate::workos::{Bundle, Gap, GapKind, Rejected};
use crate::{Text, Warning};

pub(super) fn report(bundle: &Bundle, warnings: &mut Report) {
    let gaps: BTreeSet<&Gap> = bundle.gaps.iter().collect();
    warnings.extend(gaps.into_iter().map(|gap| of_section(gap.clone())));
    warnings.extend(bundle.rejected.iter().map(of_record));
    let unknown: BTreeSet<&Text> = bundle.unknown_sections.iter().collect();
    warnings.extend(unknown.into_iter().map(|key| Warning::SectionUnknown { key: key.clone() }));
}

fn of_section(Gap { section, part, kind }: Gap) -> Warning {
    match kind {
        GapKind::Missing => Warning::SectionMissing { section },
        GapKind::Null => Warning::SectionNull { section, part },
        GapKind::ApiError { message } => Warning::SectionApiError { section, part, api_message: message },
        GapKind::Unreadable => Warning::SectionUnreadable { section, part },
        GapKind::Truncated { after } => Warning::SectionTruncated { section, part, after },
        GapKind::MaybeTruncated => Warning::SectionMaybeTruncated { section, part },
        GapKind::Forbidden if section.is_required() => Warning::SectionForbidden { section },
        GapKind::Forbidden => Warning::OptionalSectionForbidden { section },
    }
}

fn of_record(rejected: &Rejected) -> Warning {
    let Rejected { section, index, id, reason } = rejected.clone();
    // The position is the only name of a record without an id; elsewhere it would show the order (P5).
    let index = id.is_none().then_some(index);
    Warning::RecordUnreadable { section, id, index, reason }
}
