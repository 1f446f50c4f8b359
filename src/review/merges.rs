//! Merged users: which record gave which value, what lost against it, and whose names are not those of one person.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::cause::{after_departure, in_words};
use super::findings::{Finding, Level, What};
use super::tables::{Row, Table};
use super::text::{shortened, visible};
use super::words::id;
use super::{Review, Show};
use crate::authio::User;
use crate::mirror::{Action, Change, RecordKind, Retention};
use crate::{Merge, Text, Warning};

/// What to do about records with names of two people. The night does not wait for it: two records with one verified
/// address can have one account alone, and a name proves nothing.
pub(super) const ASK: &str = concat!(
    "Ask whether they are one person, before the night runs. If not, correct the wrong address at WorkOS, and read ",
    "WorkOS again. Until then hold the merge back, as the finding says. A night with another list leave_out says that ",
    "the options changed: acknowledge that."
);

/// So many records or memberships are named. The tables of merged users and of users have all.
const NAMED: usize = 10;

impl<'a> Review<'a> {
    /// Records that become one account, and whose names are not those of one person: both people, both accounts, what
    /// is lost if they are two, and how to hold the merge back.
    pub(super) fn two_names(&self, finding: &Finding<'a>) -> Option<Vec<String>> {
        let What::Warning(Warning::MergeConflict { user_id, .. }) = finding.what else { return None };
        let (at, merge) =
            self.merged.get(format!("workos:{user_id}").as_str()).filter(|_| finding.level == Level::Merge)?;
        let (user, person) = (self.material.plan.users.get(*at)?, self.people.get(*at)?);
        let person_of = |source: &Text| match name_in(user, merge, source).filter(|_| self.names()) {
            Some(name) => format!("{} ({})", self.id(source), visible(name)),
            None => self.id(source).into_owned(),
        };
        let address =
            if self.show() == Show::Addresses { format!(", {}", visible(&user.email)) } else { String::new() };
        let mut said = vec![format!(
            "The records {} have one address{address}, and become one account. Their names are not those of one person",
            first_few(merge.sources.iter().map(person_of))
        )];
        let joining = self.known.joining(merge, self.material.ledger);
        let account = |id: &Text| self.known.ids.get(&(RecordKind::User, id.as_str())).copied();
        said.extend(account(&user.external_id).map(|of| {
            let under = match self.name_of(&user.external_id) {
                Some(name) => format!(" under the name {name}"),
                None => String::new(),
            };
            format!("The account {} stays{under}", id(of, self.show()))
        }));
        said.extend(joining.iter().take(NAMED).filter_map(|source| self.left_over(source, account(source)?)));
        let seats = person.memberships.iter().map(|seat| {
            let ids = first_few(seat.source_external_ids.iter().map(|one| self.id(one).into_owned()));
            self.seat_words(&ids, &seat.organization_external_id, Some(seat.role.as_str()))
        });
        let seats = first_few(seats);
        let all = if seats.is_empty() { "every sign-in, and no membership".into() } else { seats };
        said.push(format!(
            "If they are two people, whoever reads the mailbox of the address gets everything: {all}. The other one \
             loses what they had"
        ));
        let held = first_few(joining.iter().map(|one| self.id(one).into_owned()));
        let then = match joining.iter().any(|one| account(one).is_some()) {
            true => "then both accounts stay as they are".into(),
            false => format!("then no account is made of {held}"),
        };
        said.push(format!("To hold it back tonight, add {held} to the list leave_out of options.json: {then}"));
        Some(said)
    }

