use crate::Text;

/// The bearer token of a new SCIM directory. Authio shows it once (A6).
///
/// No `Debug`, `Clone` or `Serialize`: a token goes where the caller writes it, and nowhere by accident.
///
/// ```compile_fail
/// fn is_debug<T: core::fmt::Debug>() {}
/// is_debug::<workos_to_authio::apply::Token>();
/// ```
/// ```compile_fail
/// fn is_clone<T: Clone>() {}
/// is_clone::<workos_to_authio::apply::Token>();
/// ```
/// ```compile_fail
/// fn is_serialize<T: serde::Serialize>() {}
/// is_serialize::<workos_to_authio::apply::Token>();
/// ```
#[expect(missing_debug_implementations, reason = "A6")]
#[non_exhaustive]
pub struct Token {
    /// The step that made the directory: for [`Applier::kept`](super::Applier::kept).
    pub step: Text,
    /// Authio's id of the directory.
    pub directory_id: Text,
    /// Authio's id of the organization.
    pub organization_id: Text,
    /// Where the identity provider sends people and groups, as Authio answered it.
    pub endpoint: Option<Text>,
    pub(super) secret: Text,
}

impl Token {
    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.secret
    }
}
