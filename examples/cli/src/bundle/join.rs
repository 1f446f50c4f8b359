//! Reads the pages of all listings into one bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use workos_to_authio::Text;
use workos_to_authio::workos::{Bundle, Gap, GapKind, Section};

use super::pages::{Listing, Pages, api_path, file_name, scope};

/// A bundle, and what a person should know about how it came together.
#[derive(Default)]
pub(crate) struct Joined {
    pub(crate) bundle: Bundle,
    /// Something is missing: the plan will say so too.
    pub(crate) missing: Vec<String>,
    /// Records that cannot be read. They are set aside in the bundle, and the plan names each.
    pub(crate) unreadable: Vec<String>,
    /// Nothing is lost; worth knowing.
    pub(crate) notes: Vec<String>,
}

pub(crate) fn join(pages: &Pages) -> Joined {
    let mut joined = Joined::default();
    for (listing, files) in &pages.listings {
        joined.read_listing(listing, files.iter().map(|(number, path)| (*number, path.as_path())));
    }
    for path in &pages.without_organization {
        joined.missing.push(format!(
            "{}: not read, its name does not say whose list it is; expected organization_memberships.<organization id>.1.json",
            path.display()
        ));
        joined.bundle.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::Unreadable));
    }
    for path in &pages.unknown {
        joined.missing.push(format!("{}: not read, its name is none of those that --help lists", path.display()));
    }
    joined.find_missing_lists(pages);
    joined.find_missing_memberships(pages);
    joined.note_missing_user_lists(pages);
    joined
}

/// A gap in a listing.
fn gap_of((section, id): &Listing, kind: GapKind) -> Gap {
    match id {
        Some(id) => Gap::in_list_of(id.as_str(), *section, kind),
        None => Gap::new(*section, kind),
    }
}

/// What a page says of the page after it.
enum Next {
    /// Nothing: a bare array.
    Unknown,
    /// It is the last one.
    None,
    /// One follows, behind this cursor.
    After(String),
}

impl Next {
    fn of(text: &str) -> Self {
        #[derive(Deserialize)]
        struct Page {
            #[serde(alias = "listMetadata")]
            list_metadata: Option<ListMetadata>,
        }
        #[derive(Deserialize)]
        struct ListMetadata {
            after: Option<String>,
        }
        // serde would take an array for the fields in their order.
        let page = text.trim_start().starts_with('{').then(|| serde_json::from_str::<Page>(text).ok()).flatten();
        match page.and_then(|page| page.list_metadata) {
            None => Self::Unknown,
            Some(ListMetadata { after }) => after.filter(|after| !after.is_empty()).map_or(Self::None, Self::After),
        }
    }
}

