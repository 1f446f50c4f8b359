//! What came in: the records of a section, each once (P7), and how many there were (P3).

use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use super::power::Power;
use super::report::Report;
use super::{present, readable};
use crate::timestamp::{self, Instant};
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Invitation, Organization, OrganizationMembership,
    Role, Section, User,
};
use crate::{PlanOptions, Tally, Text, Warning};

/// A time of a record, with its name.
type Time<T> = (&'static str, fn(&T) -> Option<&Text>);

/// What a section's records have in common.
pub(super) trait Record: Ord + 'static {
    const SECTION: Section;
    /// The times of a record that are worth a warning where they cannot be read (B10).
    const TIMES: &'static [Time<Self>] = &[];
    fn id(&self) -> &str;
    fn updated_at(&self) -> Option<&str> {
        None
    }
    /// What the copy gives, where no time tells copies apart (B11).
    fn power(&self, _: &PlanOptions) -> Power {
        Power::default()
    }
    /// The users and organizations without which the record does not move either (P8).
    fn needs(&self) -> [Option<&str>; 2];
    /// The field that is empty and must not be, in a record that was built in code.
    fn defect(&self) -> Option<&'static str> {
        self.id().is_empty().then_some("id")
    }
    /// The order of a plan. Equal are the copies of one record.
    fn by_id(&self, other: &Self) -> Ordering {
        self.id().cmp(other.id())
    }
}

macro_rules! records {
    ($($ty:ty = $section:ident { $($time:ident),* }, $needs:expr $(, $power:path)?;)+) => {$(
        impl Record for $ty {
            const SECTION: Section = Section::$section;
            const TIMES: &'static [Time<Self>] =
                &[$((stringify!($time), |record| record.$time.as_ref())),*];
            fn id(&self) -> &str {
                &self.id
            }
            fn updated_at(&self) -> Option<&str> {
                self.updated_at.as_deref()
            }
            fn needs(&self) -> [Option<&str>; 2] {
                let needs: fn(&Self) -> [Option<&str>; 2] = $needs;
                needs(self)
            }
            $(fn power(&self, options: &PlanOptions) -> Power {
                $power(self, options)
            })?
        }
    )+};
}

records! {
    User = Users { created_at, updated_at, last_sign_in_at }, |user| [Some(&user.id), None], Power::of_user;
    Organization = Organizations { created_at, updated_at }, |organization| {
        [Some(&organization.id), None]
    }, Power::of_organization;
    OrganizationMembership = OrganizationMemberships { created_at, updated_at }, |membership| {
        [Some(&membership.user_id), Some(&membership.organization_id)]
    }, Power::of_membership;
    Connection = SsoConnections { created_at, updated_at }, |connection| [connection.organization_id.as_deref(), None];
    Directory = Directories { created_at, updated_at }, |directory| [directory.organization_id.as_deref(), None];
    Invitation = Invitations {}, |invitation| [invitation.organization_id.as_deref(), None];
}

impl Record for AuthenticationFactor {
    const SECTION: Section = Section::AuthenticationFactors;
    fn id(&self) -> &str {
        &self.id
    }
    fn needs(&self) -> [Option<&str>; 2] {
        [Some(&self.user_id), None]
    }
}

/// A role is known by its slug. The same slug stands in the lists of several organizations, with what it may do there.
impl Record for Role {
    const SECTION: Section = Section::Roles;
    fn id(&self) -> &str {
        &self.slug
    }
    fn needs(&self) -> [Option<&str>; 2] {
        [None, None]
    }
    fn defect(&self) -> Option<&'static str> {
        self.slug.is_empty().then_some("slug")
    }
    fn by_id(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// An identity has no id: copies are equal in every field.
impl Record for Identity {
    const SECTION: Section = Section::Identities;
    fn id(&self) -> &str {
        &self.user_id
    }
    fn needs(&self) -> [Option<&str>; 2] {
        [Some(&self.user_id), None]
    }
    fn defect(&self) -> Option<&'static str> {
        let fields = [("provider", &self.provider), ("idp_id", &self.idp_id), ("user_id", &self.user_id)];
        fields.into_iter().find(|(_, value)| value.is_empty()).map(|(field, _)| field)
    }
    fn by_id(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// What came in beside the records that count.
pub(super) struct Intake<'a, T> {
    /// All records, readable or not. Counted here, so that a record that is lost later shows (P3).
    pub(super) source: u64,
    copies: Vec<Copies<'a, T>>,
    /// Records that were built in code, each with the field that is empty.
    defects: Vec<(&'a T, &'static str)>,
    /// Times that are there and cannot be read: the field, and the id of the record (B10).
    pub(super) unreadable_times: Vec<(&'static str, &'a str)>,
    /// Records that could not be read.
    rejected: u64,
    /// Records that the options leave out (P8).
    left_out: u64,
}

/// Whether the options leave a record out (P8).
pub(super) fn is_left_out<T: Record>(record: &T, options: &PlanOptions) -> bool {
    let left_out = options.get_leave_out();
    !left_out.is_empty() && record.needs().into_iter().flatten().any(|id| left_out.contains(id))
}

/// A record that stands in its section more than once.
struct Copies<'a, T> {
    kept: Kept<'a, T>,
    all: u64,
}

