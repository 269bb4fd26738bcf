"""Swedish instants 2025–2028, worked out from the almanac by hand. One a line: instant, state, comment, next change."""

from datetime import datetime

import pytest

from app.opening_hours.rules import OpeningStatus, evaluate
from tests.opening_hours import samples

OFFICE_HOURS = """
    2025-01-01T11:00+01:00 closed  -              2025-01-02T07:00+01:00  Nyårsdagen, a Wednesday
    2025-01-05T23:59+01:00 closed  -              2025-01-07T07:00+01:00  the last minute before Trettondedag jul
    2025-01-06T11:00+01:00 closed  -              2025-01-07T07:00+01:00  Trettondedag jul, a Monday
    2025-04-17T17:59+02:00 unknown kontorstid     2025-04-17T18:00+02:00  Skärtorsdagen is a weekday
    2025-04-17T18:00+02:00 closed  -              2025-04-22T07:00+02:00  and Easter begins
    2025-04-18T11:00+02:00 closed  -              2025-04-22T07:00+02:00  Långfredagen
    2025-04-20T11:00+02:00 closed  -              2025-04-22T07:00+02:00  Påskdagen
    2025-04-21T11:00+02:00 closed  -              2025-04-22T07:00+02:00  Annandag påsk
    2025-04-30T11:00+02:00 unknown kontorstid     2025-04-30T18:00+02:00  Valborgsmässoafton is a weekday
    2025-05-01T11:00+02:00 closed  -              2025-05-02T07:00+02:00  Första maj, a Thursday
    2025-05-29T11:00+02:00 closed  -              2025-05-30T07:00+02:00  Kristi himmelsfärdsdag
    2025-06-06T11:00+02:00 closed  -              2025-06-09T07:00+02:00  Nationaldagen, a Friday
    2025-06-08T11:00+02:00 closed  -              2025-06-09T07:00+02:00  Pingstdagen
    2025-06-09T11:00+02:00 unknown kontorstid     2025-06-09T18:00+02:00  Annandag pingst is a weekday since 2005
    2025-06-20T06:59+02:00 closed  -              2025-06-20T07:00+02:00  Midsommarafton, at night
    2025-06-20T11:00+02:00 unknown midsommarafton 2025-06-20T18:00+02:00  Midsommarafton
    2025-06-20T18:00+02:00 closed  -              2025-06-23T07:00+02:00  Midsommarafton, in the evening
    2025-06-21T11:00+02:00 closed  -              2025-06-23T07:00+02:00  Midsommardagen
    2025-10-31T11:00+01:00 unknown kontorstid     2025-10-31T18:00+01:00  Allhelgonaafton is a weekday
    2025-11-01T11:00+01:00 closed  -              2025-11-03T07:00+01:00  Alla helgons dag
    2025-12-24T03:00+01:00 closed  -              2025-12-24T07:00+01:00  Julafton, at night
    2025-12-24T11:00+01:00 unknown julafton       2025-12-24T18:00+01:00  Julafton, a Wednesday
    2025-12-25T11:00+01:00 closed  -              2025-12-29T07:00+01:00  Juldagen, a Thursday
    2025-12-26T11:00+01:00 closed  -              2025-12-29T07:00+01:00  Annandag jul, a Friday
    2025-12-31T11:00+01:00 unknown nyårsafton     2025-12-31T18:00+01:00  Nyårsafton, a Wednesday
    2025-12-31T18:00+01:00 closed  -              2026-01-02T07:00+01:00  and the year ends
    2026-01-01T11:00+01:00 closed  -              2026-01-02T07:00+01:00  Nyårsdagen, a Thursday
    2026-01-06T11:00+01:00 closed  -              2026-01-07T07:00+01:00  Trettondedag jul, a Tuesday
    2026-02-01T02:00+01:00 closed  -              2026-02-02T07:00+01:00  a Sunday night
    2026-02-04T06:59+01:00 closed  -              2026-02-04T07:00+01:00  a Wednesday morning
    2026-02-04T07:00+01:00 unknown kontorstid     2026-02-04T18:00+01:00  the first minute of office hours
    2026-02-06T18:00+01:00 closed  -              2026-02-09T07:00+01:00  a weekend begins
    2026-04-03T11:00+02:00 closed  -              2026-04-07T07:00+02:00  Långfredagen
    2026-04-05T11:00+02:00 closed  -              2026-04-07T07:00+02:00  Påskdagen
    2026-04-06T11:00+02:00 closed  -              2026-04-07T07:00+02:00  Annandag påsk
    2026-05-01T11:00+02:00 closed  -              2026-05-04T07:00+02:00  Första maj, a Friday
    2026-05-14T11:00+02:00 closed  -              2026-05-15T07:00+02:00  Kristi himmelsfärdsdag
    2026-05-24T11:00+02:00 closed  -              2026-05-25T07:00+02:00  Pingstdagen
    2026-06-05T17:59+02:00 unknown kontorstid     2026-06-05T18:00+02:00  the day before Nationaldagen
    2026-06-06T11:00+02:00 closed  -              2026-06-08T07:00+02:00  Nationaldagen, a Saturday
    2026-06-17T11:00+02:00 unknown kontorstid     2026-06-17T18:00+02:00  a Wednesday
    2026-06-18T18:00+02:00 closed  -              2026-06-19T07:00+02:00  the evening before midsommarafton
    2026-06-19T10:00+02:00 unknown midsommarafton 2026-06-19T18:00+02:00  Midsommarafton
    2026-06-20T11:00+02:00 closed  -              2026-06-22T07:00+02:00  Midsommardagen
    2026-10-31T11:00+01:00 closed  -              2026-11-02T07:00+01:00  Alla helgons dag
    2026-12-24T11:00+01:00 unknown julafton       2026-12-24T18:00+01:00  Julafton, a Thursday
    2026-12-25T11:00+01:00 closed  -              2026-12-28T07:00+01:00  Juldagen, a Friday
    2026-12-31T11:00+01:00 unknown nyårsafton     2026-12-31T18:00+01:00  Nyårsafton, a Thursday
    2027-01-01T11:00+01:00 closed  -              2027-01-04T07:00+01:00  Nyårsdagen, a Friday
    2027-01-06T11:00+01:00 closed  -              2027-01-07T07:00+01:00  Trettondedag jul, a Wednesday
    2027-03-26T11:00+01:00 closed  -              2027-03-30T07:00+02:00  Långfredagen, the clocks change at Easter
    2027-03-28T03:00+02:00 closed  -              2027-03-30T07:00+02:00  Påskdagen, just after the skipped hour
    2027-05-06T11:00+02:00 closed  -              2027-05-07T07:00+02:00  Kristi himmelsfärdsdag
    2027-05-16T11:00+02:00 closed  -              2027-05-17T07:00+02:00  Pingstdagen
    2027-06-06T11:00+02:00 closed  -              2027-06-07T07:00+02:00  Nationaldagen, a Sunday
    2027-06-25T11:00+02:00 unknown midsommarafton 2027-06-25T18:00+02:00  Midsommarafton, as late as it can be
    2027-11-06T11:00+01:00 closed  -              2027-11-08T07:00+01:00  Alla helgons dag, as late as it can be
    2027-12-24T11:00+01:00 unknown julafton       2027-12-24T18:00+01:00  Julafton, a Friday
    2027-12-24T18:00+01:00 closed  -              2027-12-27T07:00+01:00  a Christmas within a weekend
    2027-12-31T11:00+01:00 unknown nyårsafton     2027-12-31T18:00+01:00  Nyårsafton, a Friday
    2028-01-06T11:00+01:00 closed  -              2028-01-07T07:00+01:00  Trettondedag jul, a Thursday
    2028-02-28T18:00+01:00 closed  -              2028-02-29T07:00+01:00  the evening before the leap day
    2028-02-29T11:00+01:00 unknown kontorstid     2028-02-29T18:00+01:00  the leap day, a Tuesday
    2028-02-29T18:00+01:00 closed  -              2028-03-01T07:00+01:00  and its evening
    2028-04-14T11:00+02:00 closed  -              2028-04-18T07:00+02:00  Långfredagen
    2028-05-01T11:00+02:00 closed  -              2028-05-02T07:00+02:00  Första maj, a Monday
    2028-05-25T11:00+02:00 closed  -              2028-05-26T07:00+02:00  Kristi himmelsfärdsdag
    2028-06-06T11:00+02:00 closed  -              2028-06-07T07:00+02:00  Nationaldagen, a Tuesday
    2028-06-23T11:00+02:00 unknown midsommarafton 2028-06-23T18:00+02:00  Midsommarafton
    2028-12-22T18:00+01:00 closed  -              2028-12-27T07:00+01:00  Friday before a long Christmas
    2028-12-24T11:00+01:00 closed  -              2028-12-27T07:00+01:00  Julafton, a Sunday
    2028-12-31T11:00+01:00 closed  -              2029-01-02T07:00+01:00  Nyårsafton, a Sunday
"""
DAYTIME = """
    2026-06-18T15:59+02:00 open    -              2026-06-18T16:00+02:00  the last minute before midsummer
    2026-06-18T16:00+02:00 closed  -              2026-06-22T09:00+02:00  the eve is off
    2026-06-19T10:00+02:00 closed  -              2026-06-22T09:00+02:00  Midsommarafton
    2025-12-24T10:00+01:00 closed  -              2025-12-29T09:00+01:00  Julafton
    2025-12-31T10:00+01:00 closed  -              2026-01-02T09:00+01:00  Nyårsafton, a Wednesday
    2027-12-31T10:00+01:00 closed  -              2028-01-03T09:00+01:00  Nyårsafton, a Friday
    2026-03-27T16:00+01:00 closed  -              2026-03-30T09:00+02:00  a weekend in which the clocks go forward
    2026-10-23T16:00+02:00 closed  -              2026-10-26T09:00+01:00  a weekend in which the clocks go back
"""
HOLIDAY_HOURS = """
    2026-06-19T10:00+02:00 open    midsommarafton 2026-06-19T15:00+02:00  Midsommarafton has hours of its own
    2026-06-20T11:00+02:00 closed  -              2026-06-20T12:00+02:00  Midsommardagen opens later
    2026-06-20T12:00+02:00 open    helgdag        2026-06-20T16:00+02:00  Midsommardagen
    2026-06-06T12:00+02:00 open    helgdag        2026-06-06T16:00+02:00  Nationaldagen
    2026-12-24T12:00+01:00 closed  -              2026-12-25T12:00+01:00  Julafton
    2026-12-31T14:59+01:00 open    -              2026-12-31T15:00+01:00  Nyårsafton
    2026-12-31T15:00+01:00 closed  -              2027-01-01T12:00+01:00  Nyårsafton, later
    2028-12-24T12:00+01:00 closed  -              2028-12-25T12:00+01:00  Julafton, a Sunday
    2026-05-31T12:00+02:00 open    -              2026-05-31T20:00+02:00  a Sunday is no public holiday
"""
ALWAYS = """
    2026-12-25T03:00+01:00 open    -              never                   Christmas night
    2026-03-29T01:59+01:00 open    -              never                   the last minute before the skipped hour
    2026-03-29T03:00+02:00 open    -              never                   the first minute after the skipped hour
    2026-10-25T02:59+02:00 open    -              never                   the last minute before the clocks go back
    2026-10-25T02:59+01:00 open    -              never                   the same minute once more
    2028-02-29T23:59+01:00 open    -              never                   the last minute of the leap day
"""
NIGHTS = """
    2026-06-19T12:00+02:00 closed  -              2026-06-19T22:00+02:00  by day
    2026-06-19T22:00+02:00 open    -              2026-06-20T06:00+02:00  the first minute of a night
    2026-06-20T00:00+02:00 open    -              2026-06-20T06:00+02:00  midnight
    2025-12-31T23:59+01:00 open    -              2026-01-01T06:00+01:00  over the turn of the year
    2028-02-28T23:00+01:00 open    -              2028-02-29T06:00+01:00  into the leap day
    2026-03-28T23:00+01:00 open    -              2026-03-29T06:00+02:00  a night of seven hours
    2026-10-24T23:00+02:00 open    -              2026-10-25T06:00+01:00  a night of nine hours
"""
WEEKEND_NIGHTS = """
    2026-01-03T01:59+01:00 open    helgjour       2026-01-03T02:00+01:00  Friday's night ends on Saturday
    2026-01-03T02:00+01:00 closed  -              2026-01-03T20:00+01:00  between two nights
    2026-01-04T02:00+01:00 closed  -              2026-01-09T20:00+01:00  the weekend is over
    2026-03-28T23:00+01:00 open    helgjour       2026-03-29T03:00+02:00  02:00 is skipped: the next instant is 03:00
    2026-03-29T03:00+02:00 closed  -              2026-04-03T20:00+02:00  and closed it is
    2026-10-25T01:59+02:00 open    helgjour       2026-10-25T02:00+02:00  02:00 the first time
    2026-10-25T02:00+01:00 closed  -              2026-10-30T20:00+01:00  02:00 the second time
"""
SUNDAY_BLINK = """
    2026-10-25T02:00+02:00 closed  -              2026-10-25T02:15+02:00  before the first time
    2026-10-25T02:15+02:00 open    -              2026-10-25T02:45+02:00  the first time
    2026-10-25T02:45+02:00 closed  -              2026-10-25T02:15+01:00  between the times
    2026-10-25T02:30+01:00 open    -              2026-10-25T02:45+01:00  the second time
    2026-10-25T02:45+01:00 closed  -              2026-11-01T02:15+01:00  after the second time
    2026-03-28T12:00+01:00 closed  -              2026-04-05T02:15+02:00  skipped with the hour
"""
SMALL_HOURS = """
    2026-10-25T02:29+02:00 open    -              2026-10-25T02:30+02:00  before the end
    2026-10-25T02:30+02:00 closed  -              2026-10-25T02:00+01:00  until the clocks go back to 02:00
    2026-10-25T02:00+01:00 open    -              2026-10-25T02:30+01:00  before the end, again
    2026-03-29T01:59+01:00 open    -              2026-03-29T03:00+02:00  half an hour is lost
"""
LEAP_DAY = """
    2025-03-01T12:00+01:00 closed  -              2028-02-29T10:00+01:00  three years ahead
    2028-02-29T11:59+01:00 open    -              2028-02-29T12:00+01:00  the leap day
    2028-02-29T12:00+01:00 closed  -              2032-02-29T10:00+01:00  four years ahead
"""
TABLES = {
    samples.OFFICE_HOURS: OFFICE_HOURS,
    samples.DAYTIME: DAYTIME,
    samples.HOLIDAY_HOURS: HOLIDAY_HOURS,
    samples.ALWAYS: ALWAYS,
    samples.NIGHTS: NIGHTS,
    samples.WEEKEND_NIGHTS: WEEKEND_NIGHTS,
    samples.SUNDAY_BLINK: SUNDAY_BLINK,
    samples.SMALL_HOURS: SMALL_HOURS,
    samples.LEAP_DAY: LEAP_DAY,
}
ROWS = [(expression, row.strip()) for expression, table in TABLES.items() for row in table.strip().splitlines()]


@pytest.mark.parametrize(("expression", "row"), ROWS, ids=[f"{text} | {row}" for text, row in ROWS])
def test_a_swedish_instant_has_the_state_the_almanac_gives(expression: str, row: str) -> None:
    at, state, comment, change, _ = row.split(maxsplit=4)
    assert _words(evaluate(expression, datetime.fromisoformat(at))) == [state, comment, change]


def test_at_least_80_instants_are_checked_by_hand() -> None:
    assert len(set(ROWS)) >= 80


def _words(status: OpeningStatus) -> list[str]:
    change = status.next_change
    return [status.state, status.comment or "-", change.isoformat(timespec="minutes") if change else "never"]
