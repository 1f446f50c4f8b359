use serde::{Deserialize, Serialize};

use super::Part;
use crate::Text;
use crate::text::text;
use crate::workos::{Gap, GapKind};

/// The name of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct List {
    pub(super) part: Part,
    /// The organization, user or connection that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) of: Option<Text>,
}

/// A list that was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Missing {
    pub(super) list: List,
    pub(super) why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// 403.
    Forbidden,
    /// What comes after this record cannot be had.
    Cut { after: Text },
    /// A list without a word on pages that is as long as a page.
    MaybeCut,
    /// The API refused, or failed to the end.
    Refused { status: u16 },
    /// No answer came.
    Unanswered,
    /// The answers are not JSON, or JSON without a list.
    Unreadable,
    /// The pull ended before.
    Unfinished,
}

impl Missing {
    /// What the bundle says of it, with the user or organization whose list it is; nothing for certificates, which only
    /// help to set up a connection.
    pub(super) fn gap(&self) -> Option<Gap> {
        let error = |message| GapKind::ApiError { message };
        let kind = match &self.why {
            Why::Forbidden => GapKind::Forbidden,
            Why::Cut { after } => GapKind::Truncated { after: after.clone() },
            Why::MaybeCut => GapKind::MaybeTruncated,
            Why::Refused { status } => error(text!("status {status}")),
            Why::Unanswered => error("no answer".into()),
            Why::Unreadable => GapKind::Unreadable,
            Why::Unfinished => error("not read to its end".into()),
        };
        Some(Gap { section: self.list.part.section()?, list_of: self.list.of.clone(), kind })
    }
}
