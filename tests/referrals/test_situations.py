"""Situations that people are in, each answered through the door.

Somebody buys sex, is a child, is exposed to honour violence, speaks Ukrainian, works on a weekday morning, or needs
social services at night.
"""

from typing import Any

import httpx
import pytest

SUNDAY_NIGHT = "2026-11-29T02:00:00+01:00"
WEDNESDAY = "2026-12-02T11:00:00+01:00"
PLACES = ("Halmstad", "Göteborg", "Umeå", "Luleå", "Kristianstad", "Visby")


def ask(client: httpx.Client, **situation: str | int) -> dict[str, Any]:
    answer = client.get("/v1/referrals", params=situation)
    assert answer.status_code == 200, answer.text
    referral: dict[str, Any] = answer.json()
    return referral


def names(referral: dict[str, Any]) -> list[str]:
    return [step["resource"]["id"] for step in referral["steps"]]


def open_now(referral: dict[str, Any]) -> list[str]:
    return [step["resource"]["id"] for step in referral["steps"] if step["state"] == "open"]


def on_call(referral: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in referral["steps"] if "social" in step["resource"]["id"] and step["urgency"] == "urgent"]


@pytest.mark.parametrize("place", PLACES)
def test_at_night_the_socialjour_is_a_number_and_never_only_ask_the_municipality(
    client: httpx.Client, place: str
) -> None:
    referral = ask(client, municipality=place, at=SUNDAY_NIGHT)
    steps = on_call(referral)
    assert steps
    for step in steps:
        assert any(point["value"] for point in step["contact_points"]), step["resource"]["id"]
        assert step["state"] in ("open", "unknown"), step["resource"]["id"]


def test_where_the_own_socialjour_may_answer_the_general_way_is_left_out(client: httpx.Client) -> None:
    assert [one["resource"]["id"] for one in on_call(ask(client, municipality="Göteborg", at=SUNDAY_NIGHT))] == [
        "socialjouren-goteborg"
    ]
    assert [one["resource"]["id"] for one in on_call(ask(client, municipality="Luleå", at=SUNDAY_NIGHT))] == [
        "socialjour"
    ]


def test_where_the_own_socialjour_is_closed_the_general_way_stands_beside_it(client: httpx.Client) -> None:
    early = "2026-11-29T05:00:00+01:00"
    found = [one["resource"]["id"] for one in on_call(ask(client, municipality="Visby", at=early))]
    assert found == ["socialjouren-gotland", "socialjour"]


def test_the_socialjour_of_a_municipality_comes_before_that_of_its_county(client: httpx.Client) -> None:
    assert on_call(ask(client, municipality="Eskilstuna"))[0]["resource"]["id"] == "socialjouren-eskilstuna"
    assert on_call(ask(client, municipality="Gnesta"))[0]["resource"]["id"] == "sodermanlands-lansgemensamma-socialjour"


def test_a_socialjour_is_no_contact_of_the_municipalitys_own_for_advice(client: httpx.Client) -> None:
    for place in PLACES:
        advice = [one for one in ask(client, municipality=place)["steps"] if one["urgency"] == "advice"]
        assert not [one["resource"]["id"] for one in advice if "socialjour" in one["resource"]["id"]]


@pytest.mark.parametrize("place", PLACES)
def test_somebody_who_buys_sex_is_offered_what_is_for_them(client: httpx.Client, place: str) -> None:
    referral = ask(client, municipality=place, audience="people-who-buy-sex", at=WEDNESDAY)
    found = names(referral)
    clinic = {"Göteborg": "kast", "Umeå": "kast", "Luleå": "kast", "Kristianstad": "evonhuset"}.get(place)
    assert found[0] == "sos-112"
    assert "preventell" in found
    assert clinic is None or clinic in found
    assert bool(referral["notices"]) is (clinic is None)
    for_exposed = {"nationella-stodtelefonen", "kvinnofridslinjen", "pegasuschatten"}
    assert not for_exposed & set(found)
    assert not [name for name in found if name.startswith(("regionkoordinator", "mika"))]


@pytest.mark.parametrize("age", [12, 15, 17])
@pytest.mark.parametrize("at", [SUNDAY_NIGHT, WEDNESDAY])
def test_a_child_is_offered_the_childrens_helpline_first(client: httpx.Client, age: int, at: str) -> None:
    referral = ask(client, municipality="Luleå", audience="exposed", age=age, at=at)
    advice = [step for step in referral["steps"] if step["urgency"] == "advice"]
    assert advice[0]["resource"]["id"] == "bris"
    assert advice[0]["state"] == "open"
    assert advice[0]["reason"] == "Finns för: Barn och unga, till och med 17 år."


def test_an_adult_is_not_sent_to_the_childrens_helpline(client: httpx.Client) -> None:
    assert "bris" not in names(ask(client, municipality="Luleå", audience="exposed", age=18))


