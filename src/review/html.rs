//! `review.html`: one file that people like to read, without a network (R11).
//!
//! Everything that is in a cell is text: the template escapes it, and the script only ever sets text. All rows of a
//! table are in the page as data, and the first of them as a table, so that the page can be read without scripts and
//! 100,000 rows stay quick.

mod head;
mod parts;
mod table;
mod verdict;

use alloc::string::String;
use alloc::vec;

use maud::{DOCTYPE, PreEscaped, Render, html};

use super::Review;
use super::tables::Table;
use super::text::cell_in_html;
use table::{part, plain};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// SHA-256 of the page's one inline style, in base64: what the page's content security policy allows.
pub const STYLE_HASH: &str = "lRyqLWpnZbIMsmsmdenL0k8lRAzb8En/C9qVOsfXRu4=";

/// SHA-256 of the page's one inline script, in base64: what the page's content security policy allows.
pub const SCRIPT_HASH: &str = "nxzM8uO3q29A1zmNkdEDfTd/Gt1BSLyLJpCdNz13gJ4=";

impl Review<'_> {
    /// `review.html`: one file, no network, readable without scripts (R11).
    #[must_use]
    pub fn html(&self) -> String {
        let policy = alloc::format!(
            "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; \
             form-action 'none'"
        );
        let phases = self.phase_table();
        let (handoffs, organizations, merges) = (self.handoff_table(), self.organization_table(), self.merge_table());
        let (access, together) = (self.access_table(), self.together_table());
        let (admins, without_admin) = (self.admin_table(), self.without_admin_table());
        let (tonight, acknowledgements) = (self.tonight_table(), self.acknowledgement_table());
        let (users, findings) = (self.user_table(), self.finding_table());
        let mut data =
            vec![&admins, &without_admin, &access, &together, &handoffs, &organizations, &merges, &users, &findings];
        data.extend(&tonight);
        data.extend(&acknowledgements);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    title { "Review of a move from WorkOS to Authio" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#main" { "To the content" }
                    header {
                        h1 { "Review of a move from WorkOS to Authio" }
                        (self.verdict())
                        (self.in_short())
                        nav aria-label="Parts of this page" {
                            ul {
                                li { a href="#numbers" { "Numbers" } }
                                li { a href="#attention" { "What needs a person" } }
                                @if tonight.is_some() { li { a href="#tonight" { "What changes tonight" } } }
                                li { a href="#admins" { "Who gains or loses admin" } }
                                li { a href="#access" { "Who else gains or loses access" } }
                                li { a href="#lost" { "What is lost" } }
                                @if phases.is_some() { li { a href="#phases" { "Phases" } } }
                                li { a href="#together" { "Who moves together" } }
                                li { a href="#handoffs" { "Hand-offs" } }
                                li { a href="#organizations" { "Organizations" } }
                                li { a href="#merges" { "Merged users" } }
                                li { a href="#codes" { "Codes" } }
                                li { a href="#users" { "Users" } }
                                @if acknowledgements.is_some() {
                                    li { a href="#acknowledgements" { "Acknowledgements" } }
                                }
                                li { a href="#findings" { "Everything that was said" } }
                            }
                        }
                    }
                    main id="main" {
                        (self.numbers_part())
                        (self.attention_part())
                        @if let Some(table) = &tonight {
                            (part(table, "What changes at Authio tonight", &self.tonight_in_short()))
                        }
                        (part(&admins, "Who gains or loses admin", &self.admins_in_short()))
                        (part(&without_admin, "Organizations without an admin",
                            "Nobody can administer these at Authio. Appoint an admin at WorkOS before the night runs. \
                             Where an admin is there whose role is not mapped, map the role: that does not help where \
                             the admins have left."))
                        (part(&access, "Who else gains or loses access, or a role",
                            "Roles come from the role map of the options. A role that the map does not have becomes \
                             member, whatever it \
                             allowed at WorkOS: map the role, or accept the loss."))
                        (self.lost_part())
                        @if let Some(table) = &phases {
                            section id="phases" {
                                h2 { "Who moves when" }
                                (plain(table))
                                p { "A mail is due once, in the first phase of any of a person's organizations. A \
                                 split user signs in on both sides until a later phase. " (self.mails_in_short()) }
                            }
                        }
                        (part(&together, "Who moves together",
                            "Organizations that share people or a verified domain, directly or through others. If \
                             they move in different phases, these people sign in on both sides, and the domain leads \
                             people to one side only."))
                        (part(&handoffs, "Hand-offs",
                            "Administrators of identity providers outside prepare, and change the values on the \
                             day that they agreed on. Each has a sheet with the values and the order."))
                        (part(&organizations, "Organizations", "Who moves, and what with."))
                        (part(&merges, "Merged users",
                            "Records with one address became one user. Below each record stands what it gives, and \
                             what of it lost against the others. First and last name stand there only where they are \
                             not the name."))
                        (self.codes_part())
                        (part(&users, "Users",
                            "Each user with every membership. A membership is active where no other status stands. \
                             Where nothing stands under Also made of, the user is one record of WorkOS and has the \
                             values of that record. Who is split over several phases signs in on both sides until \
                             the last of these."))
                        @if let Some(table) = &acknowledgements {
                            (part(table, "Acknowledgements",
                                "Each effect that a person may let pass, ready for the list acknowledged of the file \
                                 guards.json."))
                        }
                        (part(&findings, "Everything that was said", "Reasons, conflicts, changes and warnings, the \
                         most severe first."))
                    }
                    footer {
                        p { (self.shown()) " The file ids.csv has every id, mail.csv everybody who is due a mail, \
                         access.csv whose \
                             access becomes another, findings.csv all that was said." }
                    }
                    @for table in &data { script type="text/plain" id={ "data-" (table.key) } { (Data(table)) } }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string()
    }
}

/// All rows of a table: a line each, its cells apart by tabs, and form feeds for the line breaks within a cell. The
/// script searches the text as it is, and takes a row apart only when it is drawn.
struct Data<'t, 'r>(&'t Table<'r>);

impl Render for Data<'_, '_> {
    fn render_to(&self, buffer: &mut String) {
        for (row_at, row) in self.0.rows().enumerate() {
            if row_at > 0 {
                buffer.push('\n');
            }
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    buffer.push('\t');
                }
                cell_in_html(buffer, cell);
            }
        }
    }
}
