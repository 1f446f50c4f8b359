//! Exports that lie.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::answers::{by, page, pages, respell_record, with_kind};
use super::text::pick;
use super::{companies, respell, tidy};
use crate::text::text;
use crate::workos::{Bundle, Section};
use crate::{ImportPlan, Severity, Text, names::names};

names! {
    /// A way in which an export lies.
    #[non_exhaustive]
    Way, "way of lying" {
        /// An API error stands in the place of one list or one page.
        ApiErrorInside = "api_error_inside",
        /// A list without paging information ends at a page's size.
        CutBareList = "cut_bare_list",
        /// The last pages of a list are missing.
        CutList = "cut_list",
        /// An address has a character that nobody sees.
        InvisibleCharacter = "invisible_character",
        /// A field without which a record cannot move is absent.
        LostField = "lost_field",
        /// A section is missing, null, or under another name.
        LostSection = "lost_section",
        /// Ids are numbers, and so are texts of metadata.
        NumbersRetyped = "numbers_retyped",
        /// A page is there twice, and the page after it is not.
        StalePage = "stale_page",
        /// Active memberships alone were asked for, in an environment with ten of them or more.
        StatusFilter = "status_filter",
        /// The records of one section stand in another.
        SwappedSections = "swapped_sections",
        /// Times are in another spelling. No record is lost.
        TimesRespelled = "times_respelled",
        /// Times are in a spelling that cannot be read.
        TimesUnreadable = "times_unreadable",
        /// The records of a section are of another kind: directory users among the users.
        WrongKind = "wrong_kind",
    }
}

/// A truthful bundle, and an export of it that lies.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Lie {
    /// How it lies.
    pub way: Way,
    /// What is at WorkOS.
    pub truthful: Bundle,
    /// An export that says what is there, as a bundle document.
    pub truthful_export: String,
    /// The export that lies.
    pub export: String,
    /// How many records the lie loses, or more.
    pub loses: usize,
    /// The section that lies.
    pub section: Section,
    /// The user or organization whose list it is, where it is not the whole section's.
    pub list_of: Option<Text>,
    /// The ids of the records that the lie is about, where it is about single records that are still in the export.
    pub records: Vec<Text>,
}

impl Lie {
    /// Whether a plan of the export says so: a warning or an error names the section, the list or the record.
    pub fn is_said_by(&self, plan: &ImportPlan) -> bool {
        plan.warnings.iter().filter(|warning| warning.severity() >= Severity::Warning).any(|warning| {
            let said = serde_json::to_value(warning).unwrap_or_default();
            let field = |name: &str| said.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            let of_record = warning.subject().id.is_some_and(|id| self.records.iter().any(|record| record == id));
            let of_section = field("section").is_some_and(|section| section == self.section.as_str());
            let of_list = self.list_of.as_ref().is_none_or(|id| field("list_of").is_some_and(|of| of == *id));
            of_record || (self.records.is_empty() && of_section && of_list)
        })
    }
}

pub(super) fn lie() -> BoxedStrategy<Lie> {
    let draws = (any::<Index>(), any::<Index>(), any::<Index>(), any::<bool>());
    (tidy::bundle(), 3..14_usize, select(Way::ALL), draws)
        .prop_map(|(mut truthful, members, way, (one, other, third, choice))| {
            // Of nine members in one company and eight in the other eleven are active.
            let members = if way == Way::StatusFilter { members.max(9) } else { members };
            companies::add(&mut truthful, members);
            if way == Way::CutBareList {
                let number = if third.index(8) == 0 { 101 } else { 11 };
                companies::add_records(&mut truthful, number + other.index(5));
            }
            let draw = Draw { one, other, third, choice };
            let export = Export::of(&truthful);
            let truthful_export = export.text();
            let mut lie = Lie {
                way,
                truthful,
                truthful_export,
                export: String::new(),
                loses: 1,
                section: Section::Users,
                list_of: None,
                records: Vec::new(),
            };
            lie.export = export.lie(&mut lie, &draw).text();
            lie
        })
        .boxed()
}

/// What decides how exactly an export lies.
struct Draw {
    one: Index,
    other: Index,
    third: Index,
    choice: bool,
}

impl Draw {
    fn of<'t, T>(index: &Index, list: &'t [T]) -> Option<&'t T> {
        pick(index, list)
    }
}

/// A bundle document, section by section, as a script writes it that keeps the API's answers.
struct Export {
    sections: Vec<(String, Value)>,
}

const LISTED: [Section; 5] = [
    Section::Users,
    Section::Organizations,
    Section::OrganizationMemberships,
    Section::SsoConnections,
    Section::Directories,
];

