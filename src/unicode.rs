//! What Unicode says of text that is not plain ASCII: which characters cannot be seen (U3), which texts look alike
//! (U2), and which domains are one (O5).

use alloc::borrow::Cow;
use alloc::string::String;

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether a character is not seen where it stands: a format character, one that is blank, or one that Unicode has
/// ignored by default. `docs/rules.md` lists the latter (U3).
pub(crate) fn is_invisible(c: char) -> bool {
    let is_listed = matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2065}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    is_listed || c.general_category() == GeneralCategory::Format
}

/// Whether nothing but ASCII upper and lower case can make two spellings of a text.
pub(crate) fn is_plain(text: &str) -> bool {
    // A dash is rare, and looking for one byte is quick.
    let has_punycode = || text.as_bytes().windows(4).any(|bytes| bytes.eq_ignore_ascii_case(b"xn--"));
    text.is_ascii() && !text.ends_with('.') && !(text.as_bytes().contains(&b'-') && has_punycode())
}

/// A domain as IDNA has it and without the dot of the root at its end, so that all its spellings are one. What IDNA
/// does not take is in ASCII lower case.
pub(crate) fn domain(text: &str) -> Cow<'_, str> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if !is_plain(text) {
        if let (mut domain, Ok(())) = idna::domain_to_unicode(text) {
            // IDNA has other dots, which are dots now.
            if domain.ends_with('.') {
                domain.pop();
            }
            return Cow::Owned(domain);
        }
    }
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// What an address looks like: addresses with one look may be taken for each other (U2). The look of a plain one is the
/// address in lower case.
pub(crate) fn look(address: &str) -> String {
    if is_plain(address) {
        return address.to_ascii_lowercase();
    }
    let (local, domain) = match address.rsplit_once('@') {
        Some((local, of_address)) => (local, domain(of_address)),
        None => (address, Cow::Borrowed("")),
    };
    let mut look = folded(local);
    look.push('@');
    look.push_str(&folded(&domain));
    look
}

/// Case and compatibility forms folded, as Unicode's caseless matching has it.
fn folded(text: &str) -> String {
    let once: String = UniCase::unicode(text.nfd().collect::<String>()).to_folded_case().nfkc().collect();
    UniCase::unicode(once).to_folded_case().nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u2_one_look_in_every_spelling() {
        for (one, other) in [
            ("jos\u{e9}@x.example", "JOSE\u{301}@x.example"),
            ("\u{212a}ate@x.example", "kate@X.example"),
            ("ann@m\u{fc}nchen.example", "ann@xn--mnchen-3ya.example"),
            ("ann@m\u{fc}nchen.example", "ann@MU\u{308}NCHEN.example"),
            ("ann@XN--mnchen-3ya.example", "ann@xn--mnchen-3ya\u{3002}example"),
            ("\u{ff41}nn@x.example", "ann@x.example"),
            ("ann@X.example.", "Ann@x.example"),
            ("\u{fb01}n@x.example", "fin@x.example"),
            ("stra\u{df}e@x.example", "STRASSE@x.example"),
            ("ann@stra\u{df}e.example", "ann@strasse.example"),
            ("\"a@b\"@m\u{fc}.example", "\"A@B\"@xn--m-eha.example"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        for (one, other) in [
            ("ann@xn--a.example", "ann@a.example"),
            ("a.nn@x.example", "ann@x.example"),
            ("\u{430}nn@x.example", "ann@x.example"),
            ("ann@xn--mnchen-3ya.example", "ann@munchen.example"),
        ] {
            assert_ne!(look(one), look(other), "{one} {other}");
        }
    }

    #[test]
    fn o5_one_domain_in_every_spelling_and_no_other() {
        assert_eq!(domain("M\u{dc}NCHEN.example"), domain("xn--mnchen-3ya.example"));
        assert_eq!(domain("\u{ff47}mail.com"), "gmail.com");
        assert_ne!(domain("stra\u{df}e.example"), domain("strasse.example"));
        for text in ["acme.example.", "Acme.example\u{3002}", "\u{ff41}cme.example."] {
            assert_eq!(domain(text), "acme.example");
        }
        for text in
            ["acme.example", "a_b.example", "a--b.example", "", "xn--", "xn--a.EXAMPLE", "\u{e9}\u{fffd}.example"]
        {
            assert_eq!(domain(text), domain(&text.to_ascii_uppercase()), "{text}");
        }
    }

    #[test]
    fn a_plain_text_has_neither_punycode_nor_letters_beyond_ascii() {
        for (text, plain) in [
            ("a-b@c.example", true),
            ("a@Xn--b", false),
            ("xn-", true),
            ("x\u{e9}", false),
            ("", true),
            ("ax--", true),
            ("a.", false),
        ] {
            assert_eq!(is_plain(text), plain, "{text}");
        }
    }
}
