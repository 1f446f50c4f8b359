//! What a person reads on standard error. Ids are WorkOS's, as `--pilot` takes them; the JSON has the external ids.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use workos_to_authio::authio::workos_id;
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
        let connections = phase.sso_connections.iter().chain(&phase.scim_directories);
        let ready: Vec<_> = connections.map(|id| format!("{} must be ready first", short(id))).collect();
        say_group(&label, "what must be ready", &ready);
        let split_users: Vec<_> = phase.split_users.iter().map(split_user).collect();
        say_group(&label, "the split users", &split_users);
        let split_domains: Vec<_> = phase.split_domains.iter().map(split_domain).collect();
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
        say(format_args!("the pilots have nothing split if these join them: {}", few(&check.must_join)));
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
    say_group("together", "the groups", &shared.into_iter().map(shares).collect::<Vec<_>>());
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
    workos_id(external_id).unwrap_or(external_id)
}

/// The first few of many ids.
fn few(ids: &[Text]) -> String {
    let first: Vec<&str> = ids.iter().take(FIRST_FEW).map(|id| short(id)).collect();
    match ids.len().saturating_sub(FIRST_FEW) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn split_user(split: &SplitUser) -> String {
    let SplitUser { user_external_id, moved_organizations, waiting_organizations, .. } = split;
    let (user, moved, waiting) = (short(user_external_id), few(moved_organizations), few(waiting_organizations));
    format!("{user} signs in through Authio for {moved}, still through WorkOS for {waiting}")
}

/// A domain that is split; the JSON has its name.
fn split_domain(split: &SplitDomain) -> String {
    let (moved, waiting) = (few(&split.moved_organizations), few(&split.waiting_organizations));
    format!("a verified domain leads people to {moved} at Authio and to {waiting} at WorkOS")
}

fn shares(group: &OrganizationGroup) -> String {
    let OrganizationGroup { organizations, users, shared_users, shared_domains, .. } = group;
    let domains = match shared_domains.len() {
        0 => String::new(),
        1 => "; 1 verified domain shared".to_owned(),
        several => format!("; {several} verified domains shared"),
    };
    format!("{}; {users} users, {} of them shared{domains}", few(organizations), shared_users.len())
}
