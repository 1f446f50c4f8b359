//! Reads the pages of all listings into one bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, mem};

use serde::Deserialize;
use serde::de::IgnoredAny;
use workos_to_authio::Text;
use workos_to_authio::workos::{Bundle, BundleError, Cursors, Gap, GapKind, Section};

use super::pages::{EVERY_STATUS, Listing, Pages, STATUSES, api_path, file_name, scope};

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
    /// The longest page of each section.
    longest: BTreeMap<Section, usize>,
    /// Lists without paging information whose pages are all of one length, with the last file and that length.
    full: Vec<(Listing, String, usize)>,
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
        joined.bundle.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::Missing));
    }
    for path in &pages.unknown {
        joined.missing.push(format!("{}: not read, its name is none of those that --help lists", path.display()));
    }
    joined.judge_full_lists();
    joined.judge_statuses(pages);
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

/// The JSON text of a page; or what the file is.
fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(&bytes).ok().map(|text| text.trim_start_matches('\u{feff}'));
    match text {
        Some(text) if serde_json::from_str::<IgnoredAny>(text).is_ok() => Ok(text.to_owned()),
        // The reader of bundles knows other encodings, and several documents in one file.
        _ => Err(match Bundle::from_slice(&bytes) {
            Err(BundleError::Syntax { message, line, column }) => {
                format!("not JSON: {message} at line {line} column {column}")
            }
            Err(error) => format!("not JSON: {error}"),
            Ok(_) => "not JSON".into(),
        }),
    }
}

