//! Every rule of every page is cited by a test, and what the page on the code names is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files with this ending under a folder, whichever of the folders there are.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

/// The number at the beginning of a text: `U10`, one capital and digits that end there.
fn number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let whole = &text[..text.len() - rest.len()];
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    (whole.len() > 1 && ends).then_some(whole)
}

/// The rules that a page states: an item of a list that begins with a bold number, or a heading that begins with one.
fn stated(page: &str) -> Vec<String> {
    let heads = page.lines().filter_map(|line| {
        let bold = line.strip_prefix("- **");
        bold.or_else(|| line.starts_with('#').then(|| line.trim_start_matches('#').trim_start()))
    });
    heads.filter_map(number).map(str::to_owned).collect()
}

/// The rules that a test file cites: in the name of a test (`u4_..`) or anywhere in its text. A range (`U1 to U10`) is
/// a table of contents and cites nothing.
fn cited(test: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut before = "";
    for line in test.lines() {
        let names = line.trim_start().strip_prefix("fn ").unwrap_or_default();
        let names = names.split('(').next().unwrap_or_default().to_uppercase();
        found.extend(names.split('_').filter_map(number).map(str::to_owned));
        let words: Vec<&str> =
            line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            let after = words.get(at + 1).copied().unwrap_or_default();
            if number(word) == Some(word) && before != "to" && after != "to" {
                found.insert((*word).to_owned());
            }
            before = word;
        }
    }
    found
}

#[test]
fn every_rule_of_every_page_is_cited_by_a_test() {
    let tests = ["tests", "examples/cli/tests", "examples/browser/tests"].map(|folder| root().join(folder));
    let mut cited_somewhere = BTreeSet::new();
    for file in tests.iter().flat_map(|folder| files(folder, "rs")).filter(|file| !file.ends_with(file!())) {
        // What the second planner says of itself tests nothing.
        if !file.components().any(|part| part.as_os_str() == "reference") {
            cited_somewhere.extend(cited(&fs::read_to_string(file).unwrap()));
        }
    }
    let mut uncited = Vec::new();
    for page in files(&root().join("docs"), "md") {
        let rules = stated(&fs::read_to_string(&page).unwrap());
        let distinct: BTreeSet<_> = rules.iter().collect();
        assert_eq!(distinct.len(), rules.len(), "{} states a rule twice", page.display());
        let page = page.file_name().unwrap().to_str().unwrap();
        if ["rules.md", "mirror.md", "cutover.md"].contains(&page) {
            assert!(!rules.is_empty(), "{page} has rules, and none was found");
        }
        uncited.extend(
            rules.into_iter().filter(|rule| !cited_somewhere.contains(rule)).map(|rule| format!("{rule} of {page}")),
        );
    }
    assert!(uncited.is_empty(), "no test cites {}", uncited.join(", "));
}

/// `docs/code.md` says what each suite is for.
#[test]
fn every_suite_has_a_row_in_the_page_on_the_code() {
    let page = fs::read_to_string(root().join("docs/code.md")).unwrap();
    let mut missing = Vec::new();
    for folder in ["tests", "examples/cli/tests"] {
        for entry in fs::read_dir(root().join(folder)).unwrap().map(Result::unwrap) {
            let suite = entry.file_name().into_string().unwrap();
            if entry.path().join("main.rs").exists() && !page.contains(&format!("\n| `{suite}` ")) {
                missing.push(suite);
            }
        }
    }
    assert!(missing.is_empty(), "the table of suites in docs/code.md has no row for {}", missing.join(", "));
}

/// The files, folders, tests and functions that the page on the code names.
#[test]
fn what_the_page_on_the_code_names_is_there() {
    let page = fs::read_to_string(root().join("docs/code.md")).unwrap();
    let sources = ["src", "tests", "examples"].map(|folder| files(&root().join(folder), "rs"));
    let code: String = sources.iter().flatten().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_there = |named: &str| {
        if ["src/", "tests/", "examples/", "docs/", "benches/"].iter().any(|folder| named.starts_with(folder)) {
            named.contains(['<', ' ']) || root().join(named).exists()
        } else {
            let is_name = named.matches('_').count() > 1 && named.chars().all(|c| c == '_' || c.is_ascii_lowercase());
            !is_name || code.contains(named)
        }
    };
    // Beside the blocks of code, each second piece stands between backticks.
    let named = page.split("```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    let missing: BTreeSet<&str> = named.filter(|named| !is_there(named)).collect();
    assert!(missing.is_empty(), "docs/code.md names what is not there: {missing:?}");
}

#[test]
fn what_states_a_rule_and_what_cites_it() {
    assert_eq!(
        stated("- **U4** The\n- **N3 Matching.** x\n## N11 Guards\n- **P6 over\n- U5\n## 4. Users\n"),
        ["U4", "N3", "N11", "P6"]
    );
    let all = |test: &str| cited(test).into_iter().collect::<Vec<_>>();
    assert_eq!(all("fn u4_the_oldest() {}\n// M4, (B2): why\n"), ["B2", "M4", "U4"]);
    assert_eq!(all("//! | rules | N1 to N9 |\n\"org_01A\" user_a T00 x8\n/// O12"), ["O12", "T00"]);
}
