//! A service that moves a company to Authio by itself: it builds the records in code, plans, and carries the plan out.
//!
//! The service uses no file and no network. A real service replaces these parts:
//! - [`records_of_the_company`] by WorkOS, and [`answer`] by WorkOS's API and an HTTP client;
//! - [`Authio`] by Authio's API. [`Authio`] upserts by external id, so that an interrupted run can be repeated.
//!
//! The plan's lists are walked in the order in which their records refer to each other: organizations, users,
//! memberships, identities, SSO connections, SCIM directories.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use workos_to_authio::authio::{Membership, MembershipStatus, Role};
use workos_to_authio::pull::{self, Part, WorkOs};
use workos_to_authio::wire::{Next, Response};
use workos_to_authio::workos::{
    self, Bundle, Connection, Directory, DomainState, OrganizationDomain, OrganizationMembership,
};
use workos_to_authio::{ImportPlan, PlanOptions, Severity, Text, Warning, WarningCode, plan_with};

fn main() -> ExitCode {
    match move_the_company(&mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough (`| head`). A service goes on without a log; this one has nothing else to do.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        // A full disk, for one.
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: the log cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The whole move. `log` is where the service says what it does.
fn move_the_company(log: &mut impl Write) -> io::Result<()> {
    let bundle = pull(&records_of_the_company());

    // The defaults plan everything. This company has one role of its own that administers.
    let options = PlanOptions::new().map_role("shop_manager", Role::Admin).reserved_slugs(["www", "api"]);
    let plan = plan_with(&bundle, &options);

    // Look before anything is written. An error is a record that was left out, or a list that was perhaps never
    // fetched.
    if !plan.complete {
        for error in plan.warnings_with_severity(Severity::Error) {
            writeln!(log, "stopped: {error}")?;
        }
        return Ok(());
    }

    let mut authio = Authio::default();
    for line in apply(&plan, &mut authio) {
        writeln!(log, "{line}")?;
    }
    writeln!(log, "written: {}", authio.summary())?;

    // The same plan once more changes nothing: every record is found by its external id.
    assert_eq!(apply(&plan, &mut authio), [""; 0], "applying a plan twice must be the same as applying it once");

    rewrite_own_references(&plan, &authio, log)?;
    follow_up(&plan, log)?;
    log.flush()
}

/// Reads the company through the API, one request after the other.
fn pull(company: &Bundle) -> Bundle {
    let mut workos = WorkOs::new(&pull::Options::new().with(Part::Identities));
    loop {
        // A service passes the time since its start, and sleeps at `Next::Wait`.
        match workos.poll(Duration::ZERO) {
            Next::Send(request) => {
                let response = Response::new(200, answer(company, &request.path));
                workos.handle(request.id, Duration::ZERO, Ok(response)).unwrap_or_else(|error| unreachable!("{error}"));
            }
            _ => return workos.finish(),
        }
    }
}

/// What WorkOS answers: everything in one page.
fn answer(company: &Bundle, path: &str) -> String {
    let ends_with = |end: &str| path.split('?').next().is_some_and(|path| path.ends_with(end));
    let of = |id: &str| path.contains(id);
    let data = if ends_with("/organizations") {
        json!(company.organizations)
    } else if ends_with("/users") {
        json!(company.users)
    } else if ends_with("/organization_memberships") {
        json!(
            company
                .organization_memberships
                .iter()
                .filter(|m| of(&format!("={}", m.organization_id)))
                .collect::<Vec<_>>()
        )
    } else if ends_with("/identities") {
        json!(company.identities.iter().filter(|i| of(&format!("/{}/", i.user_id))).collect::<Vec<_>>())
    } else if ends_with("/connections") {
        json!(company.sso_connections)
    } else if ends_with("/directories") {
        json!(company.directories)
    } else {
        json!([])
    };
    json!({"object": "list", "data": data, "list_metadata": {"before": null, "after": null}}).to_string()
}

/// Two shops that both know Mira, under two WorkOS users; one of the shops signs in through Okta.
fn records_of_the_company() -> Bundle {
    let mut bundle = Bundle::new();

    let mut north = workos::Organization::new("org_north", "North Shop");
    north.domains.push(OrganizationDomain::new("north.example", DomainState::Verified));
    north.created_at = Some("2023-03-01T09:00:00.000Z".into());
    let mut south = workos::Organization::new("org_south", "South Shop");
    south.created_at = Some("2024-06-01T09:00:00.000Z".into());
    bundle.organizations.extend([north, south]);

    let mut mira = workos::User::new("user_mira", "mira@north.example");
    mira.email_verified = true;
    mira.first_name = Some("Mira".into());
    mira.created_at = Some("2023-03-01T09:05:00.000Z".into());
    let mut mira_again = workos::User::new("user_mira_south", "Mira@North.example");
    mira_again.email_verified = true;
    mira_again.created_at = Some("2024-06-02T10:00:00.000Z".into());
    bundle.users.extend([mira, mira_again, workos::User::new("user_theo", "theo@south.example")]);

    for (id, user, organization, role, status) in [
        ("om_1", "user_mira", "org_north", "shop_manager", workos::MembershipStatus::Active),
        ("om_2", "user_mira_south", "org_south", "owner", workos::MembershipStatus::Active),
        ("om_3", "user_theo", "org_south", "member", workos::MembershipStatus::Pending),
    ] {
        let mut membership = OrganizationMembership::new(id, user, organization);
        membership.role = Some(role.into());
        membership.status = Some(status);
        bundle.organization_memberships.push(membership);
    }

    bundle.identities.push(workos::Identity::new("user_mira", "GoogleOAuth", "1155"));
    bundle.sso_connections.push(Connection::new("conn_okta", "OktaSAML", Some("org_north")));
    bundle.directories.push(Directory::new("directory_okta", "okta scim v2.0", Some("org_north")));
    bundle
}

/// Carries a plan out, and says what is new at Authio. Each list refers only to records of lists before it.
fn apply(plan: &ImportPlan, authio: &mut Authio) -> Vec<String> {
    let mut created = Vec::new();
    for organization in &plan.organizations {
        created.extend(authio.upsert(
            "organization",
            &organization.external_id,
            format!("{} ({})", organization.name, organization.slug).into(),
        ));
    }
    for user in &plan.users {
        // `migration_pending_email` is true: passwords do not move, the first sign-in enrols a passkey or sends a link.
        created.extend(authio.upsert("user", &user.external_id, user.email.clone()));
    }
    for membership in &plan.memberships {
        created.extend(authio.join(membership));
    }
    for identity in &plan.identities {
        let user = authio.id_of(&identity.user_external_id);
        created.extend(authio.upsert(
            "identity",
            &format!("{}:{}", identity.kind, identity.subject),
            format!("of {user}").into(),
        ));
    }
    for connection in &plan.sso_connections {
        let organization = authio.id_of(&connection.organization_external_id);
        created.extend(authio.upsert(
            "SSO connection",
            &connection.external_id,
            format!("{} of {organization}", connection.idp_provider).into(),
        ));
    }
    for directory in &plan.scim_directories {
        let organization = authio.id_of(&directory.organization_external_id);
        created.extend(authio.upsert(
            "SCIM directory",
            &directory.external_id,
            format!("{} of {organization}", directory.provider).into(),
        ));
    }
    created
}

/// The service's own tables hold WorkOS ids; after the move they hold Authio's.
fn rewrite_own_references(plan: &ImportPlan, authio: &Authio, log: &mut impl Write) -> io::Result<()> {
    let lookup = plan.lookup();
    for workos_id in ["user_mira", "user_mira_south", "user_theo"] {
        // None is a user who was left out. A warning names the user.
        if let Some(user) = lookup.user(workos_id) {
            writeln!(log, "{workos_id} is now {}", authio.id_of(&user.external_id))?;
        }
    }
    Ok(())
}

/// What is left to people. Warnings are values: a service matches on them and never reads their text.
fn follow_up(plan: &ImportPlan, log: &mut impl Write) -> io::Result<()> {
    for warning in &plan.warnings {
        match warning {
            Warning::SsoHandoff { connection_id, held, .. } if held.is_empty() => {
                writeln!(
                    log,
                    "ticket: copy the metadata of {connection_id} from the WorkOS dashboard while it is there"
                )?;
            }
            Warning::ScimHandoff { directory_id, .. } => {
                writeln!(log, "ticket: send the new SCIM token for {directory_id}")?;
            }
            // All other warnings go to the log: their text has ids, never an address or a person's name.
            other => writeln!(log, "log: {}: {other}", other.severity())?,
        }
    }
    if plan.warnings_with_code(WarningCode::UsersMerged).next().is_some() {
        writeln!(log, "{} sign-ins become {}", plan.stats.duplicate_email_users, plan.stats.merged_into_users)?;
    }
    Ok(())
}

/// Authio in memory: every record has an id of Authio's own, and is found by its external id.
#[derive(Debug, Default)]
struct Authio {
    /// External id -> (kind, Authio's id, what it is).
    records: BTreeMap<Text, (&'static str, Text, Text)>,
    /// (user, organization), both by Authio's id.
    memberships: BTreeMap<(Text, Text), (Role, MembershipStatus)>,
}

impl Authio {
    /// Says what it did, where the record was new.
    fn upsert(&mut self, kind: &'static str, external_id: &str, content: Text) -> Option<String> {
        let id = format!("authio_{}", self.records.len() + 1);
        if let Some((_, _, stored)) = self.records.get_mut(external_id) {
            *stored = content;
            return None;
        }
        let created = format!("create {kind} {external_id}: {content}");
        self.records.insert(external_id.into(), (kind, id.into(), content));
        Some(created)
    }

    /// Says what it did, where the membership was new.
    fn join(&mut self, membership: &Membership) -> Option<String> {
        let user = self.id_of(&membership.user_external_id);
        let organization = self.id_of(&membership.organization_external_id);
        let place = (membership.role.clone(), membership.status);
        let Membership { user_external_id, organization_external_id, role, status, .. } = membership;
        let is_new = self.memberships.insert((user, organization), place).is_none();
        is_new.then(|| format!("add {user_external_id} to {organization_external_id} as {role}, {status}"))
    }

    /// Authio's own id of a record that was created before. Everything that a record of a plan refers to is in the
    /// plan.
    fn id_of(&self, external_id: &str) -> Text {
        let known = self.records.get(external_id);
        known.map(|(_, id, _)| id.clone()).unwrap_or_else(|| unreachable!("{external_id} is not in the plan"))
    }

    fn summary(&self) -> Text {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (kind, _, _) in self.records.values() {
            *counts.entry(kind).or_default() += 1;
        }
        counts.insert("membership", self.memberships.len());
        counts.iter().map(|(kind, count)| format!("{count} x {kind}")).collect::<Vec<_>>().join(", ").into()
    }
}