/// The code of an API error. Its message stays out of what is printed: it may name a person or a key.
fn error_code(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Error {
        code: String,
    }
    let Error { code } = serde_json::from_str(text).ok()?;
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (!code.is_empty() && code.len() <= 60 && code.bytes().all(is_name)).then_some(code)
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

/// What a page says of itself.
struct Read {
    next: Next,
    /// Whether it names a page before it.
    has_before: bool,
    /// The ids of its records.
    ids: Vec<Text>,
}

impl Read {
    /// Of a page that cannot be read.
    const NOTHING: Self = Self { next: Next::Unknown, has_before: false, ids: Vec::new() };
}

/// The ids of a page's records, bad ones included.
fn ids(page: &Bundle) -> Vec<Text> {
    let Bundle {
        users,
        organizations,
        organization_memberships,
        sso_connections,
        directories,
        authentication_factors,
        identities,
        invitations,
        roles,
        rejected,
        ..
    } = page;
    let mut ids: Vec<Text> =
        rejected.iter().map(|rejected| format!("{} {:?}", rejected.index, rejected.id).into()).collect();
    ids.extend(users.iter().map(|record| record.id.clone()));
    ids.extend(organizations.iter().map(|record| record.id.clone()));
    ids.extend(organization_memberships.iter().map(|record| record.id.clone()));
    ids.extend(sso_connections.iter().map(|record| record.id.clone()));
    ids.extend(directories.iter().map(|record| record.id.clone()));
    ids.extend(authentication_factors.iter().map(|record| record.id.clone()));
    ids.extend(identities.iter().map(|record| record.idp_id.clone()));
    ids.extend(invitations.iter().map(|record| record.id.clone()));
    ids.extend(roles.iter().map(|record| record.slug.clone()));
    ids.sort_unstable();
    ids
}

impl Joined {
    /// Whether every list is there from its first page to its last, and readable.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.unreadable.is_empty()
    }

    /// Reads one listing's pages, in the order of their numbers.
    ///
    /// A page's `after` means that a page follows. It is met by a file with the next number, and by nothing else: a
    /// page names the page before it by its own first record, so that only the numbers show a page that is missing in
    /// the middle.
    fn read_listing<'a>(&mut self, listing: &Listing, files: impl Iterator<Item = (u64, &'a Path)>) {
        let mut files = files.peekable();
        // Two pages with one cursor, or with the same records, are one page that was fetched twice.
        let (mut cursors, mut contents) = (BTreeMap::new(), BTreeMap::new());
        let mut bare = Vec::new();
        let (mut befores, mut afters) = (0, 0);
        // Counting pages from 0 is as good as from 1.
        if let Some((first, _)) = files.peek().filter(|(first, _)| *first > 1) {
            let name = file_name(listing, first - 1);
            self.cut(listing, format!("page {}", first - 1), &format!("{name} is not there, but page {first} is"));
        }
        while let Some((number, path)) = files.next() {
            let following = files.peek().map(|(number, _)| *number);
            let followed = following.is_some_and(|next| next <= number + 1);
            let Read { next, has_before, ids } = self.read_page(listing, path);
            befores += usize::from(has_before);
            afters += usize::from(matches!(next, Next::After(_)));
            let file = path.display();
            let name = file_name(listing, number + 1);
            if matches!(next, Next::Unknown) {
                bare.push((ids.len(), path));
            }
            let is_last = matches!(next, Next::None);
            let same_content = contents.insert(ids.clone(), (file.to_string(), is_last)).filter(|_| !ids.is_empty());
            let same_content = same_content.filter(|(_, was_last)| !(is_last && *was_last)).map(|(file, _)| file);
            let twice = match &next {
                Next::After(after) => cursors.insert(after.clone(), file.to_string()).or(same_content),
                // A last page that is there twice may be all that is wrong: its cursors say more.
                Next::Unknown | Next::None => same_content,
            };
            if let Some(first) = twice {
                let cursor = if let Next::After(after) = &next { after.clone() } else { format!("page {number}") };
                let why = format!("{file} is the same page as {first}: the page after {first} was not fetched");
                self.cut(listing, cursor, &why);
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
        if befores > afters {
            self.bundle.gaps.push(gap_of(listing, GapKind::MaybeTruncated));
            let name = file_name(listing, 1);
            self.missing.push(format!(
                "{name}: perhaps not all: a page names a page before it that is not there; fetch {} again, with order=asc",
                api_path(listing)
            ));
        }
        let Some((size, path)) = bare.last().copied() else { return };
        let longest = self.longest.entry(listing.0).or_default();
        *longest = bare.iter().map(|(size, _)| *size).max().unwrap_or_default().max(*longest);
        let never_paged = matches!(listing.0, Section::Identities | Section::Roles);
        if !never_paged && bare.iter().all(|(other, _)| *other == size) {
            self.full.push((listing.clone(), path.display().to_string(), size));
        }
    }

    /// Lists without paging information whose pages are all as long as a page of the API (B7).
    fn judge_full_lists(&mut self) {
        for (listing, file, size) in mem::take(&mut self.full) {
            let is_default = size == 10 && self.longest.get(&listing.0).is_none_or(|longest| *longest <= 10);
            if size == 100 || is_default {
                self.bundle.gaps.push(gap_of(&listing, GapKind::MaybeTruncated));
                self.missing.push(format!(
                    "{file}: {size} records, as many as a page has, and no paging information; fetch {} again",
                    api_path(&listing)
                ));
            }
        }
    }

    /// Memberships of one status, in a folder that does not say that every status was asked for (B15).
    fn judge_statuses(&mut self, pages: &Pages) {
        let Some(gap) = self.bundle.maybe_filtered().filter(|_| !pages.has_every_status) else { return };
        let section = gap.section;
        self.bundle.gaps.push(gap);
        self.missing.push(format!(
            "{section}: all have one status, and WorkOS lists active ones alone unless asked for others; fetch {} again, or, \
             if they were fetched so, put a file {STATUSES} with the text {EVERY_STATUS} beside them",
            api_path(&(section, None))
        ));
    }

    /// Reads one page; what is wrong with it goes into the bundle's gaps and rejected records. Gives what the page says
    /// of the page after it, and the ids of the page's records.
    fn read_page(&mut self, listing: &Listing, path: &Path) -> Read {
        let (section, id) = listing;
        let file = path.display();
        let wrong = |this: &mut Self, why: String| {
            this.missing.push(format!("{file}: {why}; fetch {} again", api_path(listing)));
        };
        let text = match read(path) {
            Ok(text) => text,
            Err(why) => {
                self.bundle.gaps.push(gap_of(listing, GapKind::Unreadable));
                wrong(self, why);
                return Read::NOTHING;
            }
        };
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
                self.bundle.gaps.push(gap_of(listing, GapKind::Unreadable));
                wrong(self, error.to_string());
                return Read::NOTHING;
            }
        };
        // Pages within the file say where they end, too.
        let within = page.gaps.iter().find_map(|gap| match &gap.kind {
            GapKind::Truncated { after } => Some(Next::After(after.to_string())),
            _ => None,
        });
        // Where a list ends, and which statuses it has, is judged over all its pages.
        page.gaps.retain(|gap| {
            let of_all_pages =
                matches!(gap.kind, GapKind::MaybeFiltered { .. } | GapKind::MaybeTruncated | GapKind::Truncated { .. });
            gap.section == *section && !of_all_pages
        });
        if *section == Section::OrganizationMemberships {
            page.gaps.iter_mut().for_each(|gap| gap.list_of.clone_from(&id.as_deref().map(Text::from)));
            let of_others =
                page.organization_memberships.iter().find(|record| Some(&*record.organization_id) != id.as_deref());
            if let Some(record) = of_others {
                let why = format!(
                    "a record of organization {}, which is not the organization of the file's name",
                    record.organization_id
                );
                self.bundle.gaps.push(gap_of(listing, GapKind::Missing));
                wrong(self, why);
            }
        }
        for gap in &page.gaps {
            match &gap.kind {
                GapKind::ApiError { .. } => {
                    let code = error_code(&text).map(|code| format!(" ({code})")).unwrap_or_default();
                    wrong(self, format!("an API error in place of a list{code}"));
                }
                GapKind::Null => wrong(self, "null in place of a list".into()),
                GapKind::Unreadable => wrong(self, "not a list".into()),
                _ => {}
            }
        }
        for rejected in &page.rejected {
            self.unreadable.push(format!("{file}: record {}: {}", rejected.index, rejected.reason));
        }
        let ids = ids(&page);
        self.bundle.extend(page);
        let Some(Cursors { before, after, .. }) = Cursors::of_page(&text) else {
            return Read { next: within.unwrap_or(Next::Unknown), has_before: false, ids };
        };
        let next = after.map_or(Next::None, |after| Next::After(after.into()));
        Read { next, has_before: before.is_some(), ids }
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

    /// Organizations whose memberships were not fetched. Where no organization's were, the section as a whole is
    /// missing.
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