    /// What becomes of an account whose record is part of another one.
    fn left_over(&self, source: &str, account: &str) -> Option<String> {
        let changes = self.known.left_over.get(account)?;
        let proposal = |change: &Change| match &change.action {
            Action::Depart { proposal, .. } => *proposal,
            _ => Retention::Keep,
        };
        let goes = changes.iter().filter(|change| change.kind == RecordKind::Membership);
        let goes = goes.filter(|change| proposal(change) != Retention::Keep).map(|change| {
            let organization = change.organization_id.as_deref().and_then(|id| self.known.organizations.get(id));
            let words = self.seat_words(&self.id(&change.external_id), organization.unwrap_or(&""), None);
            format!("{words} ({})", id(&change.id, self.show()))
        });
        let goes: Vec<String> = goes.collect();
        let stays = match changes.iter().find(|change| change.kind == RecordKind::User).map(|change| proposal(change)) {
            None | Some(Retention::Keep) => "stays at Authio".into(),
            Some(proposal) => format!("is {}", after_departure(proposal)),
        };
        let loses =
            if goes.is_empty() { String::new() } else { format!(", and loses {}", first_few(goes.into_iter())) };
        let (account, record) = (id(account, self.show()), self.id(source));
        Some(format!("The account {account} of {record} is left over: it {stays}{loses}"))
    }

    /// How many findings are about names that are not those of one person.
    pub(super) fn two_names_count(&self) -> u64 {
        self.findings.iter().filter(|finding| finding.level == Level::Merge).count() as u64
    }
}

/// `a, b and c`, or the first few and how many more.
fn first_few(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(NAMED);
    let mut words: Vec<Cow<'_, str>> = items.take(NAMED).map(Cow::Owned).collect();
    words.extend((more > 0).then(|| format!("{more} more").into()));
    in_words(&words)
}

/// The name of a record of a merged user, where the merge knows it.
fn name_in<'m>(user: &'m User, merge: &'m Merge, source: &Text) -> Option<&'m str> {
    let lost = merge.rejected.iter().find(|one| one.field == "name" && one.source == *source);
    let kept = user.name.as_deref().filter(|_| merge.chosen.get("name") == Some(source.as_str()));
    lost.map(|one| one.value.as_str()).or(kept)
}

/// Whether a record joins an account, and its name and the one that counts are not those of one person.
pub(super) fn names_differ(user: &User, merge: &Merge, joining: &[&Text]) -> bool {
    let (Some(name), Some(from)) = (&user.name, merge.chosen.get("name")) else { return false };
    let joining: BTreeSet<&str> = joining.iter().map(|source| source.as_str()).collect();
    let lost = merge.rejected.iter().filter(|one| one.field == "name");
    let mut new = lost.filter(|one| joining.contains(from) || joining.contains(one.source.as_str()));
    new.any(|one| !are_alike(name, &one.value))
}

/// Whether two names can be of one person: every word of the one with fewer words begins a word of the other, or the
/// other way round. No word of the other counts twice: Ann Annable is not Ann Kim.
fn are_alike(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let plain = deunicode::deunicode(name).to_lowercase();
        let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(Into::into).collect();
        // The longest first: it begins the fewest others.
        words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words
    };
    let (one, other) = (words(one), words(other));
    let (mut few, mut many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut take = |is: &dyn Fn(&str) -> bool| many.iter().position(|of| is(of)).map(|at| many.remove(at)).is_some();
    // A word that both have stands for itself, and no shorter one takes it.
    few.retain(|word| !take(&|of| of == word));
    few.iter().all(|word| take(&|of| word.starts_with(of) || of.starts_with(word.as_str())))
}

