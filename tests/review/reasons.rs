//! R3: what stands against a night: each reason, whom it is about, what follows from it, and what to run next.

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{Because, Changes, ConflictCode, ReasonCode, RecordKind, Retention, Verdict};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, DomainState, OrganizationDomain};
use workos_to_authio::{PlanOptions, WarningCode, plan};

use crate::read::{Page, csv};
use crate::sums::{Night, monday, tuesday};
use crate::support::{membership, of_users, organization, user};

/// The entries of the page's list of a class, as text with tags.
fn items<'h>(html: &'h str, class: &str) -> Vec<&'h str> {
    let list = html.split(&format!("<ol class=\"{class}\">")).nth(1).unwrap().split("</ol>").next().unwrap();
    list.split("<li>").skip(1).collect()
}

/// The reasons are as many entries as the sentence says, and what to run is a list of its own.
#[test]
fn r3_a_list_has_as_many_reasons_as_the_sentence_says_and_another_what_to_run() {
    let night = Night::after([Retention::Keep, Retention::Remove], &PlanOptions::new(), tuesday());
    let review = night.review();
    let html = review.html();
    let reasons = night.verdict.reasons.len();
    assert_eq!(review.headline().sentence, format!("This night does not run: {reasons} reasons."));
    let links = html.split("<ol class=\"reasons\">").nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!(links.matches("data-code").count(), reasons);
    assert_eq!(review.headline().reasons.len(), reasons);

    let steps = items(&html, "steps");
    let commands = ["pull --move DIR", "nightly --move DIR --retention remove", "apply --move DIR", "undo --move DIR"];
    let at = commands.map(|command| steps.iter().position(|step| step.contains(command)).unwrap());
    assert!(at.is_sorted(), "{steps:?}");
    for text in [review.markdown(), review.checklist()] {
        let at = commands.map(|command| text.find(command).unwrap());
        assert!(at.is_sorted(), "{text}");
        // What people copy stands as it is, in code.
        assert!(text.contains("`{\"acknowledged\": [ ... ]}`") && text.contains("`guards.json`"), "{text}");
        for line in text.lines() {
            assert!(!line.contains("\\.") && !line.contains("\\-") && !line.contains("\\_"), "{line}");
        }
    }
    assert!(review.markdown().contains("write the old option: `--retention keep`."), "{}", review.markdown());
    // A night that may run begins with writing, and one that nobody judged with reading.
    let quiet = Night::after([Retention::Keep, Retention::Keep], &PlanOptions::new(), monday());
    assert!(quiet.verdict.is_ok());
    assert!(items(&quiet.review().html(), "steps")[0].contains("<pre>workos-to-authio apply --move DIR</pre>"));
    let plan = plan(&Bundle::new());
    let html = Review::new(&Material::new(&plan).show(Show::Ids)).html();
    assert!(items(&html, "steps")[0].contains("<pre>workos-to-authio pull --move DIR</pre>"));
    assert!(html.contains("<pre>workos-to-authio review --move DIR --show ids</pre>"));
}

/// The list carries the option of tonight, and says what to write for the old one: also where tonight has the default.
#[test]
fn r3_the_step_of_the_night_says_which_option_is_new_and_what_to_write_for_the_old_one() {
    for old in Retention::ALL {
        for new in Retention::ALL {
            let night = Night::after([*old, *new], &PlanOptions::new(), tuesday());
            let review = night.review();
            let html = review.html();
            let steps = items(&html, "steps");
            let of_night = steps.iter().find(|step| step.contains("judge the night")).unwrap();
            let carries = of_night.contains(&format!("nightly --move DIR --retention {new}</pre>"));
            assert_eq!(carries, old != new || *new != Retention::Keep, "{of_night}");
            let new_option = format!("has the new option --retention {new}.");
            let back = format!("writes --retention {old} in its place");
            assert_eq!([&new_option, &back].map(|words| of_night.contains(words)), [old != new; 2], "{of_night}");
            let moved = steps.iter().find(|step| step.contains("--moved")).unwrap();
            assert_eq!(moved.contains(&format!("--retention {new} --moved")), carries, "{moved}");
        }
    }
}

