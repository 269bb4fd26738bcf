"""The words of the embeds. The web component gets them with its feed, so that they are written once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel

from app.courses.models import Format
from app.courses.schemas import Course
from app.embed.content import Content, Point, Span
from app.opening_hours.live import State
from app.opening_hours.wording import CHANGES, NOW, STATES
from app.page_paths import NEUTRAL
from app.texts import ByLanguage, Language, Text
from app.times import DAYS, MONTHS, STOCKHOLM


class Words(BaseModel):
    """What an embed says, in one language; `{…}` is filled in."""

    always: str
    open: str
    open_until: str
    closed: str
    opens: str
    perhaps_from: str
    perhaps: str
    unknown: str
    not_stated: str
    missing: str
    stated: str
    clock: str
    source: str
    more: str
    empty: str
    leave: str
    leave_hint: str
    leave_url: str
    via: str
    moment: str


TEXTS = {
    "always": Text(sv="Öppet dygnet runt", en="Open round the clock"),
    "open": NOW[State.OPEN],
    "open_until": Text(sv="Öppet nu, till {time}", en="Open now, until {time}"),
    "closed": NOW[State.CLOSED],
    "perhaps": NOW[State.UNKNOWN],
    "unknown": Text(sv="Läget just nu är okänt", en="Not known whether it is open now"),
    "not_stated": STATES[State.NOT_STATED],
    "missing": Text(sv="uppgiften finns inte i katalogen", en="not in the directory"),
    "stated": Text(sv="Enligt källan: {stated}", en="The source says: {stated}"),
    "clock": Text(sv="kl. {hour}.{minute}", en="{hour}:{minute}"),
    "source": Text(sv="Källa: {source}, {date}", en="Source: {source}, {date}"),
    "more": Text(sv="Mer om {name}", en="More about {name}"),
    "empty": Text(sv="Katalogen har inget för det här urvalet.", en="The directory has nothing for this selection."),
    "leave": Text(sv="Lämna sidan", en="Exit this page"),
    "leave_hint": Text(
        sv="Tre tryck på Shift gör samma sak. Webbhistoriken raderas inte.",
        en="Pressing Shift three times does the same. Your browsing history is not erased.",
    ),
    "via": Text(sv="Via {name}", en="Through {name}"),
    "moment": Text(sv="Så var läget {moment}.", en="State as of {moment}."),
}
COURSE = {
    "minutes": Text(sv="{} minuter", en="{} minutes"),
    "day": Text(sv="{} dag", en="{} day"),
    "days": Text(sv="{} dagar", en="{} days"),
    "free": Text(sv="kostnadsfri", en="free of charge"),
    "paid": Text(sv="kostar pengar", en="costs money"),
}


def _write_words(language: Language) -> Words:
    """What an embed says; a closed state is followed by what comes next."""
    closed = NOW[State.CLOSED][language]
    opens, may_open = (CHANGES[State.CLOSED, state][language].format("{time}") for state in (State.OPEN, State.UNKNOWN))
    texts = {name: text[language] for name, text in TEXTS.items()}
    return Words(**texts, opens=f"{closed}, {opens}", perhaps_from=f"{closed}, {may_open}", leave_url=NEUTRAL)


WORDS = {language: _write_words(language) for language in Language}

AS_OF = Text(sv="Enligt Stödkatalogen {}.", en="As of {}, according to Stödkatalogen.")
"""Beside numbers that stay in somebody's page: the day on which the directory had them."""

FORMATS = ByLanguage(
    {
        Language.SWEDISH: {
            Format.ONLINE: "på webben",
            Format.ON_SITE: "på plats",
            Format.BLENDED: "på webben och på plats",
        },
        Language.ENGLISH: {Format.ONLINE: "online", Format.ON_SITE: "on site", Format.BLENDED: "online and on site"},
    }
)


def course_facts(course: Course, language: Language) -> list[str]:
    """Length, price and form, where a source states them."""
    return list(_course_facts(course, language))


def _course_facts(course: Course, language: Language) -> Iterator[str]:
    if course.minutes is not None:
        yield COURSE["minutes"][language].format(course.minutes)
    elif course.days is not None:
        yield COURSE["day" if course.days == 1 else "days"][language].format(course.days)
    if course.format is not None:
        yield FORMATS[language][course.format]
    if course.free is not None:
        yield COURSE["free" if course.free else "paid"][language]


class Now(NamedTuple):
    """A contact point at a moment: its state, the sentence for it, and until when it holds."""

    state: State
    sentence: str
    until: int | None


def now(point: Point, content: Content, at: datetime | None) -> Now:
    """A contact point at a moment. Its state is unknown after the published days and, if it changes, where no moment is
    given."""
    words = WORDS[content.lang]
    if point.spans is None:
        return Now(State.NOT_STATED, words.not_stated, None)
    if at is None:
        return Now(State.OPEN, words.always, None) if point.always else Now(State.UNKNOWN, words.unknown, None)
    seconds = at.timestamp()
    coming = [span for span in point.spans if span.end > seconds]
    if not coming or coming[0].start > seconds:
        return Now(State.UNKNOWN, words.unknown, None)
    return Now(coming[0].state, _sentence(point, coming, content, at), coming[0].end)


def _sentence(point: Point, coming: Sequence[Span], content: Content, at: datetime) -> str:
    words, span = WORDS[content.lang], coming[0]
    match span.state:
        case State.OPEN if point.always:
            return words.always
        case State.OPEN if span.end < content.until:
            return words.open_until.format(time=clock(span.end, at, content.lang))
        case State.OPEN:
            return words.open
        case State.CLOSED if len(coming) > 1:
            template = words.opens if coming[1].state is State.OPEN else words.perhaps_from
            return template.format(time=clock(span.end, at, content.lang))
        case State.CLOSED:
            return words.closed
        case _:
            return words.perhaps + (f" ({span.comment})" if span.comment else "")


def clock(seconds: int, at: datetime, language: Language) -> str:
    """`kl. 07.00` today, `måndag kl. 07.00` within six days, `måndag 30 november kl. 07.00` after that."""
    moment, today = datetime.fromtimestamp(seconds, STOCKHOLM), at.astimezone(STOCKHOLM).date()
    time = WORDS[language].clock.format(hour=f"{moment:%H}", minute=f"{moment:%M}")
    away = (moment.date() - today).days
    if away == 0:
        return time
    day = DAYS[language][moment.weekday()]
    return f"{day} {time}" if away < 7 else f"{day} {moment.day} {MONTHS[language][moment.month - 1]} {time}"
