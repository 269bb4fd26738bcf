"""The words of the embeds. The web component gets them with its feed, so that they are written once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel

from app.courses.models import Format
from app.courses.schemas import Course
from app.embed.content import Content, Point, Span
from app.opening_hours.live import State
from app.page_paths import NEUTRAL
from app.texts import ByLanguage, Language
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


WORDS = ByLanguage(
    {
        Language.SWEDISH: Words(
            always="Öppet dygnet runt",
            open="Öppet nu",
            open_until="Öppet nu, till {time}",
            closed="Stängt nu",
            opens="Stängt nu, öppnar {time}",
            perhaps_from="Stängt nu, kan öppna {time}, vi vet inte säkert",
            perhaps="Kan vara bemannad nu",
            unknown="Läget just nu är okänt",
            not_stated="Öppettider ej angivna",
            missing="uppgiften finns inte i katalogen",
            stated="Enligt källan: {stated}",
            clock="kl. {hour}.{minute}",
            source="Källa: {source}, {date}",
            more="Mer om {name}",
            empty="Katalogen har inget för det här urvalet.",
            leave="Lämna sidan",
            leave_hint="Tre tryck på Shift gör samma sak. Webbhistoriken raderas inte.",
            leave_url=NEUTRAL,
            via="Via {name}",
            moment="Så var läget {moment}.",
        ),
        Language.ENGLISH: Words(
            always="Open round the clock",
            open="Open now",
            open_until="Open now, until {time}",
            closed="Closed now",
            opens="Closed now, opens {time}",
            perhaps_from="Closed now, may open {time}, we do not know for certain",
            perhaps="May be staffed now",
            unknown="Not known whether it is open now",
            not_stated="Opening hours not stated",
            missing="not in the directory",
            stated="The source says: {stated}",
            clock="{hour}:{minute}",
            source="Source: {source}, {date}",
            more="More about {name}",
            empty="The directory has nothing for this selection.",
            leave="Exit this page",
            leave_hint="Pressing Shift three times does the same. Your browsing history is not erased.",
            leave_url=NEUTRAL,
            via="Through {name}",
            moment="State as of {moment}.",
        ),
    }
)

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
    english = language is not Language.SWEDISH
    if course.minutes is not None:
        yield f"{course.minutes} minutes" if english else f"{course.minutes} minuter"
    elif course.days is not None:
        yield f"{course.days} {'day' if english else 'dag'}{_ending(course.days, language)}"
    if course.format is not None:
        yield FORMATS[language][course.format]
    if course.free is True:
        yield "free of charge" if english else "kostnadsfri"
    elif course.free is False:
        yield "costs money" if english else "kostar pengar"


def _ending(number: int, language: Language) -> str:
    if number == 1:
        return ""
    return "s" if language is not Language.SWEDISH else "ar"


class Now(NamedTuple):
    """How a contact point stands at a moment: the state, the sentence that says so, and until when it holds."""

    state: State
    sentence: str
    until: int | None


def now(point: Point, shown: Content, at: datetime | None) -> Now:
    """How a contact point stands at a moment. Past the published days: unknown; for no moment too, if it changes."""
    words = WORDS[shown.lang]
    if point.spans is None:
        return Now(State.NOT_STATED, words.not_stated, None)
    if at is None:
        return Now(State.OPEN, words.always, None) if point.always else Now(State.UNKNOWN, words.unknown, None)
    seconds = at.timestamp()
    coming = [span for span in point.spans if span.end > seconds]
    if not coming or coming[0].start > seconds:
        return Now(State.UNKNOWN, words.unknown, None)
    return Now(coming[0].state, _sentence(point, coming, shown, at), coming[0].end)


def _sentence(point: Point, coming: Sequence[Span], shown: Content, at: datetime) -> str:
    words, span = WORDS[shown.lang], coming[0]
    match span.state:
        case State.OPEN if point.always:
            return words.always
        case State.OPEN if span.end < shown.until:
            return words.open_until.format(time=clock(span.end, at, shown.lang))
        case State.OPEN:
            return words.open
        case State.CLOSED if len(coming) > 1:
            then = words.opens if coming[1].state is State.OPEN else words.perhaps_from
            return then.format(time=clock(span.end, at, shown.lang))
        case State.CLOSED:
            return words.closed
        case _:
            return words.perhaps + (f" ({span.comment})" if span.comment else "")


def clock(seconds: int, at: datetime, language: Language) -> str:
    """`kl. 07.00` today, `måndag kl. 07.00` within six days, `måndag 30 november kl. 07.00` after that."""
    then, today = datetime.fromtimestamp(seconds, STOCKHOLM), at.astimezone(STOCKHOLM).date()
    time = WORDS[language].clock.format(hour=f"{then:%H}", minute=f"{then:%M}")
    away = (then.date() - today).days
    if away == 0:
        return time
    day = DAYS[language][then.weekday()]
    return f"{day} {time}" if away < 7 else f"{day} {then.day} {MONTHS[language][then.month - 1]} {time}"
