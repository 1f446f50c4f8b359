//! The domains of public mail providers (O7). The list stands in `docs/rules.md` as well.

/// Sorted.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "126.com", "139.com", "163.com", "abv.bg", "aim.com", "alice.it", "aliyun.com", "aol.com", "aon.at", "arcor.de",
    "att.net", "azet.sk", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch", "bol.com.br", "btinternet.com",
    "centrum.cz", "charter.net", "chello.at", "comcast.net", "cox.net", "daum.net", "docomo.ne.jp", "duck.com",
    "earthlink.net", "email.cz", "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freemail.hu", "freenet.de",
    "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "gmx.us", "googlemail.com", "hanmail.net",
    "hey.com", "hotmail.be", "hotmail.ca", "hotmail.ch", "hotmail.co.jp", "hotmail.co.uk", "hotmail.com",
    "hotmail.com.ar", "hotmail.com.br", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl",
    "hotmail.no", "hotmail.se", "hushmail.com", "icloud.com", "ig.com.br", "inbox.lv", "inbox.ru", "interia.pl",
    "juno.com", "laposte.net", "libero.it", "list.ru", "live.be", "live.ca", "live.co.uk", "live.com", "live.com.au",
    "live.com.mx", "live.de", "live.dk", "live.fr", "live.it", "live.nl", "live.no", "live.se", "mac.com", "mail.com",
    "mail.de", "mail.ru", "mailbox.org", "mailfence.com", "mailinator.com", "me.com", "msn.com", "naver.com",
    "neuf.fr", "ntlworld.com", "o2.co.uk", "o2.pl", "onet.pl", "optonline.net", "optusnet.com.au", "orange.fr",
    "outlook.be", "outlook.com", "outlook.com.au", "outlook.com.br", "outlook.de", "outlook.es", "outlook.fr",
    "outlook.it", "outlook.jp", "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rambler.ru",
    "rediffmail.com", "rocketmail.com", "rogers.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca",
    "sina.cn", "sina.com", "sky.com", "skynet.be", "sohu.com", "sympatico.ca", "t-online.de", "talktalk.net",
    "telenet.be", "telus.net", "terra.com.br", "tiscali.it", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com",
    "tutanota.de", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com", "vk.com", "wanadoo.fr",
    "web.de", "windowslive.com", "wp.pl", "xtra.co.nz", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
    "yahoo.co.uk", "yahoo.com", "yahoo.com.ar", "yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.de",
    "yahoo.es", "yahoo.fr", "yahoo.ie", "yahoo.it", "yahoo.nl", "yahoo.no", "yahoo.pl", "yahoo.se", "yandex.by",
    "yandex.com", "yandex.kz", "yandex.ru", "yandex.ua", "yeah.net", "ymail.com", "yopmail.com", "ziggo.nl",
    "zoho.com", "zohomail.com", "zohomail.eu",
];

/// Whether anybody can have an address at a domain, which is as [`domain`](crate::unicode::domain) has it.
pub(super) fn is_public(domain: &str) -> bool {
    PUBLIC.binary_search(&domain).is_ok()
}
