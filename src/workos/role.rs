use serde::{Deserialize, Serialize};

use super::read::field;
use crate::{Text, Texts};

/// A role of the catalogue: `GET /authorization/roles`, and `GET /authorization/organizations/{id}/roles` for those of
/// one organization.
///
/// ```
/// use workos_to_authio::workos::Bundle;
///
/// let bundle = Bundle::from_json(
///     r#"{"roles": {"object": "list", "data": [
///         {"object": "role", "slug": "billing", "permissions": ["invoices:read"], "type": "EnvironmentRole"}]}}"#,
/// )?;
/// assert_eq!(bundle.roles[0].permissions[0], "invoices:read");
/// # Ok::<(), workos_to_authio::workos::BundleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Role {
    /// The slug, by which memberships name the role; not empty.
    #[serde(deserialize_with = "field::id")]
    pub slug: Text,
    /// The slugs of what its members may do.
    #[serde(default, deserialize_with = "field::roles::deserialize", skip_serializing_if = "<[_]>::is_empty")]
    pub permissions: Texts,
}

impl Role {
    /// A role, and what its members may do.
    pub fn new<P: Into<Text>>(slug: impl Into<Text>, permissions: impl IntoIterator<Item = P>) -> Self {
        Self { slug: slug.into(), permissions: permissions.into_iter().map(Into::into).collect() }
    }
}