@pytest.mark.parametrize("place", PLACES)
def test_an_adult_is_not_sent_to_what_is_only_for_the_young(client: httpx.Client, place: str) -> None:
    for at in (SUNDAY_NIGHT, WEDNESDAY):
        steps = ask(client, municipality=place, audience="exposed", age=30, at=at)["steps"]
        assert not [step["reason"] for step in steps if step["reason"] == "Finns för: Barn och unga."]
    young = ask(client, municipality=place, audience="exposed", age=25, topic="violence", at=SUNDAY_NIGHT)
    assert "ungdomsjourer-unizon" in names(young)


def test_who_answers_now_comes_before_a_page_to_read(client: httpx.Client) -> None:
    found = names(ask(client, municipality="Göteborg", audience="exposed", age=30, at=SUNDAY_NIGHT))
    assert found.index("kvinnofridslinjen") < found.index("talita-stod")
    for at in (SUNDAY_NIGHT, WEDNESDAY):
        advice = ask(client, municipality="Luleå", audience="exposed", age=30, at=at)["steps"][3:]
        own = [one["state"] for one in advice if one["resource"]["kind"] != "coordinator"]
        assert own[:2] == ["open", "open"]
        assert "open" not in own[2:]


@pytest.mark.parametrize("audience", ["exposed", "people-who-buy-sex"])
def test_a_form_for_tips_is_no_help_for_oneself(client: httpx.Client, audience: str) -> None:
    for at in (SUNDAY_NIGHT, WEDNESDAY):
        assert "ecpat-hotline" not in names(ask(client, municipality="Visby", audience=audience, at=at))
    assert "ecpat-hotline" in names(ask(client, municipality="Visby", audience="professionals", at=SUNDAY_NIGHT))


def test_a_contact_beside_the_steps_cites_whom_and_what_place_it_serves(client: httpx.Client) -> None:
    steps = ask(client, municipality="Luleå", audience="people-who-buy-sex", at=SUNDAY_NIGHT)["steps"]
    (clinic,) = [step for step in steps if step["resource"]["id"] == "kast"]
    assert {"audiences", "areas"} <= {one["field"] for one in clinic["citations"]}


def test_at_night_nobody_is_told_to_ask_the_municipality_now(client: httpx.Client) -> None:
    (notice,) = ask(client, municipality="Halmstad", audience="people-who-buy-sex", at=SUNDAY_NIGHT)["notices"]
    assert notice.endswith("Fråga kommunens socialtjänst på en vardag.")


def test_honour_violence_is_answered_by_those_who_know_it_first(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "topic": "honour-related-violence", "at": WEDNESDAY}
    exposed = [one for one in ask(client, audience="exposed", **asked)["steps"] if one["urgency"] == "advice"]
    assert [one["resource"]["id"] for one in exposed[:2]] == ["somaya", "ratt-att-valja"]  # the second may be gone
    professional = names(ask(client, audience="professionals", **asked))
    assert "stodtelefonen-heder-yrkesverksamma" in professional
    assert "stodtelefonen-heder-yrkesverksamma" in open_now(ask(client, audience="professionals", **asked))


def test_somebody_who_speaks_ukrainian_is_given_interpreters_first_and_material_to_read(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "exposed", "language": "uk", "topic": "ukraine"}
    referral = ask(client, at=SUNDAY_NIGHT, **asked)
    advice = [step for step in referral["steps"] if step["urgency"] == "advice"]
    assert advice[0]["resource"]["id"] == "kvinnofridslinjen"
    assert any(point["interpreters"] for point in advice[0]["contact_points"])
    assert any("for-dig-som-moter-personer-pa-flykt" in notice for notice in referral["notices"])


def test_a_language_is_a_code(client: httpx.Client) -> None:
    answer = client.get("/v1/referrals", params={"language": "ukrainska"})
    assert answer.status_code == 422


def test_a_professional_on_a_weekday_morning_is_given_the_support_line_first(client: httpx.Client) -> None:
    for place in PLACES:
        referral = ask(client, municipality=place, audience="professionals", at=WEDNESDAY)
        advice = [step["resource"]["id"] for step in referral["steps"] if step["urgency"] == "advice"]
        assert advice[0] == "nationella-stodtelefonen"
        assert advice[1].startswith("regionkoordinator-")


def test_no_more_than_seven_stand_beside_the_escalation(client: httpx.Client) -> None:
    for audience in ("professionals", "exposed", "people-who-buy-sex", "anyone"):
        found = names(ask(client, municipality="Stockholm", audience=audience))
        assert len(found) <= 4 + 3 + 7


def test_plain_text_names_each_address_once_and_says_what_is_doubtful(client: httpx.Client) -> None:
    situation = {"municipality": "Halmstad", "audience": "exposed", "at": SUNDAY_NIGHT}
    headers = {"Accept": "text/plain"}
    text = client.get("/v1/referrals", params=situation, headers=headers).text
    assert text.count("116 111") == 1
    assert "112 (Ring 112 och be om socialjouren)" in text
    text = client.get("/v1/referrals", params={**situation, "at": WEDNESDAY}, headers=headers).text
    (line,) = [one for one in text.splitlines() if "Stödlinjen för män" in one]
    assert "inte känt om någon svarar" in line
