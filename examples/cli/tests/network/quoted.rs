//! What the README quotes is printed, in that order.

const README: &str = include_str!("../../../../README.md");

/// The commands of a block, each with the lines that are quoted after it.
pub(crate) fn block(name: &str) -> Vec<(String, Vec<String>)> {
    let text = README.split(&format!("<!-- {name} -->")).nth(1).unwrap_or_else(|| panic!("{name}"));
    let text = text.split("```").nth(1).unwrap().trim_start_matches("text\n");
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("$ workos-to-authio ") {
            Some(command) => commands.push((command.into(), Vec::new())),
            None => commands.last_mut().unwrap().1.push(line.into()),
        }
    }
    assert!(!commands.is_empty(), "{name}");
    commands
}

/// Each quoted line comes after the one before; between two there is something else only where the README says `...`.
pub(crate) fn assert_quoted(command: &str, printed: &str, quoted: &[String]) {
    let mut rest = printed.lines();
    let mut skips = false;
    for line in quoted {
        if line == "..." {
            skips = true;
            continue;
        }
        let found = if skips { rest.any(|printed| printed == line) } else { rest.next() == Some(line) };
        assert!(found, "{command}: {line}\n--- is not what was printed:\n{printed}");
        skips = false;
    }
    assert!(skips || rest.next().is_none(), "{command}: more was printed:\n{printed}");
}
