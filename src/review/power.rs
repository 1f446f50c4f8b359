//! What happens to somebody's power in an organization: one answer for every way to gain or lose it (R13).

use alloc::format;
use alloc::string::String;

use super::text::visible;
use super::words::counted;
use crate::authio::Role;
use crate::mirror::AuthioStatus;

/// What a membership lets somebody do. Without a membership nobody may do anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) role: Role,
    pub(super) status: AuthioStatus,
}

impl Power {
    /// Role and status, for people.
    pub(super) fn words(&self) -> String {
        format!("{}, {}", visible(self.role.as_str()), visible(self.status.as_str()))
    }

    /// Whether the power is to administer, with so much access at least.
    fn administers(&self, access: u8) -> bool {
        self.role.administers() && self.status.access() >= access
    }
}

/// What becomes of somebody's access. First who gains or loses admin; within both parts the first matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// An owner or admin is none any more.
    LosesAdmin,
    /// The role map does not have a role. What it allowed at WorkOS is not known: the member may have been an admin.
    NotMapped,
    /// Somebody is owner or admin who was none, or is invited to be.
    GainsAdmin,
    /// A membership is switched off.
    Off,
    /// A membership is removed.
    Removed,
    /// A membership is not in the plan.
    LeftOut,
    /// Another role, with less power.
    Lower,
    /// Of several roles one is kept.
    Dropped,
    /// A role of more power, or another custom role.
    Rises,
    /// A membership that is new, or switched on.
    Joins,
    /// A membership goes, and another one of the same person stands in for it.
    Keeps,
}

impl Turn {
    /// What it means that a membership is something before and something after. Nothing where the power is the same.
    pub(super) fn of(before: Option<&Power>, after: Option<&Power>) -> Option<Self> {
        let access = |power: Option<&Power>| power.map_or(0, |power| power.status.access());
        let (was, is) = (access(before), access(after));
        let admin = |power: Option<&Power>, access| power.is_some_and(|power| power.administers(access));
        if admin(before, 2) && !admin(after, 2) {
            return Some(Self::LosesAdmin);
        }
        if admin(after, 1) && !admin(before, is) {
            return Some(Self::GainsAdmin);
        }
        if is < was {
            return Some(if after.is_some() { Self::Off } else { Self::Removed });
        }
        if is > was {
            return Some(Self::Joins);
        }
        match (&before?.role, &after?.role) {
            (before, after) if before == after => None,
            // Nobody knows which of two custom roles has more power.
            (Role::Custom(_), Role::Custom(_)) => Some(Self::Rises),
            (before, after) if after > before => Some(Self::Rises),
            _ => Some(Self::Lower),
        }
    }

    /// What it means that a membership goes, where another one of the same person may stand in for it.
    pub(super) fn with(before: &Power, other: Option<&Power>) -> Option<Self> {
        let turn = Self::of(Some(before), other);
        match other {
            Some(_) if before.status.access() > 0 && !turn.is_some_and(Self::takes) => Some(Self::Keeps),
            _ => turn,
        }
    }

    /// Whether it is about who administers: these have a list of their own.
    pub(super) fn is_of_admins(self) -> bool {
        self <= Self::GainsAdmin
    }

    /// Whether somebody may do less than before.
    pub(super) const fn takes(self) -> bool {
        matches!(self, Self::LosesAdmin | Self::Off | Self::Removed | Self::Lower)
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::LosesAdmin => "loses admin",
            Self::NotMapped => "role not mapped",
            Self::GainsAdmin => "gains admin",
            Self::Off => "switched off",
            Self::Removed => "removed",
            Self::LeftOut => "left out",
            Self::Lower => "lower role",
            Self::Dropped => "one of several roles",
            Self::Rises => "rises",
            Self::Joins => "gains access",
            Self::Keeps => "keeps access",
        }
    }

    /// How many there are, in words.
    pub(super) fn counted(self, count: u64) -> String {
        let (one, many) = match self {
            Self::LosesAdmin => ("member loses admin", "members lose admin"),
            Self::NotMapped => (
                "member has a role that is not mapped, and may lose power with it",
                "members have a role that is not mapped, and may lose power with it",
            ),
            Self::GainsAdmin => ("member gains admin", "members gain admin"),
            Self::Off => ("membership is switched off", "memberships are switched off"),
            Self::Removed => ("membership is removed", "memberships are removed"),
            Self::LeftOut => ("membership is left out", "memberships are left out"),
            Self::Lower => ("member gets a lower role", "members get a lower role"),
            Self::Dropped => ("member keeps one of several roles", "members keep one of several roles"),
            Self::Rises => ("membership rises", "memberships rise"),
            Self::Joins => ("membership is new, or switched on", "memberships are new, or switched on"),
            Self::Keeps => {
                ("membership of a person who has another one goes", "memberships of people who have another one go")
            }
        };
        counted(count, one, many)
    }
}

/// When access becomes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    Tonight,
    /// It would be tonight.
    Held,
    /// The plan says so, of WorkOS; at Authio nothing changes tonight.
    Plan,
    /// The plan says so, of WorkOS, and Authio has it so already.
    Done,
}

impl When {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Tonight => "tonight",
            Self::Held => "held back until a person decides",
            Self::Plan => "by the plan",
            Self::Done => "already so at Authio",
        }
    }

    /// Where the role stands that is there now.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Tonight | Self::Held => "at Authio",
            Self::Plan | Self::Done => "at WorkOS",
        }
    }
}
