"""Whom to contact now, through the door."""

from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.resources import filters
from tests.plans import noting_scans
from tests.serving import Served

SUNDAY_NIGHT = "2026-11-22T02:00:00+01:00"
WEDNESDAY = "2026-11-25T11:00:00+01:00"


def ask(client: httpx.Client, **situation: str | int) -> dict[str, Any]:
    answer = client.get("/v1/referrals", params=situation)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(referral: dict[str, Any]) -> list[str]:
    return [step["resource"]["id"] for step in referral["steps"]]


def test_sunday_night_in_halmstad_a_professional_is_told_whom_to_contact(client: httpx.Client) -> None:
    referral = ask(client, municipality="Halmstad", audience="professionals", at=SUNDAY_NIGHT)
    assert names(referral)[:3] == ["sos-112", "polisen-114-14", "socialjouren-i-halland"]
    steps = {step["resource"]["id"]: step for step in referral["steps"]}
    line = steps["nationella-stodtelefonen"]
    assert (line["state"], line["next_change"]) == ("closed", "2026-11-23T07:00:00+01:00")
    assert steps["regionkoordinator-vast"]["resource"]["name"].endswith("Region Väst")
    assert steps["regionkoordinator-vast"]["reached_through"]["id"] == "nationella-stodtelefonen"
    assert referral["coordination_region"]["id"] == "vast"


def test_what_can_be_reached_is_looked_up_for_a_place_and_not_read_whole(served: Served) -> None:
    with noting_scans(served.application.state.engine) as scanned:
        ask(served.client, municipality="1380", audience="health-care", at="2026-11-22T03:01:00+01:00")
    assert scanned <= {"area", "term", "escalationstep"}  # as many as there are places, groups and steps


def test_texts_and_citations_are_read_of_what_is_told_and_not_of_all_that_was_weighed(served: Served) -> None:
    numbers = list[int]()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM resourcetext" in statement:
            numbers.append(len(set(parameters)))  # SQLite is given each id for each part of the statement

    event.listen(served.application.state.engine, "before_cursor_execute", note)
    referral = ask(served.client, municipality="1380", audience="professionals", at="2026-11-22T03:03:00+01:00")
    event.remove(served.application.state.engine, "before_cursor_execute", note)
    assert len(numbers) == 1
    assert numbers[0] <= 2 * len(referral["steps"]) + 2  # a line beside each, and the language, twice


def test_a_referral_is_the_same_whether_few_or_very_many_serve_the_place(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"municipality": "1380", "audience": "professionals", "topic": "violence", "at": SUNDAY_NIGHT}
    found = []
    for many in (1, 100_000):
        monkeypatch.setattr(filters, "MANY", many)
        found.append(client.get("/v1/referrals", params=asked, headers={"content-length": "0"}).text)
    assert found[0] == found[1]


def test_the_groups_of_a_caller_and_the_steps_of_the_escalation_are_read_at_once(served: Served) -> None:
    statements = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(served.application.state.engine, "before_cursor_execute", note)
    ask(served.client, municipality="1380", audience="health-care", at="2026-11-22T03:02:00+01:00")
    event.remove(served.application.state.engine, "before_cursor_execute", note)
    assert sum("term.vocabulary = " in statement for statement in statements) == 2  # the group named, and all of them
    assert len(statements) <= 24


def test_what_is_closed_comes_after_what_is_open_or_may_be(client: httpx.Client) -> None:
    referral = ask(client, municipality="1380", audience="professionals", at=SUNDAY_NIGHT)
    order = names(referral)
    assert order.index("kvinnofridslinjen") < order.index("nationella-stodtelefonen")
    referral = ask(client, municipality="1380", audience="professionals", at=WEDNESDAY)
    assert names(referral)[3] == "nationella-stodtelefonen"
    assert referral["steps"][3]["state"] == "unknown"
    assert referral["steps"][3]["contact_points"][0]["opening_hours"]["comment"] == "kontorstid"


