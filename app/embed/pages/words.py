"""Dates, hours and states as people say them, in Swedish and in English."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.areas.suggesting import UnknownArea
from app.opening_hours.comments import comment_in
from app.opening_hours.live import FIRST, LAST, Exceptional, State, holiday_name, live, stored_hours
from app.opening_hours.rules import Interval, OpeningState, intervals
from app.resources.kind import Kind, profile_of
from app.resources.schemas import ExceptionShown, OpeningHoursShown
from app.texts import Language, Text
from app.times import DAYS, STOCKHOLM, date_in_words, dates_in_words, midnight_after

Said = dict[str, Any]
DAY = timedelta(days=1)


@lru_cache
def said(language: Language) -> Said:
    """All texts of the pages in one language, from texts.toml and every kind.toml; a group of texts is a dictionary."""
    words = _in(language, tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")))
    words["kinds"] = {}
    for kind in Kind:
        profile = profile_of(kind)
        words["kinds"][kind] = profile.name[language]
        words["nav"][kind] = profile.menu[language]
        words["titles"][kind] = profile.title[language]
        words["leads"][kind] = profile.lead[language]
    return words


@lru_cache
def said_of(kind: Kind, language: Language) -> Said:
    """The same with what is the kind's own among `facts` and `fields`, and its sets of values."""
    words, own = said(language), profile_of(kind)
    sets = {name: _in_language(texts, language) for name, texts in own.values.items()}
    facts, fields = (_in_language(texts, language) for texts in (own.facts, own.fields))
    return words | sets | {"facts": words["facts"] | facts, "fields": words["fields"] | fields}