/// The answer at the head counts each change once: who loses admin with a membership is not among the others.
#[test]
fn r13_the_answer_says_that_the_others_are_besides_the_admins() {
    let night = Night::after([Retention::Keep, Retention::Deactivate], &PlanOptions::new(), tuesday());
    let html = night.review().html();
    let answer = html.split("Who gains or loses access, or a role?</dt><dd>").nth(1).unwrap();
    let (answer, _) = answer.split_once(" <a").unwrap();
    let (admins, others) = answer.split_once(". Besides these: ").unwrap();
    let sum = |words: &str| -> usize {
        words.split("; ").map(|words| words.split(' ').next().unwrap().parse::<usize>().unwrap()).sum()
    };
    let page = Page::of(&html);
    assert_eq!(sum(admins), page.rows("admins").len(), "{answer}");
    let people = page.rows("access").iter().map(|row| row[4].split('\n').count()).sum::<usize>();
    assert_eq!(sum(others), people, "{answer}");
    let quiet = Night::after([Retention::Keep, Retention::Keep], &PlanOptions::new(), monday());
    assert!(!quiet.review().html().contains("Besides these"));
}

/// What `pull` writes over, and where each kind of fault is mended, stands at the step.
#[test]
fn r3_the_steps_say_where_to_mend_and_when_not_to_pull() {
    let night = Night::after([Retention::Keep, Retention::Keep], &PlanOptions::new(), tuesday());
    let html = night.review().html();
    let steps = items(&html, "steps");
    let step = |words: &str| steps.iter().find(|step| step.starts_with(words)).unwrap();
    assert!(step("Mend ").contains("an account that stands in the way at Authio"), "{steps:?}");
    let read = step("Read WorkOS and Authio.");
    assert!(
        read.contains("leave it out where you corrected the bundle by hand") && read.contains(">workos-to-authio pull")
    );
    // "Plan again" of an advice is a step of the list.
    assert!(step("Plan again").contains(">workos-to-authio nightly"), "{steps:?}");
    assert!(html.contains("Correct the address at WorkOS. Then read WorkOS again and plan again."));
    let head = html.split("<ol class=\"steps\">").next().unwrap();
    assert!(head.contains("This night does not run") && !head.contains("Ready to run"));
}

/// What follows from an option is named, and how to have the old option back.
#[test]
fn r3_a_changed_option_names_the_changes_that_follow_from_it_and_the_way_back() {
    let mut bundle = monday();
    bundle.organization_memberships.retain(|seat| seat.id != "om_cid");
    let eve = bundle.organization_memberships.iter_mut().find(|seat| seat.id == "om_eve").unwrap();
    *eve = membership("om_eve", "user_eve", "org_b", "member", "inactive");
    let options = PlanOptions::new().map_role("owner", Role::Member);
    let night = Night::after([Retention::Keep, Retention::Deactivate], &options, bundle);
    let review = night.review();
    let reasons = &review.headline().reasons;
    let reason = reasons.iter().find(|reason| reason.code == "options_changed").unwrap();
    assert_eq!(
        reason.about,
        [
            "What to do about records that are gone at WorkOS. Before: leave them as they are. Tonight: switch them off",
            "The option role_map, of owner",
            "membership om_cid, CID, Acme: deactivated",
            "membership om_dan, DAN, Brew: role from owner to member",
        ]
    );
    assert_eq!(reason.follows, "2 changes follow from it.");
    assert!(reason.way_back.contains("--retention keep"), "{}", reason.way_back);
    assert!(reason.way_back.contains("what role_map was before, in options.json"), "{}", reason.way_back);
    // What an option does beside the others is not guessed.
    let options = PlanOptions::new().reserved_slugs(["acme"]);
    let night = Night::after([Retention::Keep, Retention::Keep], &options, monday());
    let review = night.review();
    let reason = &review.headline().reasons[0];
    assert!(reason.follows.ends_with("cannot be told from the other changes of tonight: The option reserved_slugs."));
}

/// Shares name whom they concern, too: nobody learns from a number alone what happens.
#[test]
fn r3_every_reason_that_a_person_can_acknowledge_says_what_follows_and_the_way_back() {
    let mut bundle = tuesday();
    bundle.organization_memberships.retain(|seat| !["om_bob", "om_eve"].contains(&seat.id.as_str()));
    let night = Night::after([Retention::Keep, Retention::Remove], &PlanOptions::new(), bundle);
    let review = night.review();
    let reasons = &review.headline().reasons;
    for reason in reasons {
        assert!(reason.follows.ends_with("from it.") && !reason.way_back.is_empty(), "{reason:?}");
        assert!(!reason.about.is_empty(), "{reason:?}");
    }
    let departing = reasons.iter().find(|reason| reason.code == "departing").unwrap();
    assert_eq!(departing.said, "3 of 6 memberships are removed or switched off; allowed are 10 %");
    assert_eq!(departing.about.len(), 3);
    assert!(departing.about[0].starts_with("membership om_bob, BOB, Acme: removed"), "{:?}", departing.about);
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    let at = |code| codes.iter().position(|known| *known == code).unwrap();
    assert!(at("options_changed") < at("departing"), "{codes:?}");
    assert!(at("departing") < at("address_held") && at("address_held") < at("last_admin_lost"), "{codes:?}");
    assert!(at("last_admin_lost") < at("invalid_email"), "{codes:?}");
}