impl Joined {
    /// Whether every list is there from its first page to its last, and readable.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.unreadable.is_empty()
    }

    /// Reads one listing's pages, in the order of their numbers.
    ///
    /// A page's `after` means that a page follows. It is met by a file with the next number, and by nothing else: pages do not
    /// name the page before them, so that only the numbers show a page that is missing in the middle.
    fn read_listing<'a>(&mut self, listing: &Listing, files: impl Iterator<Item = (u64, &'a Path)>) {
        let mut files = files.peekable();
        let mut cursors: BTreeMap<String, String> = BTreeMap::new();
        // Counting pages from 0 is as good as from 1.
        if let Some((first, _)) = files.peek().filter(|(first, _)| *first > 1) {
            let name = file_name(listing, first - 1);
            self.cut(listing, format!("page {}", first - 1), &format!("{name} is not there, but page {first} is"));
        }
        while let Some((number, path)) = files.next() {
            let following = files.peek().map(|(number, _)| *number);
            let followed = following.is_some_and(|next| next <= number + 1);
            let next = self.read_page(listing, path, followed);
            let file = path.display();
            let name = file_name(listing, number + 1);
            if let Next::After(after) = &next {
                // Two pages with one cursor are one page, fetched twice: the page that should be there is not.
                if let Some(first) = cursors.insert(after.clone(), file.to_string()) {
                    let why = format!("{file} is the same page as {first}: the page after {first} was not fetched");
                    self.cut(listing, after.clone(), &why);
                }
            }
            match (next, following) {
                (Next::None, _) if followed => self.notes.push(format!(
                    "{file} says that it is the last page, and more are there: pages of two runs may be mixed"
                )),
                _ if followed => {}
                (Next::After(after), _) => {
                    let why = format!("{file} is followed by another page (after={after}), and {name} is not there");
                    self.cut(listing, after, &why);
                }
                (_, Some(next)) => {
                    self.cut(listing, format!("page {number}"), &format!("{name} is not there, but page {next} is"));
                }
                (_, None) => {}
            }
        }
    }

    /// Reads one page; what is wrong with it goes into the bundle's gaps and rejected records.
    fn read_page(&mut self, listing: &Listing, path: &Path, followed: bool) -> Next {
        let (section, id) = listing;
        let file = path.display();
        let wrong = |this: &mut Self, why: String| {
            this.missing.push(format!("{file}: {why}; fetch {} again", api_path(listing)));
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.bundle.gaps.push(Gap::new(*section, GapKind::Unreadable));
                wrong(self, error.to_string());
                return Next::Unknown;
            }
        };
        let text = text.trim_start_matches('\u{feff}');
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            self.bundle.gaps.push(Gap::new(*section, GapKind::Unreadable));
            wrong(self, format!("not JSON: {error}"));
            return Next::Unknown;
        }
        // The crate's own reader does the rest: as a bundle that has this page and nothing else.
        let page = match (section, id) {
            (Section::AuthenticationFactors | Section::Identities, Some(id)) => {
                let id = serde_json::to_string(id).unwrap_or_default();
                Bundle::from_json(&format!("{{\"{section}\":{{{id}:{text}}}}}"))
            }
            _ => Bundle::from_json(&format!("{{\"{section}\":{text}}}")),
        };
        let mut page = match page {
            Ok(page) => page,
            Err(error) => {
                self.bundle.gaps.push(Gap::new(*section, GapKind::Unreadable));
                wrong(self, error.to_string());
                return Next::Unknown;
            }
        };
        let next = Next::of(text);
        page.gaps.retain(|gap| gap.section == *section);
        // A page with cursors is judged by the pages beside it, over all pages of the listing.
        page.gaps.retain(|gap| gap.kind != GapKind::MaybeTruncated || matches!(next, Next::Unknown));
        if *section == Section::OrganizationMemberships {
            page.gaps.iter_mut().for_each(|gap| gap.list_of.clone_from(&id.as_deref().map(Text::from)));
            let of_others =
                page.organization_memberships.iter().find(|record| Some(&*record.organization_id) != id.as_deref());
            if let Some(record) = of_others {
                let why = format!(
                    "a record of organization {}, which is not the organization of the file's name",
                    record.organization_id
                );
                self.bundle.gaps.push(gap_of(listing, GapKind::Unreadable));
                wrong(self, why);
            }
        }
        for gap in &page.gaps {
            match &gap.kind {
                GapKind::ApiError { message } => wrong(self, format!("an API error in place of a list: {message}")),
                GapKind::Null => wrong(self, "null in place of a list".into()),
                GapKind::Unreadable => wrong(self, "not a list".into()),
                GapKind::MaybeTruncated if !followed => {
                    wrong(self, "as many records as a page has, and no paging information".into());
                }
                // Whether a page follows is judged over all pages of the listing.
                _ => {}
            }
        }
        page.gaps.retain(|gap| match gap.kind {
            GapKind::Truncated { .. } => false,
            GapKind::MaybeTruncated => !followed,
            _ => true,
        });
        for rejected in &page.rejected {
            self.unreadable.push(format!("{file}: record {}: {}", rejected.index, rejected.reason));
        }
        self.bundle.extend(page);
        next
    }

    /// Remembers that a listing is cut short.
    fn cut(&mut self, listing: &Listing, after: String, why: &str) {
        self.bundle.gaps.push(gap_of(listing, GapKind::Truncated { after: after.into() }));
        self.missing.push(format!("{why}; fetch {} again, following after", api_path(listing)));
    }

    /// Sections without a single file.
    fn find_missing_lists(&mut self, pages: &Pages) {
        for section in Section::ALL.iter().copied().filter(|section| section.is_required()) {
            if pages.listings.keys().all(|(other, _)| *other != section) {
                self.bundle.gaps.push(Gap::new(section, GapKind::Missing));
                let name = file_name(&(section, scope(section).map(|scope| format!("<{scope} id>"))), 1);
                self.missing.push(format!("{section}: no file {name}; fetch {}", api_path(&(section, None))));
            }
        }
    }

    /// Organizations whose memberships were not fetched. Where no organization's were, the section as a whole is missing.
    fn find_missing_memberships(&mut self, pages: &Pages) {
        let section = Section::OrganizationMemberships;
        if pages.listings.keys().all(|(other, _)| *other != section) {
            return;
        }
        let organizations: BTreeSet<String> =
            self.bundle.organizations.iter().map(|organization| organization.id.to_string()).collect();
        for id in organizations {
            let listing = (section, Some(id));
            if !pages.listings.contains_key(&listing) {
                let (_, Some(id)) = &listing else { continue };
                self.bundle.gaps.push(gap_of(&listing, GapKind::Missing));
                self.missing.push(format!(
                    "organization {id}: no file {}; fetch {}",
                    file_name(&listing, 1),
                    api_path(&listing)
                ));
            }
        }
    }

    /// Users whose factors or identities were not fetched. Both are optional: one request for each user.
    fn note_missing_user_lists(&mut self, pages: &Pages) {
        let users: BTreeSet<&str> = self.bundle.users.iter().map(|user| user.id.as_str()).collect();
        for (section, effect) in [
            (Section::AuthenticationFactors, "nobody of them is marked as enrolled in MFA"),
            (Section::Identities, "their social sign-ins are not planned"),
        ] {
            let without =
                users.iter().filter(|id| !pages.listings.contains_key(&(section, Some((**id).to_owned())))).count();
            if without > 0 {
                let path = api_path(&(section, None));
                self.notes.push(format!(
                    "{without} of {} users have no file {}; {effect}; fetch {path}",
                    users.len(),
                    file_name(&(section, Some("<user id>".into())), 1)
                ));
            }
        }
    }
}
