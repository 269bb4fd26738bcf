"""Hours and states in words."""

from datetime import datetime

import pytest

from app.opening_hours.comments import COMMENTS
from app.opening_hours.live import Exceptional, State, holiday_name, live
from app.opening_hours.rules import intervals
from app.opening_hours.wording import STATES, describe_moment, describe_state, describe_week, write_clock
from app.resources.models import Basis
from app.resources.schemas import ExceptionShown, OpeningHoursShown
from app.seeding.files import Seed
from app.texts import Language
from app.times import STOCKHOLM, date_in_words

SV, EN = Language.SWEDISH, Language.ENGLISH
OFFICE_HOURS = 'Mo-Fr 07:00-18:00 unknown "kontorstid"; PH off; Dec 24 Mo-Fr 07:00-18:00 unknown "julafton"'


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def hours(expression: str | None, when: str, *exceptions: ExceptionShown) -> OpeningHoursShown:
    """The hours as the API shows them at a moment."""
    other = [Exceptional(one.starts_on, one.ends_on, one.expression) for one in exceptions]
    now = live(expression, other, at(when))
    return OpeningHoursShown(
        state=now.state,
        comment=now.comment,
        evaluated_at=at(when),
        time_zone="Europe/Stockholm",
        next_change=now.next_change,
        holiday=holiday_name(at(when), SV),
        always_open=now.always_open,
        expression=expression,
        basis=Basis.STATED,
        reason=None,
        stated=None,
        exceptional=now.exceptional,
        exceptions=list(exceptions),
    )


@pytest.mark.parametrize(
    ("expression", "when", "swedish", "english"),
    [
        ("24/7", "2026-11-21T12:00", "Öppet – dygnet runt", "Open – round the clock"),
        ("Mo-Su 07:00-21:00", "2026-11-21T12:00", "Öppet – stänger i dag kl. 21.00", "Open – closes today at 21:00"),
        (
            "Mo-Su 07:00-21:00", "2026-11-21T22:00",
            "Stängt – öppnar i morgon kl. 07.00", "Closed – opens tomorrow at 07:00",
        ),
        (
            OFFICE_HOURS, "2026-11-21T12:00",
            "Stängt – kan öppna måndag kl. 07.00, vi vet inte säkert",
            "Closed – may open Monday at 07:00, we do not know for certain",
        ),
        (
            OFFICE_HOURS, "2026-11-23T12:00",
            "Kan vara bemannad: kontorstid – stänger senast i dag kl. 18.00",
            "May be staffed: office hours – closes today at 18:00 at the latest",
        ),
        (
            "2027 Jan 4 10:00-12:00", "2026-11-21T12:00",
            "Stängt – öppnar måndag 4 januari 2027 kl. 10.00", "Closed – opens Monday 4 January 2027 at 10:00",
        ),
        ("Mo-Fr 07:00-18:00", "2026-11-20T17:59", "Öppet – stänger i dag kl. 18.00", "Open – closes today at 18:00"),
        (None, "2026-11-21T12:00", "Öppettider ej angivna", "Opening hours not stated"),
    ],
)  # fmt: skip
def test_a_state_says_what_comes_next_and_never_more_than_is_known(
    expression: str | None, when: str, swedish: str, english: str
) -> None:
    for language, expected in ((SV, swedish), (EN, english)):
        now = describe_state(hours(expression, when), language)
        assert " – ".join(filter(None, (now.label, now.detail))) == expected


def test_what_a_source_says_that_we_have_no_words_for_is_shown_as_it_stands() -> None:
    now = describe_state(hours('Mo-Su 10:00-12:00 unknown "ring först"', "2026-11-21T11:00"), EN)
    assert now.label == "May be staffed: ring först"


def test_every_comment_in_the_data_has_english_words(seed: Seed) -> None:
    expressions = {
        point.opening_hours
        for resource in seed.resources
        for point in resource.contact_points
        if point.opening_hours is not None
    }
    comments = {
        span.comment
        for expression in expressions
        for span in intervals(expression, at("2026-01-01"), at("2028-01-01"))
        if span.comment
    }
    assert comments
    assert comments <= set(COMMENTS)


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(State)


def lines(shown: OpeningHoursShown, language: Language = SV) -> dict[str, str]:
    return {line.name: line.hours for line in describe_week(shown, language)}


def test_hours_are_a_week_that_begins_today() -> None:
    assert lines(hours(OFFICE_HOURS, "2026-11-21T12:00")) == {
        "lördag (i dag)": "stängt",
        "söndag": "stängt",
        "måndag": "kan vara bemannad 07.00–18.00",
        "tisdag": "kan vara bemannad 07.00–18.00",
        "onsdag": "kan vara bemannad 07.00–18.00",
        "torsdag": "kan vara bemannad 07.00–18.00",
        "fredag": "kan vara bemannad 07.00–18.00",
    }
    english = lines(hours("Mo,Tu 08:00-12:00,13:00-16:00", "2026-11-23T12:00"), EN)
    assert english["Monday (today)"] == english["Tuesday"] == "08:00–12:00, 13:00–16:00"
    assert english["Wednesday"] == "closed"
    days = describe_week(hours(OFFICE_HOURS, "2026-11-21T12:00"), SV)
    assert [day.is_today for day in days] == [True, False, False, False, False, False, False]


def test_holidays_have_their_names_in_the_week() -> None:
    days = lines(hours(OFFICE_HOURS, "2026-12-24T12:00"))
    assert list(days.items())[:3] == [
        ("torsdag (i dag, julafton)", "kan vara bemannad 07.00–18.00"),
        ("fredag (juldagen)", "stängt"),
        ("lördag (annandag jul)", "stängt"),
    ]


def test_an_exception_is_in_its_day_with_its_reason() -> None:
    tuesday = at("2026-11-24").date()
    closed = ExceptionShown(starts_on=tuesday, ends_on=tuesday, expression="off", reason="Utbildningsdag")
    days = describe_week(hours("Mo-Su 11:00-19:00", "2026-11-23T12:00", closed), SV)
    assert [(day.hours, day.reason) for day in days[:3]] == [
        ("11.00–19.00", None),
        ("stängt", "Utbildningsdag"),
        ("11.00–19.00", None),
    ]


def test_only_midnight_itself_ends_a_day() -> None:
    days = lines(hours("Mo 18:00-24:30; We 18:00-24:00", "2026-11-23T12:00"))
    assert days["måndag (i dag)"] == "18.00–24.00"
    assert days["tisdag"] == "00.00–00.30"
    assert days["onsdag"] == "18.00–24.00"
    assert days["torsdag"] == "stängt"


def test_hours_past_midnight_end_with_the_day_and_go_on_in_the_next() -> None:
    days = lines(hours("Fr 20:00-02:00", "2026-11-23T12:00"))
    assert (days["torsdag"], days["fredag"], days["lördag"]) == ("stängt", "20.00–24.00", "00.00–02.00")


def test_the_days_on_which_clocks_change_are_days_like_others() -> None:
    for noon in ("2026-10-20T12:00", "2026-03-24T12:00"):
        assert set(lines(hours("Mo-Su 00:00-23:00", noon)).values()) == {"00.00–23.00"}


def test_dates_and_times_are_written_as_each_language_does() -> None:
    when = at("2022-10-06T07:05")
    assert (date_in_words(when, SV), date_in_words(when, EN)) == ("6 oktober 2022", "6 October 2022")
    assert (write_clock(when, SV), write_clock(when, EN)) == ("07.05", "07:05")
    assert describe_moment(when, at("2022-10-06T00:00"), SV) == "i dag kl. 07.05"