/// The head of a reason stops at 500 records. It says how many more there are, and the search has all of them.
#[test]
fn r3_what_the_head_of_a_reason_does_not_name_is_counted_and_searched() {
    let number = 600;
    let users = (0..number).map(|at| user(&format!("user_{at:04}"), &format!("p{at}@acme.example"), 1));
    let plan = plan(&of_users(users));
    let conflict = |at| {
        serde_json::json!({"kind": "user", "external_id": format!("workos:user_{at:04}"), "id": format!("usr_{at:04}"),
            "action": {"conflict": {"conflict": {"code": "address_held", "id": "usr_x"}}}})
    };
    let entry =
        |at| serde_json::json!({"code": "address_held", "subject": format!("workos:user_{at:04}"), "of": "usr_x"});
    let changes = serde_json::json!({"changes": (0..number).map(conflict).collect::<Vec<_>>()});
    let verdict = serde_json::json!({"reasons": [{"code": "conflict", "about": "address_held", "kind": "user",
        "acknowledge": (0..number).map(entry).collect::<Vec<_>>()}]});
    let (changes, verdict): (Changes, Verdict) =
        (serde_json::from_value(changes).unwrap(), serde_json::from_value(verdict).unwrap());
    let review = Review::new(&Material::new(&plan).changes(&changes, &verdict));
    let html = review.html();
    let page = Page::of(&html);
    let head = html.split("<ol class=\"reasons\">").nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!(head.matches("100 more: search for them in").count(), 2, "records and entries");
    assert!(head.contains("user_0499") && !head.contains("user_0500"));
    let entries = page.rows("acknowledgements");
    let all: Vec<String> = (0..number).map(|at| serde_json::to_string(&entry(at)).unwrap()).collect();
    assert_eq!(entries.len(), all.len());
    for (row, entry) in entries.iter().zip(&all) {
        let of: serde_json::Value = serde_json::from_str(&row[2]).unwrap();
        assert_eq!(of, serde_json::from_str::<serde_json::Value>(entry).unwrap());
    }
    // A message that names some and counts the rest is followed by all ids, in every format.
    let row = page.rows("findings").into_iter().find(|row| row[0] == "blocks").unwrap();
    let (_, listed) = csv(&review.findings_csv());
    for at in 0..number {
        let id = format!("user_{at:04}");
        assert!(row[4].contains(&id) && listed[0][5].contains(&id), "{id}");
    }
}

/// A warning that names some ids and counts the rest is followed by all of them.
#[test]
fn r3_all_ids_follow_a_message_that_was_cut() {
    let mut bundle = Bundle::new();
    for at in 0..30 {
        let mut one = organization(&format!("org_{at:02}"), &format!("Customer {at}"), 1);
        one.domains.push(OrganizationDomain::new("group.example", DomainState::Verified));
        bundle.organizations.push(one);
    }
    let plan = plan(&bundle);
    let warning = plan.warnings_with_code(WarningCode::DomainShared).next().unwrap().to_string();
    assert!(warning.contains(" more") && !warning.contains("org_29"), "{warning}");
    let review = Review::new(&Material::new(&plan).show(Show::Ids));
    let row = Page::of(&review.html()).rows("findings").into_iter().find(|row| row[1] == "domain_shared").unwrap();
    let (_, listed) = csv(&review.findings_csv());
    let listed = listed.into_iter().find(|row| row[1] == "domain_shared").unwrap();
    let all = (0..30).map(|at| format!("org_{at:02}")).collect::<Vec<_>>().join(", ");
    assert!(row[4].contains(&format!("All of them: {all}.")), "{row:?}");
    assert!(listed[5].contains(&all), "{listed:?}");
}

/// What several customers share is said of each: a domain, an id of the application.
#[test]
fn r3_a_finding_about_several_customers_is_of_each() {
    let mut bundle = Bundle::new();
    for id in ["org_a", "org_b", "org_c"] {
        let mut one = organization(id, id, 1);
        if id != "org_c" {
            one.domains.push(OrganizationDomain::new("group.example", DomainState::Verified));
        }
        one.stripe_customer_id = (id != "org_a").then(|| "cus_1".into());
        bundle.organizations.push(one);
    }
    let plan = plan(&bundle);
    let (_, rows) = csv(&Review::new(&Material::new(&plan).show(Show::Ids)).findings_csv());
    let of = |code: &str| &rows.iter().find(|row| row[1] == code).unwrap()[4];
    assert_eq!(of("domain_shared"), "org_a org_b");
    assert_eq!(of("application_id_shared"), "org_b org_c");
}