@pytest.mark.parametrize(
    ("audience", "begins"),
    [
        ("professionals", "Finns för: Yrkesverksamma, "),
        ("exposed", "Finns för: Kvinnor som utsätts för våld, "),
    ],
)
def test_the_reason_of_a_step_begins_with_the_group_that_asks(client: httpx.Client, audience: str, begins: str) -> None:
    reasons = {step["resource"]["id"]: step["reason"] for step in ask(client, audience=audience)["steps"]}
    assert reasons["kvinnofridslinjen"].startswith(begins)


@pytest.mark.parametrize("urgency", ["acute", "urgent", "advice", None])
@pytest.mark.parametrize("audience", ["professionals", "exposed", "people-who-buy-sex", "anyone"])
@pytest.mark.parametrize("municipality", ["1380", "1290", "0180", None])
def test_112_is_always_first_and_the_list_never_empty(
    client: httpx.Client, urgency: str | None, audience: str, municipality: str | None
) -> None:
    asked = {"urgency": urgency, "audience": audience, "municipality": municipality}
    referral = ask(client, at=SUNDAY_NIGHT, **{name: value for name, value in asked.items() if value})
    assert referral["steps"][0]["contact_points"][0]["value"] == "112"
    assert [step["position"] for step in referral["steps"]] == list(range(1, len(referral["steps"]) + 1))
    assert all(step["reason"] and step["citations"] for step in referral["steps"])


def test_acute_danger_leads_to_the_emergency_numbers_and_to_no_advice(client: httpx.Client) -> None:
    assert names(ask(client, urgency="acute")) == ["sos-112", "polisen-114-14", "socialjour"]


def test_pegasus_is_offered_from_15_to_25_and_not_at_30(client: httpx.Client) -> None:
    for age, offered in ((14, False), (15, True), (25, True), (26, False), (30, False)):
        found = names(ask(client, audience="exposed", age=age, municipality="Malmö"))
        assert ("pegasuschatten" in found) is offered, age


def test_a_line_for_professionals_is_not_the_first_choice_of_an_exposed_person(client: httpx.Client) -> None:
    referral = ask(client, audience="exposed", municipality="Malmö", at=WEDNESDAY)
    order = names(referral)
    for_professionals = {"nationella-stodtelefonen", "regionkoordinator-syd"}
    assert set(order[-2:]) == for_professionals
    not_open = [step["resource"]["id"] for step in referral["steps"][3:] if step["state"] != "open"]
    assert not_open[0] == "evonhuset"
    assert set(order[3 : order.index("evonhuset")]) == {"kvinnofridslinjen", "bris"}


def test_what_serves_another_area_is_not_offered(client: httpx.Client) -> None:
    order = names(ask(client, municipality="Umeå", at=WEDNESDAY))
    assert "evonhuset" not in order
    assert "kristianstads-kommun-vald-i-nara-relation" not in order
    assert [name for name in order if name.startswith("regionkoordinator")] == ["regionkoordinator-nord"]


def test_the_municipalitys_own_contact_is_named_where_it_is_known_and_missed_where_not(client: httpx.Client) -> None:
    own = "kristianstads-kommun-vald-i-nara-relation"
    assert own in names(ask(client, municipality="Kristianstad"))
    assert ask(client, municipality="Kristianstad")["notices"] == []
    assert "egen kontakt" in ask(client, municipality="Halmstad")["notices"][0]
    assert "own" in ask(client, municipality="Halmstad", lang="en")["notices"][0]
    assert not [one for one in ask(client, municipality="Umeå")["notices"] if "egen kontakt" in one]


def test_without_a_municipality_the_answer_says_how_to_find_the_coordinator(client: httpx.Client) -> None:
    referral = ask(client)
    assert referral["municipality"] is None
    assert "kommun" in referral["notices"][0]


def test_a_topic_narrows_what_is_beside_the_escalation(client: httpx.Client) -> None:
    found = names(ask(client, topic="sex-for-compensation", municipality="1290"))
    assert "pegasuschatten" in found
    assert "stodlinjen-for-man" not in found
    assert "nationella-stodtelefonen" in found