impl Export {
    fn of(bundle: &Bundle) -> Self {
        let whole = serde_json::to_value(bundle).unwrap_or_default();
        let records = |section: Section| {
            let of = whole.get(section.as_str()).and_then(Value::as_array).cloned().unwrap_or_default();
            of.into_iter().map(|record| with_kind(section, record)).collect::<Vec<_>>()
        };
        let listed = |section: Section| match section {
            Section::OrganizationMemberships => {
                let lists = by(&records(section), "organization_id");
                lists.into_iter().map(|(_, list)| page(list, None, None)).collect()
            }
            Section::Identities | Section::AuthenticationFactors => {
                let lists = by(&records(section), "user_id").into_iter();
                Value::Object(lists.map(|(user, list)| (user, Value::Array(list))).collect())
            }
            _ => page(records(section), None, None),
        };
        let sections = Section::ALL.iter().map(|section| (section.as_str().to_owned(), listed(*section)));
        Self { sections: sections.collect() }
    }

    fn text(&self) -> String {
        let of = |(key, value): &(String, Value)| [Value::from(key.as_str()).to_string(), value.to_string()].join(":");
        ["{", &self.sections.iter().map(of).collect::<Vec<_>>().join(","), "}"].concat()
    }

    fn get(&mut self, section: Section) -> Option<&mut Value> {
        self.sections.iter_mut().find(|(key, _)| key == section.as_str()).map(|(_, value)| value)
    }

    fn set(&mut self, section: Section, value: Value) {
        if let Some(place) = self.get(section) {
            *place = value;
        }
    }

