"""Hours and states in words, in every language: for pages, plain text, embeds, calendars and the console."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.opening_hours.comments import comment_in
from app.opening_hours.live import FIRST, LAST, Exceptional, State, holiday_name, live, stored_hours
from app.opening_hours.rules import Interval, OpeningState, intervals
from app.resources.schemas import ExceptionShown, OpeningHoursShown
from app.texts import Language, Text
from app.times import AT_TIME, CLOCK, DAYS, STOCKHOLM, date_in_words, dates_in_words, midnight_after

STATES: Mapping[State, Text] = {
    State.OPEN: Text(sv="Öppet", en="Open"),
    State.CLOSED: Text(sv="Stängt", en="Closed"),
    State.UNKNOWN: Text(sv="Kan vara bemannad", en="May be staffed"),
    State.NOT_STATED: Text(sv="Öppettider ej angivna", en="Opening hours not stated"),
}
NOW: Mapping[State, Text] = {
    State.OPEN: Text(sv="Öppet nu", en="Open now"),
    State.CLOSED: Text(sv="Stängt nu", en="Closed now"),
    State.UNKNOWN: Text(sv="Kan vara bemannad nu", en="May be staffed now"),
}
CHANGES: Mapping[tuple[State, State], Text] = {
    (State.OPEN, State.CLOSED): Text(sv="stänger {}", en="closes {}"),
    (State.OPEN, State.UNKNOWN): Text(sv="öppet minst till {}", en="open at least until {}"),
    (State.CLOSED, State.OPEN): Text(sv="öppnar {}", en="opens {}"),
    (State.CLOSED, State.UNKNOWN): Text(
        sv="kan öppna {}, vi vet inte säkert", en="may open {}, we do not know for certain"
    ),
    (State.UNKNOWN, State.CLOSED): Text(sv="stänger senast {}", en="closes {} at the latest"),
    (State.UNKNOWN, State.OPEN): Text(sv="öppnar senast {}", en="opens {} at the latest"),
}
"""What a state becomes next, and when."""
MAY_OPEN = Text(sv="Stängt; kan vara bemannad från {}", en="Closed; may be staffed from {}")
STATED = Text(sv="Öppettider enligt källan: ”{}”.", en="Hours as the source states them, in Swedish: “{}”.")
NOT_STATED = Text(sv="Ingen källa anger öppettiderna.", en="No source states the opening hours.")
ROUND_THE_CLOCK = Text(sv="dygnet runt", en="round the clock")
CLOSED_ALL_DAY = Text(sv="stängt", en="closed")
PERHAPS = Text(sv="kan vara bemannad {}", en="may be staffed {}")
PERHAPS_ALL_DAY = Text(sv="kan vara bemannad, vi vet inte när", en="may be staffed, we do not know when")
TODAY = Text(sv="i dag", en="today")
TOMORROW = Text(sv="i morgon", en="tomorrow")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StateInWords:
    """`Stängt` – `kan öppna måndag kl. 07.00, vi vet inte säkert`."""

    state: State
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class DayInWords:
    """A day of the week to come: `torsdag (julafton)`, `kan vara bemannad 07.00–18.00`."""

    name: str
    hours: str
    is_today: bool
    reason: str | None
    """Why the day has other hours than usual."""


@dataclass(frozen=True, slots=True)
class ExceptionInWords:
    """Other hours on some dates: `24–26 december 2026`, `stängt`, `Julen`."""

    days: str
    hours: str
    reason: str


def write_clock(moment: datetime, language: Language) -> str:
    """`07.00`, `07:00`, in Stockholm."""
    return moment.astimezone(STOCKHOLM).strftime(CLOCK[language])


def describe_moment(moment: datetime, now: datetime, language: Language, *, relative: bool = True) -> str:
    """`i dag kl. 21.00`, `Monday at 07:00`, and with its date when a week or more away.

    Not `relative`: no `i dag`, which would be that of another day than the reader's.
    """
    day = moment.astimezone(STOCKHOLM).date()
    ahead = (day - now.astimezone(STOCKHOLM).date()).days
    if relative and ahead in (0, 1):
        name = (TOMORROW if ahead else TODAY)[language]
    else:
        weekday = DAYS[language][day.weekday()]
        name = weekday if ahead < 7 else f"{weekday} {date_in_words(day, language)}"
    return AT_TIME[language].format(name, write_clock(moment, language))


def write_holiday(holiday: str, language: Language) -> str:
    """A holiday's name within a sentence: Swedish writes `julafton`, and keeps the capital of a person's name."""
    keeps_capital = language is not Language.SWEDISH or holiday.startswith("Kristi")
    return holiday if keeps_capital else holiday[:1].lower() + holiday[1:]


def describe_state(hours: OpeningHoursShown, language: Language, *, relative: bool = True) -> StateInWords:
    """The state of a contact point at the moment its hours were evaluated for; `relative`: that moment is now."""
    label = STATES[hours.state][language]
    if hours.state is State.UNKNOWN and hours.comment:
        label = f"{label}: {comment_in(language, hours.comment)}"
    if hours.always_open:
        return StateInWords(hours.state, label, ROUND_THE_CLOCK[language])
    if hours.next_change is None or hours.expression is None:
        return StateInWords(hours.state, label, "")
    next_state = live(hours.expression, exceptions_of(hours), hours.next_change).state
    change = describe_moment(hours.next_change, hours.evaluated_at, language, relative=relative)
    text = CHANGES.get((hours.state, next_state))
    return StateInWords(hours.state, label, text[language].format(change) if text else "")


def describe_week(hours: OpeningHoursShown, language: Language) -> list[DayInWords]:
    """The seven days that begin with the day of the moment.

    None where the hours never change, or are told for no moment: whoever reads a kept page does so in another week.
    """
    if hours.expression is None or hours.next_change is None:
        return []
    expression = stored_hours(hours.expression, exceptions_of(hours))
    today = hours.evaluated_at.astimezone(STOCKHOLM).date()
    return [
        DayInWords(
            name=name_day(day, language, is_today=day == today),
            hours=describe_day(expression, day, language),
            is_today=day == today,
            reason=next(
                (exception.reason for exception in hours.exceptions if exception.starts_on <= day <= exception.ends_on),
                None,
            ),
        )
        for day in (today + number * DAY for number in range(7))
    ]


def describe_exceptions(hours: OpeningHoursShown, language: Language) -> list[ExceptionInWords]:
    """What holds on the dates that have other hours."""
    return [
        ExceptionInWords(
            dates_in_words(exception.starts_on, exception.ends_on, language),
            _describe_exception(exception, language),
            exception.reason,
        )
        for exception in hours.exceptions
    ]


def _describe_exception(exception: ExceptionShown, language: Language) -> str:
    """The hours of each of its days; unknown where its dates cannot be read."""
    if not FIRST.date() <= exception.starts_on < LAST.date():
        return PERHAPS_ALL_DAY[language]
    expression = stored_hours("off", [Exceptional(exception.starts_on, exception.ends_on, exception.expression)])
    return describe_day(expression, exception.starts_on, language)


def name_day(day: date, language: Language, *, is_today: bool = False, is_dated: bool = False) -> str:
    """`torsdag (i dag, julafton)`; `is_dated`: `torsdag 24 december 2026 (julafton)`."""
    holiday = holiday_name(_midnight(day), language)
    marks = [*([TODAY[language]] if is_today else []), *([write_holiday(holiday, language)] if holiday else [])]
    name = DAYS[language][day.weekday()] + (f" {date_in_words(day, language)}" if is_dated else "")
    return f"{name} ({', '.join(marks)})" if marks else name


def describe_day(expression: str, day: date, language: Language) -> str:
    """The hours of a day: `stängt`, or each span that may be staffed. `expression`: with the exceptions written out."""
    start = _midnight(day)
    return describe_spans(intervals(expression, start, midnight_after(start)), language)


def describe_spans(spans: Iterable[Interval], language: Language) -> str:
    """`08.00–12.00, kan vara bemannad 13.00–16.00`; `stängt` without any that may be staffed."""
    staffed = [_describe_span(span, language) for span in spans if span.state is not OpeningState.CLOSED]
    return ", ".join(staffed) or CLOSED_ALL_DAY[language]


def _describe_span(span: Interval, language: Language) -> str:
    is_open = span.state is OpeningState.OPEN
    if _midnight(span.start.astimezone(STOCKHOLM).date()) == span.start and midnight_after(span.start) == span.end:
        return (ROUND_THE_CLOCK if is_open else PERHAPS_ALL_DAY)[language]
    start, end = write_clock(span.start, language), write_clock(span.end, language)
    if end[:2] == end[3:] == "00":
        end = f"24{end[2:]}"
    return f"{start}–{end}" if is_open else PERHAPS[language].format(f"{start}–{end}")


def describe_stated(hours: OpeningHoursShown, language: Language) -> str | None:
    """The source's own words about the hours, or that no source gives hours; None for hours without such words."""
    if hours.stated:
        return STATED[language].format(hours.stated)
    return NOT_STATED[language] if hours.expression is None else None


def exceptions_of(hours: OpeningHoursShown) -> list[Exceptional]:
    """The exceptions to hours that are shown."""
    return [Exceptional(exception.starts_on, exception.ends_on, exception.expression) for exception in hours.exceptions]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)
