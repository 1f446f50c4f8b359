//! Paper about a move: one [`Review`], and every format made of it (docs/review.md, R1 to R14).
//!
//! Before a company moves, somebody signs. While it moves, administrators outside have to act. Afterwards somebody
//! ticks off a list. A [`Review`] is what all of them read, from the same numbers.
//!
//! ```
//! use workos_to_authio::review::{Material, Review, Show};
//! use workos_to_authio::{plan, workos};
//!
//! let mut bundle = workos::Bundle::new();
//! bundle.organizations.push(workos::Organization::new("org_01A", "Acme"));
//! bundle.users.push(workos::User::new("user_01A", "ann@acme.example"));
//! let plan = plan(&bundle);
//! let review = Review::new(&Material::new(&plan).show(Show::Ids));
//!
//! assert!(review.html().contains("org_01A") && !review.html().contains("Acme"));
//! assert!(review.markdown().starts_with("# Review of a move"));
//! assert!(review.ids_csv().contains(r#""user","user_01A","workos:user_01A","","","create""#));
//! ```

mod access;
mod access_table;
mod admins;
mod advice;
mod apart;
mod attention;
mod build;
mod cause;
mod certificate;
mod checklist;
mod codes;
mod csv;
mod findings;
mod handoff;
mod html;
mod lost;
mod markdown;
mod material;
mod merges;
mod next;
mod numbers;
mod outside;
mod power;
mod reasons;
mod said;
mod seats;
mod sign_in;
mod tables;
mod text;
mod together;
mod tonight;
mod words;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use crate::authio::{Identity, Membership, Organization, ScimDirectory, SsoConnection};
use crate::cutover::{Cutover, OrganizationGroup};
use crate::mirror::{Change, Kinds, RecordKind};
use crate::{Merge, Text};

pub use advice::what_to_do;
pub use handoff::Sheet;
pub use html::{SCRIPT_HASH, STYLE_HASH};
pub use material::{Material, Show};
pub use numbers::{ActionCounts, Headline, KindNumbers, Standing};
pub use reasons::Obstacle;

use apart::Apart;
use attention::Attention;
use findings::Finding;
use outside::Outside;
use seats::Seat;
use tonight::Tonight;

/// What people read about a move: built once, and every format is made of it (R1).
///
/// Building and every format take time in proportion to the plan, but for sorting. The same plan in any order of its
/// making gives the same bytes.
#[derive(Debug)]
#[must_use]
pub struct Review<'a> {
    material: Material<'a>,
    headline: Headline,
    numbers: [KindNumbers; 6],
    /// By external id, sorted; what is in no organization of the plan is not here.
    organizations: IndexMap<&'a str, Place<'a>>,
    /// In the order of the plan's users.
    people: Vec<Person<'a>>,
    users: IndexMap<&'a str, usize>,
    /// The position of each user of several records, by any of the ids, and how they became one.
    merged: IndexMap<&'a str, (usize, &'a Merge)>,
    /// The memberships of the plan as changes call them; only where there are changes.
    planned: IndexMap<&'a str, &'a Membership>,
    /// What a person should know, most severe first.
    findings: Vec<Finding<'a>>,
    attention: Attention,
    /// Memberships whose access becomes another, the worst first.
    seats: Vec<Seat<'a>>,
    /// Tonight's changes, each with its organization and user.
    tonight: Vec<Tonight<'a>>,
    /// The groups of two and more organizations that share people or a domain.
    groups: Vec<OrganizationGroup>,
    /// The directories whose source cannot push SCIM, by WorkOS id.
    not_scim: IndexSet<&'a str>,
    phases: Option<&'a Cutover>,
    known: Known<'a>,
    outside: Outside<'a>,
}

/// An organization of the plan, or one that a record of the plan refers to.
#[derive(Debug, Default)]
struct Place<'a> {
    organization: Option<&'a Organization>,
    active: u64,
    invited: u64,
    deactivated: u64,
    /// Active owners and admins.
    administrators: u64,
    sso: Vec<&'a SsoConnection>,
    scim: Vec<&'a ScimDirectory>,
    /// Connections and directories of it that are not in the plan.
    apart: Vec<Apart<'a>>,
    phase: Option<u32>,
    /// What needs a person and is about it alone, and what is about others too.
    findings: [u64; 2],
}

