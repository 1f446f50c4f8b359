//! R5, R11: the page itself, and what each code says to do.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use workos_to_authio::review::{Material, Review, SCRIPT_HASH, STYLE_HASH, what_to_do};
use workos_to_authio::workos::{Bundle, Gap, GapKind, Section};
use workos_to_authio::{WarningCode, plan};

use crate::read::Page;

fn hash(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// R11: the policy allows the one style and the one script of the page, and nothing else.
#[test]
fn r11_the_policy_allows_what_is_in_the_page_and_nothing_else() {
    let html = Review::new(&Material::new(&plan(&Bundle::new()))).html();
    let page = Page::of(&html);
    let styles: Vec<&str> = page.text_of("style").collect();
    let is_data = |(_, value): &(String, String)| value == "text/plain";
    let pages = page.tags.iter().zip(&page.texts).filter(|((tag, _), _)| tag == "script");
    let scripts = pages.filter(|((_, attributes), _)| !attributes.iter().any(is_data));
    let scripts: Vec<&str> = scripts.map(|(_, (_, text))| text.as_str()).collect();
    assert_eq!((styles.len(), scripts.len()), (1, 1));
    assert_eq!(hash(styles[0]), STYLE_HASH, "the style has changed: so must STYLE_HASH");
    assert_eq!(hash(scripts[0]), SCRIPT_HASH, "the script has changed: so must SCRIPT_HASH");
    let policy =
        page.tags.iter().flat_map(|(_, attributes)| attributes).find(|(_, value)| value.starts_with("default-src"));
    assert_eq!(
        policy.unwrap().1,
        format!(
            "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'"
        )
    );
    // Nothing is fetched.
    for word in ["url(", "@import", "http://", "https://", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
        assert!(!styles[0].contains(word) && !scripts[0].contains(word), "{word}");
    }
    for tag in ["link", "img", "iframe", "object", "form", "base"] {
        assert_eq!(page.text_of(tag).count(), 0, "{tag}");
    }
}

/// R11: tables have a caption and headings with their scope, the page a language, a title and landmarks.
#[test]
fn r11_the_page_can_be_used_with_a_screen_reader_and_a_keyboard() {
    let users =
        (0..60).map(|number| crate::support::user(&format!("user_{number}"), &format!("p{number}@acme.example"), 1));
    let page = Page::of(&Review::new(&Material::new(&plan(&crate::support::of_users(users)))).html());
    let count = |tag: &str| page.tags.iter().filter(|(name, _)| name == tag).count();
    assert_eq!(count("table"), count("caption"));
    for (tag, attributes) in &page.tags {
        let has = |name: &str| attributes.iter().any(|(known, value)| known == name && !value.is_empty());
        match tag.as_str() {
            "th" => assert!(has("scope")),
            "html" => assert!(has("lang")),
            "nav" => assert!(has("aria-label")),
            "input" => {
                let id = &attributes.iter().find(|(name, _)| name == "id").unwrap().1;
                let labels = |attributes: &[(String, String)]| {
                    attributes.iter().any(|(name, value)| name == "for" && value == id)
                };
                assert!(page.tags.iter().any(|(tag, attributes)| tag == "label" && labels(attributes)));
            }
            _ => {}
        }
    }
    assert_eq!([count("main"), count("h1"), count("title"), count("input")], [1, 1, 1, 1]);
    // Six kinds, the first 50 of 60 users and every other code are there without a script; each table has a row of
    // headings.
    let is_other = |(_, all): &&(String, Vec<(String, String)>)| all.iter().any(|(_, value)| value == "What it means");
    let others = page.tags.iter().filter(is_other).count();
    assert!(others > WarningCode::ALL.len(), "{others}");
    assert_eq!((count("tr"), page.rows("users").len()), (1 + 6 + 1 + 50 + 1 + 1 + others, 60));
    let targets: Vec<&str> =
        page.tags.iter().flat_map(|(_, all)| all).filter(|(name, _)| name == "href").map(|(_, to)| &to[1..]).collect();
    for target in targets {
        assert!(page.tags.iter().flat_map(|(_, all)| all).any(|(name, id)| name == "id" && id == target), "{target}");
    }
}

/// R3: where a list may lack something, the page does not say that every list was read.
#[test]
fn r3_a_list_that_may_lack_records_is_among_what_was_not_read() {
    let kinds = [
        GapKind::Missing,
        GapKind::Null,
        GapKind::Truncated { after: "om_1".into() },
        GapKind::MaybeTruncated,
        GapKind::MaybeFiltered { status: "active".into() },
        GapKind::Forbidden,
    ];
    let said = |bundle: &Bundle| {
        let html = Review::new(&Material::new(&plan(bundle))).html();
        html.contains("Every list of the export was read to its end")
    };
    assert!(said(&Bundle::new()));
    for kind in kinds {
        for section in [Section::OrganizationMemberships, Section::Invitations] {
            let mut bundle = Bundle::new();
            bundle.gaps.push(Gap::new(section, kind.clone()));
            assert!(!said(&bundle), "{section}: {kind:?}");
        }
    }
}

/// R5: each code says what to do, in the words of docs/warnings.md.
#[test]
fn r5_every_code_says_what_to_do() {
    let text = std::fs::read_to_string("docs/warnings.md").unwrap();
    for code in WarningCode::ALL {
        let advice = what_to_do(*code);
        assert!(advice.len() > 10 && advice.ends_with('.'), "{code}: {advice}");
        assert!(!advice.contains(['[', ']', '`', '\n']), "{code}: {advice}");
        let missing = |what: &str| -> ! { panic!("docs/warnings.md has no {what} for {code}") };
        let section = text.split(&format!("\n## `{code}`\n")).nth(1).unwrap_or_else(|| missing("section"));
        let paragraph = section.split("**What to do.**").nth(1).unwrap_or_else(|| missing("\"What to do.\""));
        let first: Vec<&str> = paragraph.split_whitespace().take(3).collect();
        assert!(advice.replace('`', "").starts_with(&first.join(" ").replace('`', "")), "{code}: {advice}");
    }
}
