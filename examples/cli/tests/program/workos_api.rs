//! A server on 127.0.0.1 that answers list requests as WorkOS does: newest first, 100 at most, a cursor where more
//! follow.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

pub(crate) const KEY: &str = "sk_test_key";
/// Two pages.
pub(crate) const USERS: usize = 101;
/// Three pages.
pub(crate) const DIRECTORIES: usize = 201;
pub(crate) const ORGANIZATIONS: usize = 3;

/// Serves until the test program ends. Returns the address.
pub(crate) fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.and_then(|stream| answer(&stream));
        }
    });
    address
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let target = request.split(' ').nth(1).unwrap_or_default();
    let authorized = headers.iter().any(|line| line.eq_ignore_ascii_case(&format!("authorization: bearer {KEY}")));
    let (status, body) = match list(target) {
        _ if !authorized => ("401 Unauthorized", json!({"message": "Unauthorized"})),
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", json!({"message": "Not Found"})),
    };
    let body = body.to_string();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn list(target: &str) -> Option<Value> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameter = |name: &str| {
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let user = |n: usize| json!({"object": "user", "id": format!("user_{n:03}"), "email": format!("u{n}@fetched.example"), "email_verified": true});
    let records: Vec<Value> = match path {
        "/user_management/users" => (0..USERS).rev().map(user).collect(),
        "/organizations" => {
            (0..ORGANIZATIONS).map(|n| json!({"id": format!("org_{n}"), "name": format!("Organization {n}")})).collect()
        }
        "/connections" => Vec::new(),
        "/directories" => (0..DIRECTORIES)
            .rev()
            .map(|n| json!({"id": format!("directory_{n}"), "type": "okta scim v2.0", "organization_id": "org_0"}))
            .collect(),
        "/user_management/organization_memberships" => {
            let organization = parameter("organization_id")?;
            assert_eq!(parameter("statuses"), Some("active,inactive,pending"));
            let membership = |n| json!({"id": format!("om_{organization}_{n:03}"), "organization_id": organization, "user_id": format!("user_{n:03}"), "status": "active", "role": {"slug": "owner"}});
            (0..USERS).rev().map(membership).collect()
        }
        _ => {
            let (id, list) = path.strip_prefix("/user_management/users/")?.split_once('/')?;
            match list {
                "auth_factors" => Vec::new(),
                // A bare array, without pages.
                "identities" => return Some(json!([{"idp_id": id, "type": "OAuth", "provider": "GoogleOAuth"}])),
                _ => return None,
            }
        }
    };
    let id = |record: &Value| record["id"].as_str().unwrap_or_default().to_owned();
    let limit = parameter("limit").map_or(10, |limit| limit.parse().unwrap()).min(100);
    let start =
        parameter("after").map_or(0, |after| records.iter().position(|record| id(record) == after).unwrap() + 1);
    let page: Vec<Value> = records.iter().skip(start).take(limit).cloned().collect();
    let before = page.first().filter(|_| start > 0).map(id);
    let after = page.last().filter(|_| start + page.len() < records.len()).map(id);
    Some(json!({"object": "list", "data": page, "list_metadata": {"before": before, "after": after}}))
}