def test_somebody_who_answers_now_is_offered_whatever_the_topic(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "professionals", "topic": "human-trafficking"}
    assert "kvinnofridslinjen" in names(ask(client, at=SUNDAY_NIGHT, **asked))


def test_a_notice_is_about_what_is_in_the_list(client: httpx.Client) -> None:
    assert ask(client, urgency="acute")["notices"] == []


def test_what_no_source_gives_a_way_in_to_is_not_offered(client: httpx.Client) -> None:
    for place in ("Halmstad", "Stockholm", "Kristianstad"):
        for step in ask(client, municipality=place, audience="professionals")["steps"]:
            assert step["reached_through"] or any(point["value"] for point in step["contact_points"])


def test_a_holiday_is_named(client: httpx.Client) -> None:
    new_year = ask(client, at="2027-01-01T11:00:00+01:00")
    assert new_year["holiday"] == "Nyårsdagen"
    line = next(step for step in new_year["steps"] if step["resource"]["id"] == "nationella-stodtelefonen")
    assert line["state"] == "closed"
    midsummer = ask(client, at="2026-06-19T10:00:00+02:00")
    line = next(step for step in midsummer["steps"] if step["resource"]["id"] == "nationella-stodtelefonen")
    assert line["state"] == "unknown"


def test_plain_text_is_short_enough_to_read_out(client: httpx.Client) -> None:
    situation = {"municipality": "Halmstad", "audience": "professionals", "urgency": "urgent", "at": SUNDAY_NIGHT}
    answer = client.get("/v1/referrals", params=situation, headers={"Accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Halmstad, söndag 22 november kl. 02.00\n\n1. Nödnumret 112: 112.")
    assert "Stängt; kan vara bemannad från måndag 23 november kl. 07.00" in answer.text
    assert len(answer.text) < 3800
    english = client.get("/v1/referrals", params={**situation, "lang": "en"}, headers={"Accept": "text/plain"})
    assert "Closed; may be staffed from Monday 23 November at 07:00" in english.text


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("at", "2026-11-22T02:00:00", "offset"),
        ("at", "1999-12-31T22:59:00Z", "2000 to 2076"),
        ("at", "2077-01-01T00:00:00+01:00", "2000 to 2076"),
        ("at", "2026-02-30T02:00:00Z", "exists"),
        ("at", "nu", "RFC 3339"),
        ("municipality", "Halmsta", "Halmstad (1380)"),
        ("municipality", "180", "Stockholm (0180)"),
        ("urgency", "soon", "acute, urgent, advice"),
        ("audience", "police", "exposed, guardians, health-care"),
        ("topic", "nothing", "human-trafficking"),
        ("age", "-1", "greater than or equal to 0"),
        ("age", "121", "less than or equal to 120"),
    ],
)
def test_a_value_that_may_not_be_is_refused_with_what_may(
    client: httpx.Client, parameter: str, value: str, said: str
) -> None:
    answer = client.get("/v1/referrals", params={parameter: value})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_a_coordinator_whose_only_way_is_closed_is_closed_and_says_when_that_changes(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "urgency": "advice", "at": "2026-11-28T02:00:00+01:00"}
    steps = client.get("/v1/referrals", params=asked).json()["steps"]
    (coordinator,) = [one for one in steps if one["resource"]["kind"] == "coordinator"]
    (line,) = [one for one in steps if one["resource"]["id"] == coordinator["reached_through"]["id"]]
    for step in (coordinator, line):
        assert (step["state"], step["next_change"]) == ("closed", "2026-11-30T07:00:00+01:00")
    text = client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text
    assert "via Nationella stödtelefonen. Stängt; kan vara bemannad från måndag 30 november" in text


