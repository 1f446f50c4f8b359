//! What a person reads on standard error. Ids are WorkOS's, as `--pilot` takes them; the JSON has the external ids.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use workos_to_authio::cutover::{Cutover, OrganizationGroup, Phase, SplitDomain, SplitUser, check_pilots};
use workos_to_authio::{ImportPlan, Text};

use crate::table::say_table;
use crate::terminal::{say, say_group};

/// How many organizations of a group are named before the rest is counted.
const FIRST_FEW: usize = 6;

/// Whether what is divided is all there is.
pub(crate) fn completeness(plan: &ImportPlan) {
    if !plan.complete {
        say("the plan is not complete, so neither are its phases; the command plan says what is missing");
    }
}

/// A table of the phases, then who and what is in each.
pub(crate) fn phases(plan: &ImportPlan, cutover: &Cutover) {
    say("");
    say_table(
        ["phase", "organizations", "users due", "split users", "SSO connections", "SCIM directories"],
        cutover.phases.iter().map(|phase| {
            let Phase { organizations, users_due, split_users, sso_connections, scim_directories, .. } = phase;
            let lists = [organizations.len(), users_due.len(), split_users.len(), sso_connections.len()];
            let [a, b, c, d] = lists.map(|length| length.to_string());
            [label(phase), a, b, c, d, scim_directories.len().to_string()]
        }),
    );
    let names = names(plan);
    for phase in &cutover.phases {
        say("");
        let label = label(phase);
        say_group(&label, "the organizations", &organizations(&phase.organizations, &names));
        let ready: Vec<_> = phase.sso_connections.iter().chain(&phase.scim_directories).map(|id| Ready(id)).collect();
        say_group(&label, "what must be ready", &ready);
        let split_users: Vec<_> = phase.split_users.iter().map(Split).collect();
        say_group(&label, "the split users", &split_users);
        let split_domains: Vec<_> = phase.split_domains.iter().map(SplitName).collect();
        say_group(&label, "the split domains", &split_domains);
        if phase.organizations.is_empty() {
            say(format_args!("{label}: no organization"));
        }
    }
    if !cutover.users_not_due.is_empty() {
        say("");
        say(format_args!("users not due, for all their memberships are deactivated: {}", cutover.users_not_due.len()));
    }
    if let Some(pilots) =
        cutover.phases.first().filter(|pilots| !pilots.split_users.is_empty() || !pilots.split_domains.is_empty())
    {
        let check = check_pilots(plan, &pilots.organizations);
        say("");
        say(format_args!("the pilots have nothing split if these join them: {}", Few(&check.must_join)));
    }
}

/// The organizations that share people or a verified domain, the largest groups first, and those that share nothing.
pub(crate) fn groups(plan: &ImportPlan, groups: &[OrganizationGroup]) {
    let (alone, mut shared): (Vec<_>, Vec<_>) = groups.iter().partition(|group| group.organizations.len() == 1);
    shared.sort_by_key(|group| Reverse(group.organizations.len()));
    say("");
    say(format_args!(
        "groups that share people or a domain: {}; organizations that share nothing: {}",
        shared.len(),
        alone.len()
    ));
    say_group("together", "the groups", &shared.into_iter().map(Shares).collect::<Vec<_>>());
    let alone: Vec<Text> = alone.into_iter().flat_map(|group| group.organizations.clone()).collect();
    say_group("alone", "the organizations", &organizations(&alone, &names(plan)));
}

fn label(phase: &Phase) -> String {
    format!("{} {}", phase.number, phase.kind)
}

/// The name of each organization by its external id.
fn names(plan: &ImportPlan) -> BTreeMap<&str, &str> {
    plan.organizations
        .iter()
        .map(|organization| (organization.external_id.as_str(), organization.name.as_str()))
        .collect()
}

/// Organizations with their names: only the id tells one from another, only the name says who it is.
fn organizations(ids: &[Text], names: &BTreeMap<&str, &str>) -> Vec<String> {
    let named = |id: &Text| match names.get(id.as_str()) {
        Some(name) => format!("{} {name}", short(id)),
        None => short(id).to_owned(),
    };
    ids.iter().map(named).collect()
}

/// The WorkOS id in an external id.
fn short(external_id: &str) -> &str {
    let kinds = ["workos:org:", "workos:sso:", "workos:scim:", "workos:"];
    kinds.into_iter().find_map(|kind| external_id.strip_prefix(kind)).unwrap_or(external_id)
}

/// The first few of many ids.
struct Few<'a>(&'a [Text]);

impl fmt::Display for Few<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first: Vec<&str> = self.0.iter().take(FIRST_FEW).map(|id| short(id)).collect();
        f.write_str(&first.join(", "))?;
        match self.0.len().saturating_sub(FIRST_FEW) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

struct Ready<'a>(&'a str);

impl fmt::Display for Ready<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be ready first", short(self.0))
    }
}

struct Split<'a>(&'a SplitUser);

impl fmt::Display for Split<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SplitUser { user_external_id, moved_organizations, waiting_organizations, .. } = self.0;
        let (user, moved, waiting) = (short(user_external_id), Few(moved_organizations), Few(waiting_organizations));
        write!(f, "{user} signs in through Authio for {moved}, still through WorkOS for {waiting}")
    }
}

/// A domain that is split; the JSON has its name.
struct SplitName<'a>(&'a SplitDomain);

impl fmt::Display for SplitName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SplitDomain { moved_organizations, waiting_organizations, .. } = self.0;
        let (moved, waiting) = (Few(moved_organizations), Few(waiting_organizations));
        write!(f, "a verified domain leads people to {moved} at Authio and to {waiting} at WorkOS")
    }
}

struct Shares<'a>(&'a OrganizationGroup);

impl fmt::Display for Shares<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrganizationGroup { organizations, users, shared_users, shared_domains, .. } = self.0;
        write!(f, "{}; {users} users, {} of them shared", Few(organizations), shared_users.len())?;
        match shared_domains.len() {
            0 => Ok(()),
            1 => f.write_str("; 1 verified domain shared"),
            several => write!(f, "; {several} verified domains shared"),
        }
    }
}
