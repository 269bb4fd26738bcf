"""Moments in addresses: read alike wherever one is taken."""

import httpx
import pytest

LINE = "nationella-stodtelefonen.telefon"
LINES_OF_MOMENTS = [
    ("/v1/opening-hours", "at"), ("/v1/hotlines", "at"), ("/v1/referrals", "at"), ("/v1/resources", "updated_since"),
    ("/v1/organizations", "updated_since"), ("/v1/changes", "since"), ("/v1/changes.atom", "since"),
    (f"/v1/opening-hours/{LINE}/intervals", "from"), (f"/v1/opening-hours/{LINE}/intervals.ics", "from"),
    ("/hsds/v3/services", "modified_after"), ("/sv/vem-kontaktar-jag", "at"), ("/embed/hotlines", "at"),
]  # fmt: skip


@pytest.mark.parametrize("moment", [
    "2020-01-01T07:00:00.0000000+01:00",  # as .NET writes
    "2020-01-01T07:00:00.123456789012+01:00", "2020-01-01T06:00:00.1Z", "2020-01-01t06:00z",
    "2016-12-31T23:59:60Z", "2017-01-01T00:59:60.5+01:00",  # the last leap second that there was
])  # fmt: skip
@pytest.mark.parametrize(("path", "parameter"), LINES_OF_MOMENTS)
def test_a_moment_is_read_alike_wherever_one_is_taken(
    client: httpx.Client, path: str, parameter: str, moment: str
) -> None:
    for written in (moment, moment.replace("+", "%2B")):
        answer = client.get(f"{path}?{parameter}={written}")
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("moment", ["2020-12-31T23:59:60Z", "2016-12-31T22:59:60Z", "2016-12-31T23:59:61Z",
                                    "2016-12-31T23:59:60+01:00", "2020-01-01T07:00:00.+01:00"])  # fmt: skip
@pytest.mark.parametrize(("path", "parameter"), [one for one in LINES_OF_MOMENTS if one[0] != "/sv/vem-kontaktar-jag"])
def test_a_leap_second_that_never_was_is_refused_wherever_a_moment_is_taken(
    client: httpx.Client, path: str, parameter: str, moment: str
) -> None:
    assert client.get(path, params={parameter: moment}).status_code == 422


def test_what_is_finer_than_a_microsecond_is_cut_and_a_leap_second_is_of_its_own_minute(client: httpx.Client) -> None:
    for moment, read in (
        ("2026-11-25T11:00:00.0000000+01:00", "2026-11-25T11:00:00+01:00"),
        ("2026-11-25T11:00:00.1234569+01:00", "2026-11-25T11:00:00.123456+01:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:59:59.999999+01:00"),
    ):
        found = client.get(f"/v1/opening-hours/{LINE}", params={"at": moment}).json()
        assert found["evaluated_at"] == read