    /// All records of a section, in whatever lists.
    fn records(&mut self, section: Section) -> Vec<&mut Value> {
        fn collect<'v>(value: &'v mut Value, found: &mut Vec<&'v mut Value>) {
            let is_page = value.get("data").is_some();
            let is_map = value.is_object() && value.get("object").is_none();
            if is_page {
                value.get_mut("data").into_iter().for_each(|data| collect(data, found));
            } else if is_map {
                let lists = value.as_object_mut().into_iter().flat_map(Map::values_mut);
                lists.for_each(|list| collect(list, found));
            } else if value.is_array() {
                value.as_array_mut().into_iter().flatten().for_each(|item| collect(item, found));
            } else {
                found.push(value);
            }
        }
        let mut found = Vec::new();
        self.get(section).into_iter().for_each(|value| collect(value, &mut found));
        found
    }

    fn copied(&mut self, section: Section) -> Vec<Value> {
        self.records(section).into_iter().map(|record| record.clone()).collect()
    }

    /// Lies, and notes in `lie` about what.
    fn lie(mut self, lie: &mut Lie, draw: &Draw) -> Self {
        let section = Draw::of(&draw.one, &LISTED).copied().unwrap_or(Section::Users);
        lie.section = section;
        match lie.way {
            Way::CutList | Way::StalePage => self.lie_in_pages(lie, draw),
            Way::CutBareList => {
                lie.section = if draw.choice { Section::Users } else { Section::Organizations };
                let mut records = self.copied(lie.section);
                let kept = if records.len() > 100 { 100 } else { 10 };
                lie.loses = records.len() - kept;
                records.truncate(kept);
                self.set(lie.section, Value::Array(records));
            }
            Way::ApiErrorInside => {
                let error = json!({"message": "Too many requests", "code": "rate_limit"});
                lie.section = if draw.choice { Section::Identities } else { Section::OrganizationMemberships };
                match self.get(lie.section) {
                    Some(Value::Object(lists)) => {
                        let users: Vec<String> = lists.keys().cloned().collect();
                        if let Some(user) = Draw::of(&draw.other, &users) {
                            lists.insert(user.clone(), error);
                            lie.list_of = Some(user.into());
                        }
                    }
                    Some(Value::Array(pages)) => {
                        let at = draw.other.index(pages.len());
                        pages.get_mut(at).into_iter().for_each(|page| *page = error.clone());
                    }
                    _ => {}
                }
            }
            Way::InvisibleCharacter => {
                const UNSEEN: [&str; 5] = ["\u{200b}", "\u{feff}", "\u{ad}", "\u{2060}", "\u{202e}"];
                let unseen = Draw::of(&draw.third, &UNSEEN).copied().unwrap_or_default();
                self.change_one(lie, Section::Users, &draw.other, |record| {
                    let email = record.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
                    let (before, after) = email.split_at_checked(3).unwrap_or(("", &email));
                    record.insert("email".into(), [before, unseen, after].concat().into());
                });
            }
            Way::LostField => {
                const FIELDS: [(Section, &str); 9] = [
                    (Section::Users, "email"),
                    (Section::Users, "id"),
                    (Section::Organizations, "id"),
                    (Section::OrganizationMemberships, "user_id"),
                    (Section::OrganizationMemberships, "organization_id"),
                    (Section::SsoConnections, "connection_type"),
                    (Section::SsoConnections, "organization_id"),
                    (Section::Directories, "organization_id"),
                    (Section::Identities, "idp_id"),
                ];
                let (section, field) = Draw::of(&draw.third, &FIELDS).copied().unwrap_or((Section::Users, "id"));
                self.change_one(lie, section, &draw.other, |record| drop(record.remove(field)));
                if field == "id" {
                    lie.records.clear();
                }
            }
            Way::LostSection => match draw.other.index(3) {
                0 => self.sections.retain(|(key, _)| key != section.as_str()),
                1 => self.set(section, Value::Null),
                _ => {
                    let renamed = text!("the_{section}").to_string();
                    let key = self.sections.iter_mut().map(|(key, _)| key).find(|key| *key == section.as_str());
                    key.into_iter().for_each(|key| key.clone_from(&renamed));
                }
            },
            Way::NumbersRetyped => {
                let numbers = |record: &mut Map<String, Value>, field: &str| {
                    let number = record.get(field).and_then(Value::as_str).and_then(|text| text.parse::<u64>().ok());
                    number.into_iter().for_each(|number| drop(record.insert(field.into(), number.into())));
                };
                for user in self.records(Section::Users) {
                    let metadata = user.get_mut("metadata").and_then(Value::as_object_mut);
                    metadata.into_iter().for_each(|metadata| numbers(metadata, "badge"));
                }
                lie.loses = 0;
                if draw.choice {
                    lie.loses = 1;
                    self.change_one(lie, Section::Identities, &draw.other, |record| numbers(record, "idp_id"));
                }
            }
            Way::StatusFilter => {
                lie.section = Section::OrganizationMemberships;
                let mut records = self.copied(lie.section);
                let before = records.len();
                records.retain(|record| record.get("status").and_then(Value::as_str) == Some("active"));
                lie.loses = before - records.len();
                let lists = by(&records, "organization_id").into_iter();
                self.set(lie.section, lists.map(|(_, list)| page(list, None, None)).collect());
            }
            Way::SwappedSections => {
                let others: Vec<Section> = LISTED.into_iter().filter(|other| *other != section).collect();
                let other = Draw::of(&draw.other, &others).copied().unwrap_or(section);
                let (one, two) = (self.get(section).cloned(), self.get(other).cloned());
                self.set(section, two.unwrap_or_default());
                self.set(other, one.unwrap_or_default());
            }
            Way::TimesRespelled | Way::TimesUnreadable => {
                let unreadable = lie.way == Way::TimesUnreadable;
                let spelling = draw.other.index(respell::SPELLINGS);
                let respell = |time: &str| {
                    if unreadable { respell::unreadable(time, spelling) } else { respell::time(time, spelling) }
                };
                lie.section = Section::Users;
                lie.loses = usize::from(unreadable);
                for section in LISTED {
                    self.records(section).into_iter().for_each(|record| respell_record(record, &respell));
                }
            }
            Way::WrongKind => {
                const KINDS: [&str; 4] = ["directory_user", "event", "invitation", "session"];
                let kind = Draw::of(&draw.third, &KINDS).copied().unwrap_or_default();
                self.change_one(lie, section, &draw.other, |record| drop(record.insert("object".into(), kind.into())));
            }
        }
        self
    }

    /// Cuts a list into pages, and leaves the last ones out or has one twice in place of the next.
    fn lie_in_pages(&mut self, lie: &mut Lie, draw: &Draw) {
        let mut records = self.copied(lie.section);
        let mut others = Vec::new();
        if lie.section == Section::OrganizationMemberships {
            let lists = by(&records, "organization_id");
            let long: Vec<&(String, Vec<Value>)> = lists.iter().filter(|(_, list)| list.len() > 1).collect();
            let Some((id, list)) = Draw::of(&draw.other, &long).copied() else { return };
            others =
                lists.iter().filter(|(other, _)| other != id).map(|(_, list)| page(list.clone(), None, None)).collect();
            lie.list_of = Some(id.into());
            records.clone_from(list);
        }
        let size = 1 + draw.third.index(records.len() - 1);
        let mut pages = pages(&records, size, draw.choice);
        let at = draw.other.index(pages.len() - 1);
        let lost = records.len() - (at + 1) * size;
        if lie.way == Way::CutList {
            lie.loses = lost;
            pages.truncate(at + 1);
        } else {
            lie.loses = lost.min(size);
            if let Some(stale) = pages.get(at).cloned() {
                pages.get_mut(at + 1).into_iter().for_each(|next| *next = stale.clone());
            }
        }
        pages.extend(others);
        self.set(lie.section, Value::Array(pages));
    }

    fn change_one(&mut self, lie: &mut Lie, section: Section, index: &Index, change: impl Fn(&mut Map<String, Value>)) {
        lie.section = section;
        let mut records = self.records(section);
        let number = records.len();
        let record = (number > 0).then(|| index.index(number)).and_then(|at| records.get_mut(at));
        let Some(record) = record.and_then(|record| record.as_object_mut()) else { return };
        let id = record.get("id").or_else(|| record.get("user_id")).and_then(Value::as_str).map(Text::from);
        change(record);
        lie.records.extend(id);
    }
}