/// The button says how many rows it shows.
#[test]
fn r11_a_button_shows_as_many_rows_as_there_are() {
    for (users, said) in [(61, "Show 11 more"), (400, "Show 200 more")] {
        let users = (0..users).map(|at| user(&format!("user_{at}"), &format!("p{at}@acme.example"), 1));
        let plan = plan(&of_users(users));
        let html = Review::new(&Material::new(&plan)).html();
        let buttons: Vec<&str> = html.split("<button class=\"more\" type=\"button\">").skip(1).collect();
        assert!(buttons.len() == 1 && buttons[0].starts_with(said), "{said}");
    }
}

/// Sentences are for people: codes stand in columns and links of their own.
#[test]
fn r3_no_sentence_has_a_word_of_the_machine() {
    let codes = WarningCode::ALL.iter().map(|code| code.as_str());
    let more =
        ConflictCode::ALL.iter().map(|code| code.as_str()).chain(ReasonCode::ALL.iter().map(|code| code.as_str()));
    let kinds = RecordKind::ALL.iter().map(|kind| kind.as_str());
    let words: Vec<&str> = codes.chain(more).chain(kinds).filter(|word| word.contains('_')).collect();
    let check = |text: &str| {
        let found =
            words.iter().find(|word| text.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|one| one == **word));
        assert_eq!(found, None, "{text}");
        assert!(!text.contains("=") && !text.contains("::"), "{text}");
    };
    for retention in [Retention::Keep, Retention::Deactivate, Retention::Remove] {
        let mut bundle = tuesday();
        bundle.sso_connections.clear();
        let night = Night::after([Retention::Keep, retention], &PlanOptions::new(), bundle);
        let review = night.review();
        for reason in &review.headline().reasons {
            for text in [&reason.said, &reason.what_to_do, &reason.follows] {
                check(text);
            }
            reason.about.iter().for_each(|text| check(text));
        }
        let page = Page::of(&review.html());
        // Without the columns of codes: what is meant to be searched for.
        for (key, columns) in
            [("tonight", 1..7), ("admins", 0..7), ("access", 0..7), ("findings", 2..5), ("organizations", 0..5)]
        {
            for row in page.rows(key) {
                row[columns.clone()].iter().for_each(|cell| check(cell));
            }
        }
    }
}

/// Every code that a plan, a verdict or a change can have is on every page, with what it means and what to do.
#[test]
fn r5_every_code_is_on_the_page_and_says_what_to_do() {
    let unknown = serde_json::from_str::<Because>("\"x\"").unwrap_err().to_string();
    let because: Vec<&str> = unknown.split('`').skip(3).step_by(2).collect();
    assert!(because.contains(&"in_use") && because.len() > 10, "{unknown}");
    let codes = WarningCode::ALL.iter().map(|code| code.as_str());
    let more =
        ConflictCode::ALL.iter().map(|code| code.as_str()).chain(ReasonCode::ALL.iter().map(|code| code.as_str()));
    let all: Vec<&str> = codes.chain(more).chain(because).collect();
    let night = Night::after([Retention::Keep, Retention::Remove], &PlanOptions::new(), tuesday());
    let empty = plan(&Bundle::new());
    for html in [Review::new(&Material::new(&empty)).html(), night.review().html()] {
        let part = html.split("<section id=\"codes\">").nth(1).unwrap().split("</section>").next().unwrap();
        let rows: Vec<&str> = part.split("<th scope=\"row\">").skip(1).collect();
        for code in &all {
            let of_code = |row: &&&str| row.split("</th>").next().unwrap().split(['>', '<']).any(|text| text == *code);
            let row = rows.iter().find(of_code).unwrap_or_else(|| panic!("{code} is not on the page"));
            let what_to_do = row.split("What to do\">").nth(1).unwrap().split("</td>").next().unwrap();
            assert!(what_to_do.len() > 10, "{code}: {what_to_do:?}");
            let meaning = row.split("What it means\">").nth(1).map(|rest| rest.split("</td>").next().unwrap());
            assert!(meaning.is_none_or(|meaning| meaning.len() > 5), "{code}: {meaning:?}");
        }
    }
}
