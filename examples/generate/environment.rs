//! A made-up WorkOS environment: healthy, but joined from several, so that some users have an address that another user
//! has in another letter case, each in organizations of their own.
//!
//! Every record follows from the seed and its own number alone, so that lists can be written newest first, as WorkOS
//! does, without holding them.

use std::io::{self, Write};

/// An environment of a size. The same seed and size give the same records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Environment {
    seed: u64,
    users: u64,
    organizations: u64,
    merged: u64,
}

/// What a number is drawn for.
#[derive(Clone, Copy)]
enum Draw {
    Id,
    Name,
    SharesAddress,
    Address,
    Organization,
    Role,
    Status,
    Attributes,
    PerUser,
    Metadata,
}

/// 2024-01-01T00:00:00Z, in milliseconds.
const BEGINNING: u64 = 1_704_067_200_000;
/// From one user to the next.
const STEP: u64 = 61_007;

const FIRST_NAMES: [&str; 16] = [
    "Ana", "Bilal", "Chidi", "Dörte", "Élodie", "Farah", "Giulia", "Hiroshi", "Ines", "Jakub", "Keiko", "Lars", "Mei",
    "Noor", "Olu", "Priya",
];
const LAST_NAMES: [&str; 16] = [
    "Abara",
    "Bergström",
    "Castellanos",
    "Dvořák",
    "Eriksen",
    "Fontaine",
    "Grigoriou",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalczyk",
    "Lindqvist",
    "Marchetti",
    "Nakamura",
    "Okonkwo",
    "Petrov",
];
const TRADES: [&str; 12] = [
    "Analytics",
    "Bakery",
    "Cartography",
    "Dynamics",
    "Energy",
    "Freight",
    "Glass",
    "Health",
    "Instruments",
    "Journals",
    "Kitchens",
    "Logistics",
];
const CONNECTIONS: [&str; 6] = ["OktaSAML", "AzureSAML", "GoogleSAML", "GenericOIDC", "OneLoginSAML", "EntraIdOIDC"];
const DIRECTORIES: [&str; 5] =
    ["okta scim v2.0", "azure scim v2.0", "generic scim v2.0", "gsuite directory", "rippling scim v2.0"];
const PROVIDERS: [&str; 4] = ["GoogleOAuth", "MicrosoftOAuth", "GithubOAuth", "AppleOAuth"];

impl Environment {
    /// This many users and organizations. Default: one organization for each 50 users.
    pub(crate) fn new(seed: u64, users: u64, organizations: Option<u64>) -> Self {
        Self { seed, users, organizations: organizations.unwrap_or(users.div_ceil(50)), merged: 1 }
    }

    /// How many users of 100 have the address of an earlier user: 99 at most. Default: 1.
    #[allow(dead_code, reason = "the benches take environments as they are")]
    pub(crate) fn merged(self, percent: u64) -> Self {
        Self { merged: percent.min(99), ..self }
    }

