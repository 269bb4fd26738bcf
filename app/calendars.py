"""iCalendar (RFC 5545, with the names of RFC 7986): what every calendar of ours has."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.texts import Language

if TYPE_CHECKING:  # eighty modules, which only a calendar that is asked for needs
    from icalendar import Event

CALENDAR = "text/calendar"

REFRESH = timedelta(hours=12)
"""How often a calendar that is subscribed to should be fetched."""

LASTING = timedelta(days=92)
"""How far ahead a calendar reaches by itself: programs fetch daily or weekly, whatever they are told, and some are off
for a whole holiday."""

STOCKHOLM = b"""BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
TZNAME:CEST
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
"""Written out: the library's own has summer time begin an hour late."""


def write_calendar(uid: str, name: str, description: str, language: Language, events: "Iterable[Event]") -> bytes:
    """A calendar with these events. One without events is valid too: it has a component, the time zone."""
    from icalendar import Calendar, Component, vDuration, vText  # noqa: PLC0415  # see above

    calendar = Calendar.new(prodid=f"-//stodkatalogen//Stödkatalogen//{language.upper()}", uid=uid)
    for text, names in ((name, ("NAME", "X-WR-CALNAME")), (description, ("DESCRIPTION", "X-WR-CALDESC"))):
        for property_ in names:  # the library's own setters leave commas, semicolons and line breaks as they are
            calendar[property_] = vText(text)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})  # RFC 7986 demands VALUE
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))  # the same for Outlook and others that came before
    calendar.add_component(Component.from_ical(STOCKHOLM))
    for event in events:
        calendar.add_component(event)
    body: bytes = calendar.to_ical()
    return body


def to_calendar_moment(moment: datetime) -> datetime:
    """A moment as a calendar can tell it: in UTC if its zone's clock shows it twice, in the night it goes back."""
    once = moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset()
    return moment if once else moment.astimezone(UTC)
