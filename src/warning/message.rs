//! What the texts of warnings are made of (P2).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{IdpMetadataField, SlugChange, Warning};
use crate::Text;
use crate::authio::Role;
use crate::workos::Section;

/// How every message begins.
pub(super) const PREFIX: &str = "workos: ";

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.message(f)
    }
}

/// The end of a message about a section that gave no records. The words are also true of a joined bundle, where another
/// bundle may have given some.
pub(super) const NOT_PLANNED: &str = "; the records that belong there are not in the plan";

/// Which copy of a record counts (P7, B11).
pub(super) const fn kept(tied: bool, section: Section) -> &'static str {
    match section {
        _ if !tied => "kept the copy updated last",
        Section::Users | Section::Organizations | Section::OrganizationMemberships => {
            "no time tells which is the newest, kept the copy that gives least"
        }
        _ => "no time tells which is the newest, kept the copy whose fields compare smallest",
    }
}

impl SlugChange {
    pub(super) const fn because(self) -> &'static str {
        match self {
            Self::Taken => "the slug it asks for belongs to another organization",
            Self::Reserved => "the slug it asks for is reserved",
            Self::Unusable => "no slug can be made from its slug or name",
            Self::Rewritten => "its own slug is not in the form that Authio takes",
            Self::Pinned => "Authio already knows the organization by that slug",
        }
    }
}

/// A noun in the number of its count.
pub(super) fn plural(count: u64, noun: &str) -> String {
    format!("{noun}{}", if count == 1 { "" } else { "s" })
}

/// A record that could not be read, after the name of its section.
pub(super) fn in_section(index: Option<u64>, id: Option<&Text>) -> String {
    let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
    let id = id.map(|id| format!(" {}", Id(id))).unwrap_or_default();
    index + &id
}

/// Whose list it is, where it is the list of one user or organization.
pub(super) fn of_owner(owner: Option<&Text>) -> String {
    owner.map(|id| format!(" of {}", Id(id))).unwrap_or_default()
}

/// What is an API error: a list, or some of several answers.
pub(super) fn api_errors(section: Section, list_of: Option<&Text>, counts: Option<(u64, u64)>) -> String {
    match counts {
        Some((failed, answers)) => format!("{section}: {failed} of {answers} answers have an API error"),
        None => format!("{section}{} is an API error", of_owner(list_of)),
    }
}

/// A key of a document. The reader keeps plain names only; what was built in code may be anything.
pub(super) fn section_key(key: &Text) -> String {
    if key == ".." { String::from("..") } else { SlugLike(key).to_string() }
}

/// The attributes that differ. Keys of metadata are the application's own and may be anything, an address too.
pub(super) struct Attributes<'a>(pub(super) &'a [Text]);

impl fmt::Display for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|field| if field.starts_with("metadata.") { "metadata" } else { field });
        let mut names: Vec<_> = names.map(SlugLike).collect();
        names.dedup();
        list(f, names.into_iter())
    }
}

/// Where an invitation leads to.
pub(super) fn into_organization(id: Option<&str>) -> String {
    id.map_or_else(|| String::from("to sign up"), |id| format!("into organization {}", Id(id)))
}

/// Several words, each as [`SlugLike`].
pub(super) struct SlugsLike<'a>(pub(super) &'a [Text]);

impl fmt::Display for SlugsLike<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        list(f, self.0.iter().map(|word| SlugLike(word)))
    }
}

/// Several roles.
pub(super) struct Roles<'a>(pub(super) &'a [Role]);

impl fmt::Display for Roles<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.iter().map(|role| SlugLike(role.as_str())))
    }
}

/// The end of the headline (U10): how many of the merged users have memberships in several organizations.
pub(super) fn multi_org(multi_org: u64, merged_into: u64) -> String {
    let count = if multi_org == merged_into { String::new() } else { format!(", {multi_org}") };
    format!("{count} with multi-org memberships")
}

