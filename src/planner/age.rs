//! The one order in which records get to choose: oldest first (O4).

use crate::timestamp::{self, Instant};

/// Sorts the earliest first, then those without a readable time, then by id.
pub(super) type Age<'a> = (bool, Option<Instant>, &'a str);

pub(super) fn of<'a>(created_at: Option<&str>, id: &'a str) -> Age<'a> {
    let created = created_at.and_then(timestamp::parse);
    (created.is_none(), created, id)
}
