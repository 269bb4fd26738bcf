"""From an expression to weekly schedules: certain hours only, and never a wrong week."""

from datetime import date

import httpx
import pytest

from app.standards.hsds.schedules import BYDAY, Weekly, find_usual_week
from tests.standards.hsds.walking import Record

WORKDAYS = "MO,TU,WE,TH,FR"
MONDAY = date(2026, 11, 16)
EVERY_DAY = ",".join(BYDAY)


@pytest.mark.parametrize(
    ("expression", "weeks", "odd"),
    [
        ("24/7", [(EVERY_DAY, "00:00", "23:59")], False),
        ("Mo-Su 11:00-19:00", [(EVERY_DAY, "11:00", "19:00")], False),
        ("Mo-Fr 08:00-12:00,13:00-16:30", [(WORKDAYS, "08:00", "12:00"), (WORKDAYS, "13:00", "16:30")], False),
        ("Mo-Fr 09:00-17:00; PH off", [(WORKDAYS, "09:00", "17:00")], True),
        ("Mo-Fr 09:00-17:00; Dec 24 off; Dec 31 off", [(WORKDAYS, "09:00", "17:00")], True),
        ("Fr 22:00-02:00", [("FR", "22:00", "23:59"), ("SA", "00:00", "02:00")], False),
        ("Sa 12:00-24:00", [("SA", "12:00", "23:59")], False),
        ('Mo-Fr 07:00-18:00 unknown "kontorstid"; PH off', [], True),
        ('Mo 09:00-12:00; Tu 09:00-12:00 unknown "ibland"', [("MO", "09:00", "12:00")], False),
        ("Jun-Aug Mo-Fr 10:00-12:00; Sep-May Mo-Fr 09:00-17:00", [], True),
        ("week 01-53/2 Mo 09:00-12:00", [], True),
        ("off", [], False),
    ],
)  # fmt: skip
def test_the_usual_week(expression: str, weeks: list[tuple[str, str, str]], odd: bool) -> None:
    found = find_usual_week(expression, MONDAY)
    assert sorted(found.weeks, key=lambda week: BYDAY.index(week.byday[:2])) == [Weekly(*week) for week in weeks]
    assert found.odd == odd


def test_hours_without_clock_times_are_told_in_words_only(directory: dict[str, list[Record]]) -> None:
    (line,) = [one for one in directory["services"] if one["name"] == "Nationella stödtelefonen"]
    (schedule,) = line["schedules"]
    assert schedule["description"] == "kontorstid på vardagar"
    assert schedule["basis"] == "inferred"
    assert schedule["phone_id"] == line["phones"][0]["id"]
    assert not {"freq", "byday", "opens_at", "closes_at"} & set(schedule)


def test_round_the_clock_is_written_as_hsds_has_it(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    stated = client.get("/v1/opening-hours", params={"limit": 100}).json()["items"]
    always = {one["resource"]["name"] for one in stated if one["always_open"] and one["basis"] == "stated"}
    assert always
    for one in directory["services"]:
        if one["name"] in always:
            certain = [schedule for schedule in one["schedules"] if schedule["opening_hours"] == "24/7"]
            assert certain, one["name"]
            for schedule in certain:
                hours = (schedule["byday"], schedule["opens_at"], schedule["closes_at"])
                assert hours == (EVERY_DAY, "00:00", "23:59")
                assert schedule["time_zone"] == "Europe/Stockholm"


def test_every_schedule_has_its_expression_and_its_zone(directory: dict[str, list[Record]]) -> None:
    schedules = [one for service in directory["services"] for one in service.get("schedules", [])]
    assert schedules
    for one in schedules:
        assert one["opening_hours"]
        assert one["time_zone"] == "Europe/Stockholm"
        assert "timezone" not in one