/// What the bundle holds of the identity provider's side, by name. The values may hold domains; the record has them.
pub(super) fn handoff(held: &[IdpMetadataField], certificates: u64) -> String {
    if held.is_empty() {
        return "the bundle has no metadata of the provider: copy the metadata from the WorkOS dashboard before WorkOS \
                is switched off"
            .into();
    }
    let name = |field: &IdpMetadataField| match field {
        IdpMetadataField::EntityId => "entity id".into(),
        IdpMetadataField::SsoUrl => "sign-on URL".into(),
        IdpMetadataField::Certificates => format!("{certificates} {}", plural(certificates, "certificate")),
        IdpMetadataField::DiscoveryEndpoint => "discovery URL".into(),
        IdpMetadataField::ClientId => "client id".into(),
        IdpMetadataField::AcsUrl => "ACS or redirect URL".into(),
    };
    format!("the bundle has: {}", held.iter().map(name).collect::<Vec<String>>().join(", "))
}

/// What a message shows in place of a text that may be an address, a name or a domain.
const NOT_SHOWN: &str = "(not shown)";

/// An id of the source. Every character is escaped that could break the line or hide a part of it. Ids are opaque: an
/// id with an `@` in it may be an address, and is not shown.
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(none)");
        }
        if self.0.contains('@') {
            return f.write_str(NOT_SHOWN);
        }
        let mut plain = self.0.split(is_hidden);
        let mut hidden = self.0.chars().filter(|c| is_hidden(*c));
        if let Some(text) = plain.next() {
            f.write_str(text)?;
        }
        plain.try_for_each(|text| {
            hidden.next().map_or(Ok(()), |c| write!(f, "{}", c.escape_default()))?;
            f.write_str(text)
        })
    }
}

/// A role, status, state, type or kind: a word that WorkOS and its customers choose, and that may be any text. The word
/// is shown where it looks like a slug.
#[derive(PartialEq)]
pub(crate) struct SlugLike<'a>(pub(crate) &'a str);

impl fmt::Display for SlugLike<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            "" => "(none)",
            slug if is_slug_like(slug) => slug,
            _ => NOT_SHOWN,
        })
    }
}

/// A slug whose letters were folded: in small letters a person's name looks like several words, so that one word only
/// is shown.
pub(super) fn folded(slug: &str) -> SlugLike<'_> {
    SlugLike(if slug.contains(' ') { NOT_SHOWN } else { slug })
}

/// ASCII letters and digits with `_`, `-`, `:` and `/` between them; a dot within a number, for that of `v2.0` makes no
/// domain; up to four words in small letters, for `okta scim v2.0` is a type and `Ann Lee` a person.
fn is_slug_like(text: &str) -> bool {
    const LONGEST: usize = 40;
    const SPACES: usize = 3;
    let spaces = text.bytes().filter(|byte| *byte == b' ').count();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-:/ .".contains(&byte);
    let is_digit = |c: char| c.is_ascii_digit();
    let dots = text.match_indices('.').map(|(at, _)| text.split_at(at));
    let mut dots =
        dots.map(|(before, after)| before.ends_with(is_digit) && after.trim_start_matches('.').starts_with(is_digit));
    text.len() <= LONGEST
        && text.trim().len() == text.len()
        && text.bytes().all(is_allowed)
        && dots.all(|in_number| in_number)
        && spaces <= SPACES
        && (spaces == 0 || !text.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// Control characters, Unicode's line separators, and those that are invisible or turn the direction of the text.
pub(crate) fn is_hidden(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{feff}');
    let breaking_or_turning = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    c.is_control() || invisible || breaking_or_turning
}

/// Several ids; of many, the first few and how many more.
pub(crate) struct Ids<'a>(pub(crate) &'a [Text]);

/// How many ids a message names before it counts the rest. The warning's fields have them all.
const NAMED: usize = 5;

impl fmt::Display for Ids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.iter().map(|id| Id(id)))
    }
}

/// Several things; of many, the first few and how many more.
pub(crate) fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    mut items: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    for position in 0..NAMED {
        let Some(item) = items.next() else { return Ok(()) };
        if position > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    match items.len() {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}
