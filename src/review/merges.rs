//! Merged users: which record gave which value, and what lost against it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::tables::{Row, Table};
use super::text::{shortened, visible};
use super::{Review, Show};
use crate::Merge;
use crate::authio::User;

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
        if field.starts_with("metadata.") && self.show() != Show::Addresses {
            return Cow::Borrowed("metadata");
        }
        visible(field)
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
                lines.extend(part.shown.into_iter().map(|shown| format!("{word} {shown}")));
                lines.extend((!part.hidden.is_empty()).then(|| format!("{word} {}", part.hidden.join(", "))));
            }
        }
        lines.join("\n")
    }
}

/// What a record gives, or what of it lost: fields with values, and fields whose values are not shown.
#[derive(Default)]
struct Part<'f> {
    shown: Vec<String>,
    hidden: Vec<Cow<'f, str>>,
}

impl<'f> Part<'f> {
    fn add(&mut self, field: Cow<'f, str>, value: Option<Cow<'_, str>>) {
        match value {
            // People ask for the name first.
            Some(value) if field == "name" => self.shown.insert(0, format!("name: {value}")),
            Some(value) => self.shown.push(format!("{field}: {value}")),
            None if self.hidden.last() == Some(&field) => {}
            None => self.hidden.push(field),
        }
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