def _in_language(texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    return {name: text[language] for name, text in texts.items()}


def _in(language: Language, texts: Said) -> Said:
    return {
        key: text.get(language, text[Language.ENGLISH]) if Language.ENGLISH in text else _in(language, text)
        for key, text in texts.items()
    }


def place_hints(error: UnknownArea, language: Language) -> list[str]:
    """What is known of a text that names no municipality, in sentences: that it is a postcode, a county, a village."""
    say = said(language)["problems"]["place"]
    hints = [say["postcode"]] if error.is_postcode else []
    if error.other is not None:
        hints.append(say[error.other])
    for locality, municipalities in error.localities.items():
        hints.append(say["locality"].format(locality, say["either"].join(municipalities), error.source))
    return hints


def clock(when: datetime, language: Language) -> str:
    """`07.00`, `07:00`, in Stockholm."""
    return when.astimezone(STOCKHOLM).strftime("%H:%M" if language is not Language.SWEDISH else "%H.%M")


def moment(when: datetime, now: datetime, language: Language, *, relative: bool = True) -> str:
    """`i dag kl. 21.00`, `Monday at 07:00`, and with its date when a week or more away.

    Not `relative`: no `i dag`, which would be that of another day than the reader's.
    """
    local, today = when.astimezone(STOCKHOLM), now.astimezone(STOCKHOLM).date()
    ahead, say = (local.date() - today).days, said(language)
    if relative and ahead in (0, 1):
        name = say["tomorrow" if ahead else "today"]
    else:
        name = (
            _weekday(local, language) if ahead < 7 else f"{_weekday(local, language)} {date_in_words(local, language)}"
        )
    return f"{name} {'at' if language is not Language.SWEDISH else 'kl.'} {clock(when, language)}"


def _weekday(when: date, language: Language) -> str:
    return DAYS[language][when.weekday()]


def within(holiday: str, language: Language) -> str:
    """A holiday's name within a sentence: Swedish writes `julafton`, and keeps the capital of a person's name."""
    keeps_capital = language is not Language.SWEDISH or holiday.startswith("Kristi")
    return holiday if keeps_capital else holiday[:1].lower() + holiday[1:]


@dataclass(frozen=True, slots=True)
class StateInWords:
    """`Stängt` – `kan öppna måndag kl. 07.00, vi vet inte säkert`."""

    state: State
    label: str
    detail: str


def state(hours: OpeningHoursShown, language: Language, *, relative: bool = True) -> StateInWords:
    """The state of a contact point at the moment its hours were evaluated for; `relative`: that moment is now."""
    say = said(language)
    label: str = say["states"][hours.state]
    if hours.state is State.UNKNOWN and hours.comment:
        label = f"{label}: {comment_in(language, hours.comment)}"
    if hours.always_open:
        return StateInWords(hours.state, label, say["round_the_clock"])
    if hours.next_change is None or hours.expression is None:
        return StateInWords(hours.state, label, "")
    then = live(hours.expression, _exceptional(hours), hours.next_change).state
    template: str = say["changes"].get(f"{hours.state}_{then}", "")
    change = moment(hours.next_change, hours.evaluated_at, language, relative=relative)
    return StateInWords(hours.state, label, template.format(change))


def _exceptional(hours: OpeningHoursShown) -> list[Exceptional]:
    return [Exceptional(one.starts_on, one.ends_on, one.expression) for one in hours.exceptions]


@dataclass(frozen=True, slots=True)
class DayInWords:
    """A day of the week to come: `torsdag (julafton)`, `kan vara bemannad 07.00–18.00`."""

    name: str
    hours: str
    is_today: bool
    reason: str | None
    """Why the day has other hours than usual."""


def week(hours: OpeningHoursShown, language: Language) -> list[DayInWords]:
    """The seven days that begin with the day of the moment.

    None where the hours never change, or are told for no moment: whoever reads a kept page does so in another week.
    """
    if hours.expression is None or hours.next_change is None:
        return []
    today = hours.evaluated_at.astimezone(STOCKHOLM).date()
    return [_day(hours, today + number * DAY, language, is_today=number == 0) for number in range(7)]


def _day(hours: OpeningHoursShown, on: date, language: Language, *, is_today: bool) -> DayInWords:
    start = _midnight(on)
    expression = stored_hours(hours.expression or "", _exceptional(hours))
    say, holiday = said(language), holiday_name(start, language)
    marks = ", ".join(filter(None, (say["today"] if is_today else "", within(holiday, language) if holiday else "")))
    return DayInWords(
        name=_weekday(on, language) + (f" ({marks})" if marks else ""),
        hours=_spans(intervals(expression, start, midnight_after(start)), language),
        is_today=is_today,
        reason=next((other.reason for other in hours.exceptions if other.starts_on <= on <= other.ends_on), None),
    )


@dataclass(frozen=True, slots=True)
class ExceptionInWords:
    """Other hours on some dates: `24–26 december 2026`, `stängt`, `Julen`."""

    days: str
    hours: str
    reason: str


def exceptions(hours: OpeningHoursShown, language: Language) -> list[ExceptionInWords]:
    """What holds on the dates that have other hours."""
    return [
        ExceptionInWords(
            dates_in_words(other.starts_on, other.ends_on, language), _exceptional_hours(other, language), other.reason
        )
        for other in hours.exceptions
    ]


def _exceptional_hours(other: ExceptionShown, language: Language) -> str:
    """The hours of each of its days; unknown where its dates cannot be read."""
    if not FIRST.date() <= other.starts_on < LAST.date():
        unknown: str = said(language)["perhaps_all_day"]
        return unknown
    start = _midnight(other.starts_on)
    expression = stored_hours("off", [Exceptional(other.starts_on, other.ends_on, other.expression)])
    return _spans(intervals(expression, start, midnight_after(start)), language)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=STOCKHOLM)


def _spans(day: Iterable[Interval], language: Language) -> str:
    """The hours of a day: `stängt`, or each span that may be staffed."""
    staffed = [_hours(span, language) for span in day if span.state is not OpeningState.CLOSED]
    closed: str = said(language)["closed_all_day"]
    return ", ".join(staffed) or closed


def _hours(span: Interval, language: Language) -> str:
    say, is_open = said(language), span.state is OpeningState.OPEN
    if _midnight(span.start.astimezone(STOCKHOLM).date()) == span.start and midnight_after(span.start) == span.end:
        whole_day: str = say["round_the_clock" if is_open else "perhaps_all_day"]
        return whole_day
    start, end = clock(span.start, language), clock(span.end, language)
    if end in ("00.00", "00:00"):
        end = f"24{end[2:]}"
    perhaps: str = say["perhaps"]
    return f"{start}–{end}" if is_open else perhaps.format(f"{start}–{end}")
