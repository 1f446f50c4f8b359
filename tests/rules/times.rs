//! What a time is: the word "instant" of the page.

use workos_to_authio::workos::User;

use super::plan;
use crate::support::of_users;

fn created(id: &str, time: &str) -> User {
    let mut user = User::new(id, "ann@acme.example");
    user.created_at = Some(time.into());
    user.last_sign_in_at = Some(time.into());
    user
}

#[test]
fn o4_times_decide_in_every_form_and_in_no_other() {
    // Each is later than the one before it; the last ones are no timestamps.
    let forms = [
        "0000-01-01T00:00:00Z",
        "2024-02-29T00:00Z",
        "2024-02-29t00:00:01z",
        "2024-02-29 00:00:01.5",
        "2024-02-29T00:00:01.500000001Z",
        "2024-02-29T02:00:02+0200",
        "2024-02-28T22:00:03-02:00",
        "2024-02-29T00:00:03.0001-00:00",
        "9999-12-31T23:59:59-23:59",
    ];
    let others = [
        "",
        " ",
        "2024-02-29",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T00:60:00Z",
        "2024-02-29T00:00:00.Z",
        "2024-02-29T00:00.5Z",
        "2024-02-29T00:00:00+24:00",
        "2024-02-29T00:00:00+00:60",
        "2024-02-29T00:00:00+00",
        "2024-02-29T00:00:00.Z",
        "2024-02-29T00:00.5Z",
        "2024-02-29T00:00:00Z01:30",
        " 2024-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z ",
        "2024-02-29T00:00:00,5Z",
        "+2024-02-29T00:00:00Z",
        "20240229T000000Z",
        "2024-2-29T00:00:00Z",
        "2024-02-29T0:00:00Z",
        "2024-02-29T00:00:00+00:00[UTC]",
        "٢٠٢٤-02-29T00:00:00Z",
        "2024-02-29_00:00:00Z",
        "2024-02-29T00:00:00+0:00",
        "2024-02-29T000000Z",
        "2024-00-01T00:00:00Z",
    ];
    for (position, time) in forms.iter().enumerate() {
        let later = forms.get(position + 1).copied().unwrap_or("");
        let plan = plan(&of_users([created("user_1", later), created("user_2", time)]));
        assert_eq!(plan.users[0].source_external_ids[..], ["workos:user_2", "workos:user_1"], "{time} before {later}");
        assert_eq!(plan.users[0].created_at.as_deref(), Some(*time));
    }
    for time in others {
        let plan = plan(&of_users([created("user_1", time)]));
        assert_eq!((&plan.users[0].created_at, &plan.users[0].last_sign_in_at), (&None, &None), "{time:?}");
    }
}
