"""How a service is reached: its phones, hours, addresses on the web, locations and languages."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from app.http.views import View
from app.identity import identify
from app.opening_hours.rules import STOCKHOLM
from app.resources.contacts import make_uri
from app.resources.models import Channel, ContactPoint, OpeningException
from app.resources.reading import Surroundings
from app.standards.hsds.addresses import uri
from app.standards.hsds.schedules import find_usual_week
from app.standards.hsds.writing import JsonObject, drop_unstated
from app.texts import Text, text_of

DIALLED = {Channel.PHONE: "voice", Channel.SMS: "text"}
"""Channels with a number, and what RFC 6350 calls them."""
ODD_DAYS = Text(
    sv="Andra tider kan gälla på helgdagar och enstaka dagar: se opening_hours.",
    en="Other hours may apply on public holidays and single days: see opening_hours.",
)


def derived(sort: str, *names: object) -> str:
    """The id of something that we do not keep on its own."""
    return str(identify("hsds", sort, *map(str, names)))


def web_address(point: ContactPoint) -> str | None:
    """Where on the web this is, if it is, as a URI."""
    address = make_uri(point.channel, point.value) if point.channel in (Channel.WEB, Channel.CHAT) else None
    return None if address is None else uri(address)


def is_located(point: ContactPoint) -> bool:
    """Whether HSDS would call this a service at a location; `queries.located` says the same in SQL."""
    return web_address(point) is not None or (point.channel is Channel.VISIT and point.value is not None)


def phone(view: View, point: ContactPoint, surroundings: Surroundings) -> JsonObject:
    """A contact point with a number."""
    return drop_unstated(
        id=str(point.id),
        number=point.value,
        type=DIALLED[point.channel],
        description=text_of(point, "label", view.language),
        languages=languages(point.id, [point], surroundings),
        anonymous=point.anonymous,
        free_of_charge=point.free_of_charge,
        on_phone_bill=point.on_phone_bill,
        interpreters=point.interpreters,
    )


def phones(view: View, points: Sequence[ContactPoint], surroundings: Surroundings) -> list[JsonObject]:
    """The numbers that are known."""
    return [
        phone(view, point, surroundings) for point in points if point.channel in DIALLED and point.value is not None
    ]


def languages(speaker: UUID, points: Sequence[ContactPoint], surroundings: Surroundings) -> list[JsonObject]:
    """The languages that these contact points, which make up the speaker, are stated to answer in."""
    codes = dict.fromkeys(code for point in points for code in surroundings.languages[point.id])
    return [{"id": derived("language", speaker, code), "code": code} for code in codes]


def location(view: View, point: ContactPoint, surroundings: Surroundings) -> JsonObject:
    """Where a located contact point is."""
    visited = point.channel is Channel.VISIT
    return drop_unstated(
        id=derived("location", point.id),
        location_type="physical" if visited else "virtual",
        url=web_address(point),
        name=text_of(point, "label", view.language),
        description=point.value if visited else None,
        languages=languages(point.id, [point], surroundings),
    )


def further_urls(view: View, points: Sequence[ContactPoint]) -> list[JsonObject]:
    """The web addresses after the first, which is the service's own `url`."""
    with_address = [(point, url) for point in points if (url := web_address(point)) is not None]
    return [
        {
            "id": derived("url", point.id),
            "url": url,
            "label": text_of(point, "label", view.language),
        }
        for point, url in with_address[1:]
    ]


def schedules(view: View, point: ContactPoint, surroundings: Surroundings) -> list[JsonObject]:
    """The hours of a contact point: of every usual week where they are certain, else in the source's words only."""
    if point.opening_hours is None:
        return []
    of = {
        "service_at_location_id": str(point.id) if is_located(point) else None,
        "phone_id": str(point.id) if point.channel in DIALLED and point.value is not None else None,
        "time_zone": STOCKHOLM.key,
    }
    always = {
        **of,
        "description": point.hours_stated,
        "basis": point.hours_basis,
        "basis_reason": text_of(point, "hours_reason", view.language),
    }
    today = view.at.astimezone(STOCKHOLM).date()
    return [
        *_weekly(view, point, point.opening_hours, always),
        *(
            entry
            for exception in surroundings.exceptions[point.id]
            if exception.ends_on >= today
            for entry in _exceptional(view, point, exception, of)
        ),
    ]


def _exceptional(view: View, point: ContactPoint, exception: OpeningException, of: JsonObject) -> Iterator[JsonObject]:
    dates = {
        "valid_from": exception.starts_on.isoformat(),
        "valid_to": exception.ends_on.isoformat(),
        "description": text_of(exception, "reason", view.language),
        "exceptional": True,
    }
    yield from _weekly(view, point, exception.expression, {**of, **dates})


def _weekly(view: View, point: ContactPoint, expression: str, shared: JsonObject) -> Iterator[JsonObject]:
    hours = find_usual_week(expression, _monday(view))
    shared = {**shared, "opening_hours": expression}
    key = (point.id, expression, shared.get("valid_from", ""))
    for week in hours.weeks:
        yield drop_unstated(
            id=derived("schedule", *key, week.byday, week.opens_at),
            freq="WEEKLY",
            byday=week.byday,
            opens_at=week.opens_at,
            closes_at=week.closes_at,
            notes=ODD_DAYS[view.language] if hours.odd else None,
            **shared,
        )
    if not hours.weeks:
        yield drop_unstated(id=derived("schedule", *key), **shared)


def _monday(view: View) -> date:
    today = view.at.astimezone(STOCKHOLM).date()
    return today - timedelta(days=today.weekday())
