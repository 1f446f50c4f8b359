//! What Authio answers, as far as a step needs it. Nothing of a body is kept that may be an address or a name.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::Deserialize;

use super::Outcome;
use crate::Text;
use crate::mirror::List;
use crate::wire::Response;

/// A record of any kind in an answer.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) id: Option<Text>,
    pub(super) existed: Option<bool>,
    pub(super) created_at: Option<Text>,
    pub(super) external_id: Option<Text>,
    pub(super) slug: Option<Text>,
    pub(super) subject: Option<Text>,
    pub(super) name: Option<Text>,
    #[serde(alias = "protocol")]
    pub(super) provider: Option<Text>,
    pub(super) display_name: Option<Text>,
    pub(super) email: Option<Text>,
    pub(super) email_verified: Option<bool>,
    pub(super) user_id: Option<Text>,
    pub(super) organization_id: Option<Text>,
    pub(super) role: Option<Text>,
    pub(super) status: Option<Text>,
    pub(super) user: Option<Box<Row>>,
    pub(super) directory: Option<Box<Row>>,
    pub(super) bearer_token: Option<Text>,
    pub(super) scim_endpoint: Option<Text>,
}

impl Row {
    /// The id of the user of a membership, whose list is joined with the users.
    pub(super) fn user_id(&self) -> Option<&Text> {
        self.user_id.as_ref().or_else(|| self.user.as_ref()?.id.as_ref())
    }

    /// When Authio made the record: seconds since 1970.
    pub(super) fn created_at(&self) -> Option<i64> {
        crate::timestamp::parse(self.created_at.as_deref()?).map(|at| at.seconds())
    }
}

/// One record.
pub(super) fn row(body: &[u8]) -> Option<Row> {
    serde_json::from_slice(body).ok()
}

/// A list in one piece.
pub(super) fn rows(body: &[u8]) -> Option<Vec<Row>> {
    serde_json::from_slice::<List<Row>>(body).ok().map(|list| list.data)
}

/// Why Authio refused a call.
#[derive(Debug, Default)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) code: Text,
    request_id: Text,
}

impl Problem {
    /// The code and the id of the request, where they look like such: a message may name an address.
    pub(super) fn of(response: &Response) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Body {
            code: Option<Text>,
            request_id: Option<Text>,
        }
        let body: Body = serde_json::from_slice(&response.body).unwrap_or_default();
        let plain = |text: Option<Text>, most: usize| {
            let is_plain = |text: &Text| {
                text.len() <= most && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
            };
            text.filter(is_plain).unwrap_or_default()
        };
        Self { status: response.status, code: plain(body.code, 64), request_id: plain(body.request_id, 80) }
    }

    pub(super) fn failed(self) -> Outcome {
        Outcome::Failed { status: Some(self.status), code: self.code, request_id: self.request_id }
    }
}
