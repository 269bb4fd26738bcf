"""How fresh a record is, in words: when a person checked it, when its source was seen to say so, or when it was read.

Two dates that are never merged: a machine that saw a number on a page has not called it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.opening_hours.comments import doubts_existence
from app.resources.models import REACHED, Kind, Resource
from app.resources.quoting import IN_WORDS, NUMBERS, holds_value
from app.resources.reviewing import Review
from app.resources.schemas import ContactPointShown, ResourceShown
from app.sources.schemas import CitationShown
from app.texts import Language, Text
from app.times import day_in_words

CALLED = Text(sv="provringt {}", en="called on {}")
CONFIRMED = Text(sv="bekräftat av verksamheten {}", en="confirmed by those who run it on {}")
READ_BY_PERSON = Text(sv="läst av en person {}", en="read by a person on {}")
VERIFIED = Text(sv="kontrollerat av en person {}", en="checked by a person on {}")
SEEN = Text(sv="stod senast i källan {}", en="last seen in the source on {}")
MISSING = Text(sv="står inte längre i källan sedan {}", en="no longer in the source since {}")
READ = Text(sv="läst {}", en="read on {}")
NOT_CALLED = Text(sv="numret har inte provringts", en="the number has not been called")
NONE_CALLED = Text(sv="numren har inte provringts", en="the numbers have not been called")
NOT_CONFIRMED = Text(sv="inte bekräftat med verksamheten", en="not confirmed with those who run it")
OVERDUE = Text(sv="Skulle ha kontrollerats igen senast {}.", en="It should have been checked again by {}.")
EXISTENCE_UNKNOWN = Text(
    sv="Det är inte känt om linjen finns kvar.", en="It is not known whether the line still exists."
)

EMERGENCY_NUMBERS = frozenset({"112", "11414"})
"""Numbers of which nothing is said that could keep somebody from calling."""
LATELY = timedelta(days=30)
"""For so long, a source that was seen to say so counts as seen lately."""


@dataclass(frozen=True, slots=True)
class Checks:
    """When a person last checked a record, in whichever way; called it; and was told by those who run it."""

    verified_at: date | None
    called_on: date | None
    confirmed_on: date | None


def checks_of(resource: Resource) -> Checks:
    """The checks of a resource that still count."""
    return Checks(resource.verified_at, resource.called_on, resource.confirmed_on)


@dataclass(frozen=True, slots=True)
class Sightings:
    """When the sources of a record's numbers, or where it has none, of the record, were seen, missed and read."""

    seen_at: date | None
    missing_since: date | None
    retrieved: date | None


def find_sightings(points: Sequence[ContactPointShown], citations: Sequence[CitationShown]) -> Sightings:
    """Of each number the latest sighting, and of these the earliest: what is said then holds for all of them.

    Numbers that are dialled come before other addresses. Words that do not hold a number tell nothing of it, such as
    those that were cited for it before it was changed; that they are missing is told all the same.
    """
    cited = [
        (point, group)
        for point in points
        if point.value is not None
        and (group := [citation for citation in citations if citation.field == f"contact_points.{point.id}.value"])
    ]
    dialled = [(point, group) for point, group in cited if point.channel in NUMBERS]
    whole = [list(citations)] if citations else []
    holding = [
        [citation for citation in group if _holds(point, citation)] for point, group in dialled or cited
    ] or whole
    missing = [
        min(citation.missing_since for citation in group if citation.missing_since)
        for group in [group for _, group in cited] or whole
        if all(citation.missing_since for citation in group)
    ]
    return Sightings(
        seen_at=_find_earliest(
            max((citation.seen_at for citation in group if citation.seen_at), default=None) for group in holding
        ),
        missing_since=min(missing, default=None),
        retrieved=_find_earliest(
            max((citation.source.retrieved for citation in group), default=None) for group in holding
        ),
    )


def _holds(point: ContactPointShown, citation: CitationShown) -> bool:
    """Whether the words of a citation hold the value of a contact point, as far as values stand in words."""
    return point.channel not in IN_WORDS or holds_value(point.channel, point.value or "", citation.evidence)


def _find_earliest(days: Iterable[date | None]) -> date | None:
    """The earliest day; None where one is unknown."""
    listed = list(days)
    return None if None in listed else min(filter(None, listed), default=None)