    /// Writes the bundle.
    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"{")?;
        list(out, "users", self.users, |out, number| self.write_user(out, number))?;
        out.write_all(b",\n")?;
        list(out, "organizations", self.organizations, |out, number| self.write_organization(out, number))?;
        out.write_all(b",\n")?;
        let members = if self.organizations == 0 { 0 } else { self.users };
        list(out, "organization_memberships", members, |out, number| self.write_memberships(out, number))?;
        out.write_all(b",\n")?;
        list(out, "sso_connections", self.organizations.div_ceil(8), |out, number| self.write_connection(out, number))?;
        out.write_all(b",\n")?;
        list(out, "directories", self.organizations.div_ceil(16), |out, number| self.write_directory(out, number))?;
        out.write_all(b",\n")?;
        map(
            out,
            "authentication_factors",
            self.users,
            |number| self.draw(Draw::PerUser, number) % 10 == 0,
            |out, number| self.write_factor(out, number),
        )?;
        out.write_all(b",\n")?;
        map(
            out,
            "identities",
            self.users,
            // Who signs in with a provider has a proven address.
            |number| self.draw(Draw::PerUser, number) % 10 > 6 && self.is_verified(number),
            |out, number| self.write_identity(out, number),
        )?;
        out.write_all(b"}\n")
    }

    fn write_user(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let attributes = self.draw(Draw::Attributes, number);
        let (first, last) = self.name(number);
        let (id, email) = (self.user_id(number), self.address(number));
        let (created_at, updated_at) = (self.created(number), self.created(number) + attributes % (90 * 86_400_000));
        write!(
            out,
            r#"{{"object":"user","id":"{id}","email":"{email}","email_verified":{},"#,
            self.is_verified(number)
        )?;
        write!(out, r#""first_name":"{first}","last_name":"{last}","name":"{first} {last}","#)?;
        match attributes % 3 {
            0 => write!(out, r#""profile_picture_url":null,"#)?,
            _ => write!(out, r#""profile_picture_url":"https://images.example/avatars/{number}.png","#)?,
        }
        match attributes % 4 {
            0 => write!(out, r#""external_id":"{number}","metadata":{{"plan":"pro"}},"#)?,
            _ => write!(out, r#""external_id":null,"metadata":{{}},"#)?,
        }
        let (updated, created) = (time(updated_at), time(created_at));
        write!(
            out,
            r#""last_sign_in_at":"{updated}","locale":"en-US","created_at":"{created}","updated_at":"{updated}"}}"#
        )
    }

    fn write_organization(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let (id, name) = (self.organization_id(number), self.organization_name(number));
        let created = time(self.organization_created(number));
        write!(
            out,
            r#"{{"object":"organization","id":"{id}","name":"{name}","allow_profiles_outside_organization":false,"#
        )?;
        write!(
            out,
            r#""domains":[{{"object":"organization_domain","id":"{}","#,
            self.id("org_domain", number, BEGINNING)
        )?;
        write!(out, r#""organization_id":"{id}","domain":"{}","state":"verified","#, domain(number))?;
        write!(out, r#""verification_strategy":"dns","created_at":"{created}","updated_at":"{created}"}}],"#)?;
        match self.draw(Draw::Metadata, number) % 3 {
            0 => write!(out, r#""metadata":{{"tier":"enterprise"}},"external_id":"crm-{number}","#)?,
            _ => write!(out, r#""metadata":{{}},"external_id":null,"#)?,
        }
        write!(out, r#""created_at":"{created}","updated_at":"{created}"}}"#)
    }

    /// The user's membership, and, for one user in ten, a second one before it in the list.
    fn write_memberships(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let first = self.organization_of(number);
        let second = self.draw(Draw::Organization, number.wrapping_add(self.users)) % self.organizations;
        if self.draw(Draw::Role, number) % 10 == 0 && second != first {
            self.write_membership(out, number, second, 1)?;
            out.write_all(b",\n")?;
        }
        self.write_membership(out, number, first, 0)
    }

    fn write_membership(&self, out: &mut impl Write, number: u64, organization: u64, nth: u64) -> io::Result<()> {
        // The first member of each organization administers it.
        let role = if number < self.organizations && nth == 0 { "admin" } else { "member" };
        let status = match self.draw(Draw::Status, 2 * number + nth) % 40 {
            0 if role == "member" => "pending",
            1 if role == "member" => "inactive",
            _ => "active",
        };
        let created_at = self.created(number) + 1_000 + 1_000 * nth;
        let created = time(created_at);
        write!(
            out,
            r#"{{"object":"organization_membership","id":"{}","user_id":"{}","organization_id":"{}","#,
            self.id("om", 2 * number + nth, created_at),
            self.user_id(number),
            self.organization_id(organization)
        )?;
        write!(out, r#""organization_name":"{}","status":"{status}","#, self.organization_name(organization))?;
        write!(out, r#""directory_managed":false,"custom_attributes":{{}},"#)?;
        write!(out, r#""role":{{"slug":"{role}"}},"roles":[{{"slug":"{role}"}}],"#)?;
        if number % 2 == 0 {
            out.write_all(br#""user":"#)?;
            self.write_user(out, number)?;
            out.write_all(b",")?;
        }
        write!(out, r#""created_at":"{created}","updated_at":"{created}"}}"#)
    }

    fn write_connection(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let organization = number * 8;
        let (id, created_at) = self.beside(organization, "conn", number);
        let kind = choose(&CONNECTIONS, self.draw(Draw::Attributes, organization));
        let name = self.organization_name(organization);
        let organization_id = self.organization_id(organization);
        write!(
            out,
            r#"{{"object":"connection","id":"{id}","organization_id":"{organization_id}","connection_type":"{kind}","#
        )?;
        write!(
            out,
            r#""name":"{name}","state":"active","status":"linked","domains":[{{"object":"connection_domain","#
        )?;
        write!(out, r#""id":"{}","domain":"{}"}}],"#, self.id("conn_domain", number, BEGINNING), domain(organization))?;
        write!(out, r#""created_at":"{created_at}","updated_at":"{created_at}"}}"#)
    }

    fn write_directory(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let organization = number * 16;
        let (id, created_at) = self.beside(organization, "directory", number);
        let kind = choose(&DIRECTORIES, self.draw(Draw::Attributes, organization));
        let name = self.organization_name(organization);
        let organization_id = self.organization_id(organization);
        write!(out, r#"{{"object":"directory","id":"{id}","organization_id":"{organization_id}","type":"{kind}","#)?;
        write!(out, r#""external_key":"{:016x}","state":"linked","name":"{name}","#, self.draw(Draw::Id, number))?;
        write!(out, r#""domain":"{}","created_at":"{created_at}","updated_at":"{created_at}"}}"#, domain(organization))
    }

    fn write_factor(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let (user_id, created_at) = (self.user_id(number), self.created(number) + 5_000);
        let (id, created) = (self.id("auth_factor", number, created_at), time(created_at));
        write!(
            out,
            r#""{user_id}":[{{"object":"authentication_factor","id":"{id}","type":"totp","user_id":"{user_id}","#
        )?;
        write!(out, r#""created_at":"{created}","updated_at":"{created}"}}]"#)
    }

    fn write_identity(&self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let provider = choose(&PROVIDERS, self.draw(Draw::Name, number));
        let subject = 100_000_000_000 + number;
        write!(out, r#""{}":[{{"idp_id":"{subject}","type":"OAuth","provider":"{provider}"}}]"#, self.user_id(number))
    }

    fn is_verified(&self, number: u64) -> bool {
        self.draw(Draw::Attributes, number) % 20 != 0
    }

    fn user_id(&self, number: u64) -> String {
        self.id("user", number, self.created(number))
    }

    fn organization_id(&self, number: u64) -> String {
        self.id("org", number, self.organization_created(number))
    }

    /// The id and the time of a record that was made soon after an organization.
    fn beside(&self, organization: u64, prefix: &str, number: u64) -> (String, String) {
        let created_at = self.organization_created(organization) + 9_000;
        (self.id(prefix, number, created_at), time(created_at))
    }

    fn created(&self, user: u64) -> u64 {
        BEGINNING + user * STEP
    }

    /// Organizations are made while the users come.
    fn organization_created(&self, number: u64) -> u64 {
        BEGINNING + number * STEP * self.users.max(1) / self.organizations.max(1)
    }

    fn organization_name(&self, number: u64) -> String {
        let (first, trade) = (choose(&LAST_NAMES, number), choose(&TRADES, number / 16));
        if number < 192 { format!("{first} {trade}") } else { format!("{first} {trade} {}", number / 192 + 1) }
    }

    fn organization_of(&self, user: u64) -> u64 {
        if user < self.organizations { user } else { self.draw(Draw::Organization, user) % self.organizations }
    }

    fn name(&self, user: u64) -> (&'static str, &'static str) {
        let drawn = self.draw(Draw::Name, self.person(user));
        (choose(&FIRST_NAMES, drawn), choose(&LAST_NAMES, drawn >> 8))
    }

    /// Who a user is: some users are an earlier one under another id.
    fn person(&self, user: u64) -> u64 {
        let shares = |user: u64| user > 0 && self.draw(Draw::SharesAddress, user) % 100 < self.merged;
        if !shares(user) {
            return user;
        }
        let earlier = self.draw(Draw::Address, user) % user;
        (0..=earlier).rev().find(|user| !shares(*user)).unwrap_or(0)
    }

    fn address(&self, user: u64) -> String {
        let person = self.person(user);
        let host = if self.organizations == 0 { "people.example".into() } else { domain(self.organization_of(person)) };
        if person == user { format!("user.{person}@{host}") } else { format!("User.{person}@{host}") }
    }

    /// An id in the form of WorkOS: a ULID, whose first ten characters are the time in milliseconds.
    fn id(&self, prefix: &str, number: u64, created_at: u64) -> String {
        const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let salt = prefix.bytes().fold(number, |salt, byte| splitmix64(salt ^ u64::from(byte)));
        let (high, low) = (self.draw(Draw::Id, salt), self.draw(Draw::Id, !salt));
        let digit = |bits: u64, position: u32| DIGITS.chars().nth((bits >> (5 * position) & 31) as usize);
        let mut id = format!("{prefix}_");
        id.extend((0..10).rev().filter_map(|position| digit(created_at, position)));
        id.extend((0..8).filter_map(|position| digit(high, position)));
        id.extend((0..8).filter_map(|position| digit(low, position)));
        id
    }

    /// A number that depends on nothing but seed, purpose and record.
    fn draw(&self, purpose: Draw, number: u64) -> u64 {
        splitmix64(splitmix64(self.seed.wrapping_mul(31).wrapping_add(purpose as u64)) ^ splitmix64(number))
    }
}

/// One finished list envelope, newest record first.
fn list<W: Write>(
    out: &mut W,
    key: &str,
    count: u64,
    mut write: impl FnMut(&mut W, u64) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "\"{key}\":{{\"object\":\"list\",\"data\":[")?;
    for number in (0..count).rev() {
        out.write_all(if number + 1 == count { b"\n" } else { b",\n" })?;
        write(out, number)?;
    }
    out.write_all(b"],\"list_metadata\":{\"before\":null,\"after\":null}}")
}

/// An object of lists by user id, newest user first.
fn map<W: Write>(
    out: &mut W,
    key: &str,
    count: u64,
    has: impl Fn(u64) -> bool,
    mut write: impl FnMut(&mut W, u64) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "\"{key}\":{{")?;
    for (position, number) in (0..count).rev().filter(|number| has(*number)).enumerate() {
        out.write_all(if position == 0 { b"\n" } else { b",\n" })?;
        write(out, number)?;
    }
    out.write_all(b"}")
}

fn domain(organization: u64) -> String {
    format!("customer-{organization}.example")
}

fn choose<'a>(items: &[&'a str], number: u64) -> &'a str {
    items.get((number % items.len() as u64) as usize).copied().unwrap_or_default()
}

/// <https://prng.di.unimi.it/splitmix64.c>
fn splitmix64(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Milliseconds since 1970 as WorkOS writes them, `2024-01-01T00:00:00.000Z`.
fn time(milliseconds: u64) -> String {
    let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000);
    // Days to a date in years that begin in March; <https://howardhinnant.github.io/date_algorithms.html>.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, millisecond) = (rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
}
