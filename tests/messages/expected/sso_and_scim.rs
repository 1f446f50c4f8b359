use workos_to_authio::{IdpMetadataField, Warning};

use super::{Expected, ids};

pub(crate) fn expected() -> Vec<Expected> {
    let sso = |held: &[IdpMetadataField], certificates| Warning::SsoHandoff {
        connection_id: "conn_1".into(),
        organization_id: "org_a".into(),
        held: held.to_vec(),
        certificates,
    };
    let not_sso = |connection_type: &str| Warning::ConnectionNotSso {
        connection_id: "conn_1".into(),
        connection_type: connection_type.into(),
    };
    vec![
        (
            Warning::ConnectionDeleting { connection_id: "conn_1".into() },
            "connection conn_1",
            "connection conn_1 is being deleted at WorkOS; left out",
        ),
        (
            Warning::ConnectionInactive { connection_id: "conn_1".into(), state: "draft".into() },
            "connection conn_1",
            "connection conn_1 is in state draft at WorkOS, not active; planned anyway",
        ),
        (
            not_sso("GoogleOAuth"),
            "connection conn_1",
            "connection conn_1 is of type GoogleOAuth, which is neither SAML nor OIDC; left out \
             (Authio sets up social sign-in for the whole project)",
        ),
        (
            not_sso(""),
            "connection conn_1",
            "connection conn_1 is of type (none), which is neither SAML nor OIDC; left out \
             (Authio sets up social sign-in for the whole project)",
        ),
        (
            Warning::ConnectionOrganizationMissing { connection_id: "conn_1".into(), organization_id: "org_9".into() },
            "connection conn_1",
            "connection conn_1 refers to organization org_9, which is not in the bundle; left out",
        ),
        (
            Warning::ConnectionTypeMissing { connection_id: "conn_1".into() },
            "connection conn_1",
            "connection conn_1 has no type, so nobody knows whether it is SSO; left out",
        ),
        (
            Warning::ConnectionWithoutOrganization { connection_id: "conn_1".into() },
            "connection conn_1",
            "connection conn_1 has no organization; left out",
        ),
        (
            Warning::MultipleSsoConnections {
                organization_id: "org_a".into(),
                connection_ids: ids(["conn_1", "conn_2"]),
            },
            "organization org_a",
            "organization org_a has SSO connections conn_1, conn_2; check which connection its members use",
        ),
        (
            sso(&[], 0),
            "connection conn_1",
            "connection conn_1 of organization org_a: the identity provider's administrator must enter Authio's URLs; the bundle has no metadata of the provider: copy the metadata from the WorkOS dashboard before WorkOS is switched off",
        ),
        (
            sso(&[IdpMetadataField::EntityId, IdpMetadataField::SsoUrl, IdpMetadataField::Certificates], 2),
            "connection conn_1",
            "connection conn_1 of organization org_a: the identity provider's administrator must enter Authio's URLs; the bundle has: entity id, sign-on URL, 2 certificates",
        ),
        (
            sso(
                &[
                    IdpMetadataField::Certificates,
                    IdpMetadataField::DiscoveryEndpoint,
                    IdpMetadataField::ClientId,
                    IdpMetadataField::AcsUrl,
                ],
                1,
            ),
            "connection conn_1",
            "connection conn_1 of organization org_a: the identity provider's administrator must enter Authio's URLs; the bundle has: 1 certificate, discovery URL, client id, ACS or redirect URL",
        ),
        (
            Warning::DirectoryDeleting { directory_id: "directory_1".into() },
            "directory directory_1",
            "directory directory_1 is being deleted at WorkOS; left out",
        ),
        (
            Warning::DirectoryInactive { directory_id: "directory_1".into(), state: "unlinked".into() },
            "directory directory_1",
            "directory directory_1 is in state unlinked at WorkOS, not linked; planned anyway",
        ),
        (
            Warning::DirectoryNotScim { directory_id: "directory_1".into(), directory_type: "workday".into() },
            "directory directory_1",
            "directory directory_1 is of type workday, whose source cannot push SCIM; \
             planned, but the source needs a connector",
        ),
        (
            Warning::DirectoryOrganizationMissing {
                directory_id: "directory_1".into(),
                organization_id: "org_9".into(),
            },
            "directory directory_1",
            "directory directory_1 refers to organization org_9, which is not in the bundle; left out",
        ),
        (
            Warning::DirectoryWithoutOrganization { directory_id: "directory_1".into() },
            "directory directory_1",
            "directory directory_1 has no organization; left out",
        ),
        (
            Warning::MultipleScimDirectories {
                organization_id: "org_a".into(),
                directory_ids: ids(["directory_1", "directory_2"]),
            },
            "organization org_a",
            "organization org_a has directories directory_1, directory_2, but Authio holds one for each organization; \
             choose which to keep",
        ),
        (
            Warning::ScimHandoff { directory_id: "directory_1".into(), organization_id: "org_a".into() },
            "directory directory_1",
            "directory directory_1 of organization org_a: Authio issues a new URL and bearer token; set both in the connector that pushes SCIM",
        ),
    ]
}