def tell_freshness(
    kind: Kind,
    points: Sequence[ContactPointShown],
    citations: Sequence[CitationShown],
    checks: Checks,
    language: Language,
) -> str:
    """The dates in sentences, such as "Read on 21 November 2026; the number has not been called."."""
    dates = _list_dates(points, find_sightings(points, citations), checks)
    clauses = [text[language].format(day_in_words(day, language)) for text, day in dates]
    is_only_read = checks.called_on is None and checks.confirmed_on is None
    if is_only_read and (doubt := _find_doubt(kind, points)):
        clauses.append(doubt[language])
    sentence = "; ".join(clauses)
    sentences = [f"{sentence[:1].upper()}{sentence[1:]}."] if sentence else []
    if is_existence_unknown(points):
        sentences.insert(0, EXISTENCE_UNKNOWN[language])
    return " ".join(sentences)


def _list_dates(points: Sequence[ContactPointShown], sightings: Sightings, checks: Checks) -> list[tuple[Text, date]]:
    dated = list(_list_checks(points, checks))
    if sightings.missing_since is None:
        dated.append((SEEN, sightings.seen_at))
    elif not has_emergency_numbers(points):
        dated.append((MISSING, sightings.missing_since))
    dates = [(text, day) for text, day in dated if day is not None]
    if not dates and sightings.retrieved is not None:
        dates.append((READ, sightings.retrieved))
    return dates


def _list_checks(points: Sequence[ContactPointShown], checks: Checks) -> Iterator[tuple[Text, date | None]]:
    """Each way of checking with its day; to have called is said of numbers only."""
    has_numbers = any(point.value is not None and point.channel in NUMBERS for point in points)
    yield CALLED if has_numbers else VERIFIED, checks.called_on
    yield CONFIRMED, checks.confirmed_on
    if checks.verified_at not in (checks.called_on, checks.confirmed_on):
        yield READ_BY_PERSON, checks.verified_at


def _find_doubt(kind: Kind, points: Sequence[ContactPointShown]) -> Text | None:
    """What nobody has done, of a record that was read at most."""
    if kind not in REACHED or has_emergency_numbers(points):
        return None
    numbers = {point.value for point in points if point.value is not None and point.channel in NUMBERS}
    if not numbers:
        return NOT_CONFIRMED
    return NOT_CALLED if len(numbers) == 1 else NONE_CALLED


def has_emergency_numbers(points: Sequence[ContactPointShown]) -> bool:
    """Whether 112 or 114 14 is among the numbers: these are called whatever a machine or a calendar says of them."""
    return any(point.value in EMERGENCY_NUMBERS for point in points)


def is_existence_unknown(points: Sequence[ContactPointShown]) -> bool:
    """Whether it is not known that a line still exists, at whatever hour: its hours carry that comment."""
    return any(point.opening_hours and doubts_existence(point.opening_hours.expression) for point in points)


def tell_overdue(
    points: Sequence[ContactPointShown], review: Review | None, review_due: date | None, language: Language
) -> str | None:
    """That the next check is overdue, where it is; None where it is not, or where the answer is kept in a file."""
    if review is not Review.OVERDUE or review_due is None or has_emergency_numbers(points):
        return None
    return OVERDUE[language].format(day_in_words(review_due, language))


def freshness_of(item: ResourceShown) -> str:
    """How fresh a resource is at the moment that it is shown for, in its language."""
    overdue = tell_overdue(item.contact_points, item.review, item.review_due, item.language)
    return " ".join(filter(None, (item.freshness, overdue)))


def warnings_of(item: ResourceShown) -> Iterator[str]:
    """What is to be said even where there is no room for dates: that a line may be gone, that a check is overdue."""
    if is_existence_unknown(item.contact_points):
        yield EXISTENCE_UNKNOWN[item.language]
    if overdue := tell_overdue(item.contact_points, item.review, item.review_due, item.language):
        yield overdue


def rank_freshness(
    points: Sequence[ContactPointShown], citations: Sequence[CitationShown], review: Review | None, day: date
) -> int:
    """For the order among equals: 0 checked, or seen, lately; 1 neither; 2 where it may be gone."""
    sightings = find_sightings(points, citations)
    if has_emergency_numbers(points) or review in (Review.CURRENT, Review.DUE):
        return 0
    if is_existence_unknown(points) or sightings.missing_since is not None:
        return 2
    return 0 if sightings.seen_at is not None and day - sightings.seen_at <= LATELY else 1