impl Review<'_> {
    /// How each merged user came about.
    pub(super) fn merge_table(&self) -> Table<'_> {
        let columns = vec!["User", "Records, the first counts most"];
        let merges = &self.material.plan.merges;
        let row = move |at: usize| -> Row<'_> {
            let Some(merge) = merges.get(at) else { return Row::new() };
            let user = self.users.get(merge.user_external_id.as_str());
            let user = user.and_then(|at| self.material.plan.users.get(*at));
            let id = self.id(&merge.user_external_id);
            let label = match user.map(|user| self.user_label(user)) {
                Some(label) if label != id => format!("{label}\n{id}").into(),
                _ => id,
            };
            vec![label, self.by_record(merge, user).into()]
        };
        let caption = "Merged users: which record gave which value";
        Table { key: "merges", caption, columns, filter: None, len: merges.len(), row: Box::new(row) }
    }

    /// A value of a merged user, as far as values are shown.
    fn value<'v>(&self, field: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let is_name = matches!(field, "name" | "first_name" | "last_name");
        let shown = self.show() == Show::Addresses || (self.names() && is_name);
        shown.then(|| Cow::Owned(shortened(&visible(value), 120).into_owned()))
    }

    /// The name of a field, without a key of metadata where values are not shown.
    fn field<'f>(&self, field: &'f str) -> Cow<'f, str> {
        match plain_field(field) {
            "metadata" if self.show() == Show::Addresses => visible(field),
            plain => visible(plain),
        }
    }

    /// Each record of a merged user, the first counts most: what the user has of it, and what of it lost.
    fn by_record(&self, merge: &Merge, user: Option<&User>) -> String {
        let mut records: IndexMap<&str, [Part<'_>; 2]> =
            merge.sources.iter().map(|source| (source.as_str(), Default::default())).collect();
        for (field, source) in merge.chosen.iter() {
            let value = user.and_then(|user| value_of(user, field));
            let [kept, _] = records.entry(source).or_default();
            kept.add(self.field(field), value.and_then(|value| self.value(field, value)));
        }
        for one in &merge.rejected {
            let [_, lost] = records.entry(&one.source).or_default();
            lost.add(self.field(&one.field), self.value(&one.field, &one.value));
        }
        let mut lines = Vec::new();
        for (source, parts) in records {
            lines.push(self.id(source).into_owned());
            for (word, part) in ["gives", "lost"].into_iter().zip(parts) {
                lines.extend(part.lines().map(|line| format!("{word} {line}")));
            }
        }
        lines.join("\n")
    }
}

/// What a record gives, or what of it lost: fields with values, and fields whose values are not shown.
#[derive(Default)]
struct Part<'f> {
    shown: Vec<(Cow<'f, str>, Cow<'f, str>)>,
    hidden: Vec<Cow<'f, str>>,
}

impl<'f> Part<'f> {
    fn add(&mut self, field: Cow<'f, str>, value: Option<Cow<'f, str>>) {
        match value {
            // People ask for the name first.
            Some(value) if field == "name" => self.shown.insert(0, (field, value)),
            Some(value) => self.shown.push((field, value)),
            None if self.hidden.last() == Some(&field) => {}
            None => self.hidden.push(field),
        }
    }

    /// A line for each value; first and last name only where they are not the name.
    fn lines(&self) -> impl Iterator<Item = String> {
        let of = |name: &str| Some(&*self.shown.iter().find(|(field, _)| field == name)?.1);
        let both = of("first name").zip(of("last name")).map(|(first, last)| format!("{first} {last}"));
        let is_said = both.as_deref() == of("name") && both.is_some();
        let shown = self.shown.iter().filter(move |(field, _)| !is_said || !field.ends_with(" name"));
        let hidden = (!self.hidden.is_empty()).then(|| self.hidden.join(", "));
        shown.map(|(field, value)| format!("{field}: {value}")).chain(hidden)
    }
}

/// The name of a field, for people, without a key of metadata.
pub(super) fn plain_field(field: &str) -> &str {
    match field {
        "first_name" => "first name",
        "last_name" => "last name",
        "avatar_url" => "avatar",
        field if field.starts_with("metadata.") => "metadata",
        field => field,
    }
}

fn value_of<'u>(user: &'u User, field: &str) -> Option<&'u str> {
    match field {
        "name" => user.name.as_deref(),
        "first_name" => user.first_name.as_deref(),
        "last_name" => user.last_name.as_deref(),
        "avatar_url" => user.avatar_url.as_deref(),
        "locale" => user.locale.as_deref(),
        _ => user.metadata.get(field.strip_prefix("metadata.")?),
    }
}