/// The copy that counts of those seen so far: the latest `updated_at`, then the least power, then the smallest record
/// (P7, B11).
pub(super) struct Kept<'a, T> {
    pub(super) record: &'a T,
    /// Whether the copies are not all the same.
    pub(super) differ: bool,
    /// Whether no time says which copy is the newest.
    pub(super) tied: bool,
}

/// The records of a section, each once, by id.
pub(super) fn read<'a, T: Record>(
    section: &'a [T],
    bundle: &Bundle,
    options: &PlanOptions,
) -> (Vec<&'a T>, Intake<'a, T>) {
    let rejected = bundle.rejected.iter().filter(|rejected| rejected.section == T::SECTION).count() as u64;
    let source = section.len() as u64 + rejected;
    let mut intake =
        Intake { source, copies: Vec::new(), defects: Vec::new(), unreadable_times: Vec::new(), rejected, left_out: 0 };
    let mut records: Vec<&T> = Vec::with_capacity(section.len());
    for record in section {
        if is_left_out(record, options) {
            intake.left_out += 1;
            continue;
        }
        intake.look_at_times(record);
        match record.defect() {
            None => records.push(record),
            Some(field) => intake.defects.push((record, field)),
        }
    }
    let is_done = |records: &[&T]| records.is_sorted_by(|a, b| a.by_id(b).is_lt());
    // WorkOS lists the newest first. Its ids grow with time.
    records.reverse();
    if !is_done(&records) {
        records.sort_by(|a, b| a.by_id(b));
        if !is_done(&records) {
            (records, intake.copies) = once_each(records, options);
        }
    }
    (records, intake)
}

/// Of each group of copies the one that counts, and the groups of several (P7).
fn once_each<'a, T: Record>(records: Vec<&'a T>, options: &PlanOptions) -> (Vec<&'a T>, Vec<Copies<'a, T>>) {
    let mut groups: Vec<Copies<'_, T>> = Vec::with_capacity(records.len());
    for record in records {
        match groups.last_mut() {
            Some(group) if group.kept.record.by_id(record).is_eq() => {
                group.all += 1;
                group.kept.see(record, options);
            }
            _ => groups.push(Copies { kept: Kept::first(record), all: 1 }),
        }
    }
    let kept = groups.iter().map(|group| group.kept.record).collect();
    groups.retain(|group| group.all > 1);
    (kept, groups)
}

impl<'a, T: Record> Kept<'a, T> {
    pub(super) fn first(record: &'a T) -> Self {
        Self { record, differ: false, tied: false }
    }

    /// Takes another copy into account.
    pub(super) fn see(&mut self, copy: &'a T, options: &PlanOptions) {
        if copy == self.record {
            return;
        }
        self.differ = true;
        match latest(copy).cmp(&latest(self.record)) {
            Ordering::Less => *self = Self { record: copy, tied: false, ..*self },
            Ordering::Equal => {
                self.tied = true;
                if (copy.power(options), copy) < (self.record.power(options), self.record) {
                    self.record = copy;
                }
            }
            Ordering::Greater => {}
        }
    }
}

/// Sorts the copy updated last first, and those without a readable time last.
fn latest(record: &impl Record) -> (bool, Reverse<Option<Instant>>) {
    let updated = record.updated_at().and_then(timestamp::parse);
    (updated.is_none(), Reverse(updated))
}

impl<'a, T: Record> Intake<'a, T> {
    pub(super) fn look_at_times(&mut self, record: &'a T) {
        for (field, time) in T::TIMES {
            let time = time(record);
            if time.is_some() && readable(time).is_none() && present(time).is_some() {
                self.unreadable_times.push((field, record.id()));
            }
        }
    }

    /// Begins the tally of the section: copies (P7) and records that are not readable (B2).
    pub(super) fn tally(&self, in_scope: impl Fn(&T) -> bool, report: &mut Report) -> Tally {
        let skipped = self.rejected + self.defects.len() as u64;
        let mut tally = Tally { source: self.source, skipped, out_of_scope: self.left_out, ..Tally::default() };
        for (record, field) in &self.defects {
            report.push(Warning::RecordUnreadable {
                section: T::SECTION,
                id: Some(record.id().into()).filter(|id: &Text| !id.is_empty()),
                index: None,
                reason: Text::concat([field, ": expected a string that is not empty"]),
            });
        }
        for &Copies { kept: Kept { record, differ, tied }, all } in &self.copies {
            if !in_scope(record) {
                tally.out_of_scope += all - 1;
                continue;
            }
            tally.duplicate += all - 1;
            if differ {
                let id = record.id().into();
                report.push(Warning::RecordDiffers { section: T::SECTION, id, copies: all, tied });
            }
        }
        tally
    }
}
