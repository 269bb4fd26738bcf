"""The time zone of everything that opens and closes, and moments in words."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.texts import Language

STOCKHOLM = ZoneInfo("Europe/Stockholm")

DAYS = {
    Language.SWEDISH: ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    Language.ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    Language.SWEDISH: (
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def midnight_after(at: datetime) -> datetime:
    """The end of the day in Stockholm that a moment falls in."""
    return datetime.combine(at.astimezone(STOCKHOLM).date() + timedelta(days=1), time.min, STOCKHOLM)


def moment_in_words(at: datetime, language: Language) -> str:
    """In Stockholm: `söndag 22 november kl. 02.00`, `Sunday 22 November at 02:00`."""
    there = at.astimezone(STOCKHOLM)
    day = f"{DAYS[language][there.weekday()]} {there.day} {MONTHS[language][there.month - 1]}"
    return f"{day} at {there:%H:%M}" if language is Language.ENGLISH else f"{day} kl. {there:%H.%M}"
