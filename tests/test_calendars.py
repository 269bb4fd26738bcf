"""What every calendar of ours has."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

from app.calendars import LASTING, REFRESH, to_calendar_moment, write_calendar
from app.texts import Language
from app.times import STOCKHOLM

HOSTILE = 'Stöd, "linje"; \\n\r\nEND:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:' + "å" * 100


def read(body: bytes) -> Calendar:
    found = Calendar.from_ical(body)
    assert isinstance(found, Calendar)
    assert not found.errors
    return found


def test_hostile_text_stays_text() -> None:
    event = Event.new(uid="1", stamp=datetime(2026, 11, 21, tzinfo=UTC), start=datetime(2026, 11, 21, tzinfo=UTC),
                      summary=HOSTILE, description=HOSTILE, location=HOSTILE)  # fmt: skip
    body = write_calendar("uid", HOSTILE, HOSTILE, Language.SWEDISH, [event])
    found = read(body)
    assert [one.name for one in found.subcomponents] == ["VTIMEZONE", "VEVENT"]
    plain = HOSTILE.replace("\r\n", "\n")
    assert str(found["DESCRIPTION"]) == str(found.events[0]["SUMMARY"]) == str(found.events[0]["LOCATION"]) == plain
    assert str(found["NAME"]) == vText(HOSTILE).to_ical().decode()  # a text by RFC 7986: the library reads it as it is
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_a_calendar_is_the_same_bytes_each_time() -> None:
    assert write_calendar("uid", "a", "b", Language.ENGLISH, []) == write_calendar(
        "uid", "a", "b", Language.ENGLISH, []
    )


def test_moments_survive_the_night_the_clocks_go_back() -> None:
    """02:30 comes twice: only UTC tells which is meant."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for moment in (first, first + timedelta(hours=1), first + timedelta(hours=3)):
        event = Event.new(uid="1", stamp=first, start=to_calendar_moment(moment.astimezone(STOCKHOLM)))
        (read_back,) = read(write_calendar("uid", "a", "b", Language.SWEDISH, [event])).events
        assert isinstance(read_back.start, datetime)
        assert read_back.start.astimezone(UTC) == moment


def test_a_calendar_asks_to_be_fetched_again_in_both_manners_long_before_it_ends() -> None:
    body = write_calendar("uid", "a", "b", Language.SWEDISH, [])
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in body
    assert b"\r\nX-PUBLISHED-TTL:PT12H\r\n" in body
    assert not read(body).errors
    assert REFRESH * 100 < LASTING