/// A user of the plan.
#[derive(Debug, Default)]
struct Person<'a> {
    memberships: Vec<&'a Membership>,
    identities: Vec<&'a Identity>,
    /// Where the user's mail is due.
    phase: Option<u32>,
    mailed: bool,
    /// Whether some organizations of the user move later than others (C6).
    split: bool,
    /// Whether nobody knows where the user belongs: the list of memberships was not read to its end.
    unread: bool,
    /// Whether a membership of the user departs tonight, or did on an earlier night.
    left: bool,
    /// Whether a conflict stands against the user: the address may be that of somebody else's account.
    conflict: bool,
}

/// Where a record of the plan is: what numbers, hand-offs and sheets say is from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AtAuthio<'a> {
    /// At Authio, with its id where that is known.
    There(Option<&'a str>),
    /// The night makes it.
    Tonight,
    /// Somebody removed it at Authio, and no night makes it again.
    Removed,
    /// Nobody has made it, and no night is about to.
    NotYet,
}

impl<'a> AtAuthio<'a> {
    const fn id(self) -> Option<&'a str> {
        match self {
            Self::There(id) => id,
            Self::Tonight | Self::Removed | Self::NotYet => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::There(Some(_)) => "at Authio; the sheet has the URLs",
            Self::There(None) => "at Authio; its id is not known here, so the sheet has templates",
            Self::Tonight => "made when this night runs; the sheet has templates until then",
            Self::Removed => "removed at Authio, and not made again",
            Self::NotYet => "not made at Authio yet; the sheet has templates",
        }
    }
}

/// What is known of the records at Authio.
#[derive(Debug, Default)]
struct Known<'a> {
    /// What is done about each record of the plan that the changes list.
    changes: IndexMap<(RecordKind, &'a str), &'a Change>,
    /// What is done about records that are not in the plan.
    apart: Vec<&'a Change>,
    /// Those of `apart` about which nothing is done.
    stays: IndexMap<(RecordKind, &'a str), &'a Change>,
    /// Users that wait for the address of another account, and that account, by Authio's id.
    waits: IndexMap<&'a str, (&'a Change, &'a str)>,
    /// The source memberships that left an account for another one.
    moved: IndexSet<&'a str>,
    /// What leaves an account for another one, the account itself among it, by Authio's id of the account.
    left_over: IndexMap<&'a str, Vec<&'a Change>>,
    /// The external id of each organization, by Authio's id or placeholder: of the ledger, and of tonight.
    organizations: IndexMap<&'a str, &'a str>,
    /// Names of users who are at Authio, or were, and of whom the plan has none, by external id.
    names: IndexMap<&'a str, Cow<'a, str>>,
    /// Of which kinds the records of the plan that the changes do not list are unchanged.
    unlisted: Kinds<bool>,
    /// Authio's ids by external id, of held entries of the ledger. One that begins with the external id is a
    /// placeholder: the answer with the id was lost (A6), or nobody read it.
    ids: IndexMap<(RecordKind, &'a str), &'a str>,
}

impl Review<'_> {
    /// Whether the move may run, in words.
    pub const fn headline(&self) -> &Headline {
        &self.headline
    }

    /// The numbers of each kind, in the order of the plan's lists.
    pub const fn numbers(&self) -> &[KindNumbers; 6] {
        &self.numbers
    }

    /// Everybody who has had a mail once the mails of some phases are sent, by the ids of all their records (R4): what
    /// to remember, and to give to [`Material::mailed`] the next time. Sorted.
    pub fn mailed_with(&self, phases: &[u32]) -> Vec<Text> {
        let mut mailed: Vec<Text> = self.material.mailed.iter().cloned().collect();
        for (user, person) in self.material.plan.users.iter().zip(&self.people) {
            if person.mailed || self.due_phase(person).is_some_and(|phase| phases.contains(&phase)) {
                mailed.push(user.external_id.clone());
                mailed.extend(user.source_external_ids.iter().cloned());
            }
        }
        mailed.sort_unstable();
        mailed.dedup();
        mailed
    }
}
