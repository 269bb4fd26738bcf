"""A referral in plain text, short enough to read out."""

from collections.abc import Iterator

from app.opening_hours.live import State
from app.opening_hours.wording import MAY_OPEN, NOW, STATES
from app.referrals.schemas import Referral, Step
from app.resources.freshness import has_emergency_numbers
from app.resources.schemas import ContactPointShown
from app.texts import Language, Text
from app.times import moment_in_words

SOURCE = Text(sv="Källa", en="Source")
UNDATED = Text(sv="utan datum", en="undated")
QUOTED = Text(sv="”{}”", en="“{}” in Swedish")
THROUGH = Text(sv="via {}", en="through {}")
NO_NUMBER = Text(sv="numret finns inte i katalogen", en="number not known to this directory")


def plain_text(referral: Referral) -> str:
    """The referral as text, one paragraph for each step."""
    return "\n\n".join(_paragraphs(referral)).replace("\n\n   ", "\n   ") + "\n"


def _paragraphs(referral: Referral) -> Iterator[str]:
    place = referral.municipality or referral.county
    where = place.name if place else None
    moment = moment_in_words(referral.evaluated_at, referral.language)
    yield ", ".join(filter(None, (where, moment, referral.holiday)))
    for step in referral.steps:
        yield f"{step.position}. {step.resource.name}: {_how(step, referral.language)}"
        yield f"   {step.reason}{_source(step, referral.language)}"
    yield from referral.notices


def _source(step: Step, language: Language) -> str:
    """The first source that the step cites, with its date."""
    if not step.citations:
        return ""
    source = step.citations[0].source
    dated = source.updated or source.published
    return f" {SOURCE[language]}: {source.publisher}, {dated.isoformat() if dated else UNDATED[language]}."


def _how(step: Step, language: Language) -> str:
    numbers = ", ".join(_number(point) for point in _worth_calling(step))
    parts = (numbers or _without(step, language), _state(step, language), _freshness(step))
    return ". ".join(filter(None, parts)) + "."


def _freshness(step: Step) -> str | None:
    """How fresh the contact is; None for 112 and 114 14, which need no such remark."""
    if has_emergency_numbers(step.contact_points):
        return None
    resources = (step.resource, step.reached_through) if step.reached_through else (step.resource,)
    return " ".join(dict.fromkeys(resource.freshness for resource in resources)).removesuffix(".")


def _worth_calling(step: Step) -> list[ContactPointShown]:
    """The contact points that are open or may be, each address once; where the step is closed, all."""
    points = {point.display: point for point in reversed(step.contact_points) if point.display}
    points_once = [points[address] for address in reversed(points)]
    return points_once if step.state is State.CLOSED else [point for point in points_once if not _is_closed(point)]


def _is_closed(point: ContactPointShown) -> bool:
    return point.opening_hours is not None and point.opening_hours.state is State.CLOSED


def _number(point: ContactPointShown) -> str:
    # A label of one or two words names the channel; a longer one says what the caller must know.
    return f"{point.display} ({point.label})" if len(point.label.split()) > 2 else str(point.display)


def _without(step: Step, language: Language) -> str:
    if step.reached_through is not None:
        return THROUGH[language].format(step.reached_through.name)
    return NO_NUMBER[language]


def _hours_in_words(step: Step, language: Language) -> str:
    """The source's own words about its hours, quoted, and our comment where it adds something."""
    points = _worth_calling(step) or step.contact_points
    hours = next((point.opening_hours for point in points if point.opening_hours), None)
    if hours is None or not hours.stated:
        return ""
    quoted = QUOTED[language].format(hours.stated)
    adds = hours.comment is not None and hours.comment not in hours.stated
    return f" ({quoted}; {hours.comment})" if adds else f" ({quoted})"


def _state(step: Step, language: Language) -> str | None:
    match step.state:
        case State.CLOSED if step.next_change is not None:
            opens_at = moment_in_words(step.next_change, language)
            return MAY_OPEN[language].format(opens_at) + _hours_in_words(step, language)
        case State.CLOSED:
            return STATES[State.CLOSED][language]
        case State.UNKNOWN:
            return NOW[State.UNKNOWN][language] + _hours_in_words(step, language)
        case State.NOT_STATED:
            return None
        case _:
            return NOW[step.state][language]