@pytest.mark.parametrize(("earlier", "today"), [("professional", "professionals"), ("buyer", "people-who-buy-sex")])
def test_an_audience_is_spelled_as_in_the_vocabulary_and_as_it_was_before(
    client: httpx.Client, earlier: str, today: str
) -> None:
    asked = {"municipality": "Halmstad", "at": SUNDAY_NIGHT}
    assert client.get(f"/v1/audiences/{today}").status_code == 200
    assert client.get("/v1/hotlines", params={"audience": today}).status_code == 200
    assert ask(client, audience=today, **asked)["steps"] == ask(client, audience=earlier, **asked)["steps"]


def test_every_audience_of_the_vocabulary_may_ask(client: httpx.Client) -> None:
    slugs = [term["id"] for term in client.get("/v1/audiences?limit=100").json()["items"]]
    assert len(slugs) > 25
    for slug in slugs:
        referral = ask(client, audience=slug, municipality="Malmö", at=WEDNESDAY)
        assert referral["steps"][0]["contact_points"][0]["value"] == "112", slug
    nurse = names(ask(client, audience="health-care", municipality="Halmstad", at=WEDNESDAY))
    assert nurse[3:5] == names(ask(client, audience="professionals", municipality="Halmstad", at=WEDNESDAY))[3:5]
    child = names(ask(client, audience="children-and-young-people", municipality="Luleå", at=SUNDAY_NIGHT))
    assert child.index("bris") < child.index("kvinnofridslinjen")
    friend = names(ask(client, audience="relatives", municipality="Luleå", at=SUNDAY_NIGHT))
    assert "kvinnofridslinjen" in friend


@pytest.mark.parametrize("county", ["13", "Halland", "Hallands län"])
def test_a_county_is_enough_to_be_told_the_coordinator(client: httpx.Client, county: str) -> None:
    referral = ask(client, county=county, audience="professionals", at=SUNDAY_NIGHT)
    assert (referral["municipality"], referral["county"]["name"]) == (None, "Hallands län")
    assert "regionkoordinator-vast" in names(referral)
    assert not [notice for notice in referral["notices"] if "egen kontakt" in notice]
    # The socialjour of some of its municipalities is not that of the county.
    assert names(referral)[2] == "socialjour"
    assert names(ask(client, municipality="Halmstad", county="Skåne", at=SUNDAY_NIGHT))[2] == "socialjouren-i-halland"
    page = client.get("/sv/vem-kontaktar-jag", params={"county": county}).text
    assert "Länet hör till Region Väst." in page
    assert client.get("/v1/referrals", params={"county": "Hallan"}).status_code == 422


def test_the_topic_orders_the_steps_of_the_escalation_as_well(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "professionals", "at": WEDNESDAY, "urgency": "advice"}
    about_honour = names(ask(client, topic="honour-related-violence", **asked))
    assert about_honour.index("stodtelefonen-heder-yrkesverksamma") < about_honour.index("nationella-stodtelefonen")
    about_trafficking = names(ask(client, topic="human-trafficking", **asked))
    assert about_trafficking[1] == "nationella-stodtelefonen"


def test_a_municipality_that_has_a_contact_of_its_own_is_never_said_to_have_none(client: httpx.Client) -> None:
    for asked in ({"audience": "people-who-buy-sex"}, {"audience": "exposed", "age": 12}, {"topic": "ukraine"}, {}):
        for place in ("Kristianstad", "Västervik", "Göteborg", "Skellefteå"):
            notices = ask(client, municipality=place, at=SUNDAY_NIGHT, **asked)["notices"]
            assert not [one for one in notices if "egen kontakt" in one], (place, asked)


def test_plain_text_names_the_source_of_each_step_with_its_date(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "professionals", "at": SUNDAY_NIGHT}
    text = client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text
    steps = ask(client, **asked)["steps"]
    assert text.count("Källa: ") == len(steps)
    assert "Källa: Jämställdhetsmyndigheten, 2022-10-06." in text
    asked["lang"] = "en"
    text = client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text
    assert text.count("Source: ") == len(steps)
