//! Companies that are big enough to lie about.

use crate::text::text;
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, ConnectionState, Directory, DirectoryState, Identity, MembershipStatus,
    Organization, OrganizationMembership, User,
};

/// Two organizations with members, so that each way of lying has something to lie about.
pub(super) fn add(bundle: &mut Bundle, members: usize) {
    let time = |number: usize| Some(text!("2024-03-{:02}T12:{:02}:33.155Z", 10 + number % 9, number % 60));
    for company in 0..2_usize {
        let id = text!("org_02{company:024}");
        let mut organization = Organization::new(&id, text!("Tarn Works {company}"));
        organization.created_at = time(company);
        bundle.organizations.push(organization);
        let mut connection = Connection::new(text!("conn_02{company:024}"), "OktaSAML", Some(&id));
        connection.state = Some(ConnectionState::Active);
        bundle.sso_connections.push(connection);
        let mut directory = Directory::new(text!("directory_02{company:024}"), "okta scim v2.0", Some(&id));
        directory.state = Some(DirectoryState::Linked);
        bundle.directories.push(directory);
        for number in company..members {
            let user_id = text!("user_02{number:024}");
            if company == 0 {
                let mut user = User::new(&user_id, text!("fenwick.kade.of.tarn.{number}@lodestar.example"));
                user.email_verified = true;
                user.metadata.insert("badge", text!("{number}"));
                user.created_at = time(number);
                bundle.users.push(user);
                bundle.identities.push(Identity::new(&user_id, "GoogleOAuth", text!("88{number:04}")));
                let factor = AuthenticationFactor::new(text!("auth_factor_02{number:024}"), &user_id);
                bundle.authentication_factors.push(factor);
            }
            let mut membership = OrganizationMembership::new(text!("om_02{company}{number:023}"), &user_id, &id);
            let role = if number == company { "admin" } else { "member" };
            membership.role = Some(role.into());
            let status = if number % 3 == 2 { MembershipStatus::Pending } else { MembershipStatus::Active };
            membership.status = Some(status);
            membership.created_at = time(number);
            bundle.organization_memberships.push(membership);
        }
    }
}

/// More users and organizations, so that lists are longer than a page.
pub(super) fn add_records(bundle: &mut Bundle, number: usize) {
    for number in 0..number {
        let mut user = User::new(text!("user_03{number:024}"), text!("fenwick.kade.alone.{number}@lodestar.example"));
        user.email_verified = true;
        bundle.users.push(user);
        bundle.organizations.push(Organization::new(text!("org_03{number:024}"), text!("Kiln House {number}")));
    }
}
