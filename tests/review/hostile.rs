//! R6, R7: text of others is inert in every format.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, Connection};

use crate::hostile_text::{HOSTILE, plan_with_text};
use crate::read::{Page, csv};
use crate::support::organization;

/// The tags of a page with the names of their attributes: what others could add to or take away from.
fn shape(page: &Page) -> Vec<(String, Vec<String>)> {
    let names = |attributes: &Vec<(String, String)>| attributes.iter().map(|(name, _)| name.clone()).collect();
    page.tags.iter().map(|(tag, attributes)| (tag.clone(), names(attributes))).collect()
}

#[test]
fn r6_a_page_has_the_same_tags_whatever_the_text() {
    for show in Show::ALL {
        let page = |text: &str| Page::of(&Review::new(&Material::new(&plan_with_text(text)).show(*show)).html());
        let plain = shape(&page("plain"));
        for text in HOSTILE {
            let page = page(text);
            assert_eq!(shape(&page), plain, "{text:?}");
            assert_eq!(page.comments, 0, "{text:?}");
            for (tag, attributes) in &page.tags {
                for (name, value) in attributes {
                    assert!(!name.starts_with("on") && name != "style" && name != "src", "{tag} {name}");
                    assert!(name != "href" || value.starts_with('#'), "{value}");
                }
            }
            // The data is JSON, and its cells are visible text.
            for key in ["users", "organizations", "merges", "findings", "handoffs"] {
                for cell in page.rows(key).iter().flatten() {
                    let hidden = |c: char| c != '\n' && (c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c));
                    assert!(!cell.contains(hidden), "{cell:?}");
                }
            }
        }
    }
}

#[test]
fn r6_markdown_has_no_new_links_tags_or_cells() {
    /// How often each kind of structure comes up.
    fn structure(text: &str) -> Vec<String> {
        let kinds =
            Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES);
        let kinds = kinds.filter_map(|event| match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::FootnoteDefinition(_)) => {
                Some("ACTIVE".into())
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => Some("ACTIVE".into()),
            Event::Start(Tag::Emphasis | Tag::Strikethrough) => Some("ACTIVE".into()),
            Event::Start(tag) => Some(format!("{:?}", tag.to_end())),
            _ => None,
        });
        kinds.collect()
    }
    for show in Show::ALL {
        let texts = |text: &str| {
            let plan = plan_with_text(text);
            let review = Review::new(&Material::new(&plan).show(*show));
            let mut texts = vec![review.markdown(), review.checklist()];
            texts.extend(review.handoffs().into_iter().map(|sheet| sheet.text));
            texts
        };
        let plain: Vec<_> = texts("plain").iter().map(|text| structure(text)).collect();
        for text in HOSTILE {
            for (written, plain) in texts(text).iter().zip(&plain) {
                let found = structure(written);
                assert!(!found.contains(&"ACTIVE".to_owned()), "{text:?}:\n{written}");
                assert_eq!(&found, plain, "{text:?}:\n{written}");
                // A renderer that makes links of bare addresses does so everywhere but in code.
                for event in Parser::new_ext(written, Options::ENABLE_TABLES) {
                    if let Event::Text(words) = event {
                        assert!(!words.contains("://") && !words.contains('@') && !words.contains("www."), "{words}");
                    }
                }
                assert!(!written.contains(['\u{202e}', '\u{200b}', '\u{0}', '\u{1b}']), "{text:?}");
            }
        }
    }
}

#[test]
fn r7_a_spreadsheet_calculates_nothing_and_a_strict_reader_has_the_fields() {
    for text in HOSTILE {
        let plan = plan_with_text(text);
        let review = Review::new(&Material::new(&plan).show(Show::Addresses));
        for file in [review.ids_csv(), review.mail_csv(), review.findings_csv()] {
            let (header, rows) = csv(&file);
            assert!(!rows.is_empty());
            for row in &rows {
                assert_eq!(row.len(), header.len());
                for field in row {
                    let first = field.trim_start_matches(' ').chars().next();
                    assert!(!first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c)), "{field:?}");
                }
            }
        }
        // Names and addresses come back as they are, but for the apostrophe.
        let (_, mails) = csv(&review.mail_csv());
        let bare = |field: &str| field.strip_prefix('\'').filter(|rest| *rest == *text).unwrap_or(field).to_owned();
        assert_eq!([bare(&mails[0][4]), bare(&mails[0][5])], [*text, *text]);
    }
}

/// R8: a name of a file is never a path, and never the same twice.
#[test]
fn r8_file_names_are_never_paths() {
    let hostile = [
        "../../etc/passwd",
        "a/b",
        "con",
        "CON",
        "",
        ".",
        "..",
        "nul.md",
        "a\\b",
        "lpt1",
        "\u{202e}",
        "Ab",
        "aB",
        "日本",
    ];
    let mut bundle = Bundle::new();
    for id in hostile {
        bundle.organizations.push(organization(&format!("org_{id}"), "Acme", 1));
        bundle.sso_connections.push(Connection::new(format!("conn_{id}"), "OktaSAML", Some(&format!("org_{id}"))));
    }
    let mut plan = workos_to_authio::plan(&bundle);
    for (organization, slug) in plan.organizations.iter_mut().zip(hostile) {
        organization.slug = slug.into();
    }
    for show in Show::ALL {
        let sheets = Review::new(&Material::new(&plan).show(*show)).handoffs();
        assert_eq!(sheets.len(), plan.organizations.len());
        let names: BTreeSet<String> = sheets.iter().map(|sheet| sheet.file_name.to_ascii_lowercase()).collect();
        assert_eq!(names.len(), sheets.len());
        for name in names {
            let stem = name.strip_suffix(".md").unwrap();
            assert!(
                !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
                "{name}"
            );
            assert!(!["con", "nul", "lpt1"].contains(&stem), "{name}");
        }
    }
}
