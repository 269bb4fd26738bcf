"""The time zone of everything that opens and closes, moments as they are written, and moments in words."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from app.texts import ByLanguage, Language, Text

STOCKHOLM = ZoneInfo("Europe/Stockholm")

DAYS = ByLanguage(
    {
        Language.SWEDISH: ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        Language.ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    }
)
MONTHS = ByLanguage({
    Language.SWEDISH: (
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
})  # fmt: skip
IN_SENTENCE = Text(sv="den {}", en="{}")
"""Around a date."""
CLOCK = Text(sv="%H.%M", en="%H:%M")
AT_TIME = Text(sv="{} kl. {}", en="{} at {}")
"""A day, and a time of it."""

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:([Zz])|([+\- ])(\d\d:\d\d))", re.ASCII
)
_LEAP_SECOND = re.compile(r"^Leap\s+(\d{4})\s+(\w{3})\s+(\d+)\s+23:59:60\s", re.MULTILINE)


def read_moment(value: object) -> datetime:
    """A moment as RFC 3339 writes it, with its offset; seconds may be left out. Raises ValueError.

    The fraction of a second may have any number of digits; what is finer than a microsecond is cut. A leap second that
    was inserted is read as the last microsecond before its end. A space before the offset is a `+` that was not
    percent-encoded: it can mean nothing else.
    """
    parts = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise ValueError("is not a moment in RFC 3339 with its offset, such as 2026-06-19T10:00:00+02:00")
    day, minute, seconds, fraction, zulu, sign, offset = parts.groups()
    zone = "+00:00" if zulu else f"{'-' if sign == '-' else '+'}{offset}"
    is_leap = seconds == "60"
    rest = "59.999999" if is_leap else f"{seconds or '00'}.{(fraction or '')[:6]:0<6}"
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}:{rest}{zone}")
        if is_leap and not _ends_with_leap_second(moment.astimezone(UTC)):
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError("is not a moment that exists, such as 2026-06-19T10:00:00+02:00") from None
    return moment


def _ends_with_leap_second(moment: datetime) -> bool:
    """Whether the minute of a moment in UTC had 61 seconds."""
    return (moment.hour, moment.minute) == (23, 59) and moment.date() in _days_with_leap_second()


@lru_cache
def _days_with_leap_second() -> frozenset[date]:
    """The days in UTC that ended with a leap second, from the IANA time zone database."""
    table = files("tzdata").joinpath("zoneinfo", "leapseconds").read_text("ascii")
    return frozenset(datetime.strptime(" ".join(day), "%Y %b %d").date() for day in _LEAP_SECOND.findall(table))  # noqa: DTZ007  # days only


def midnight_after(at: datetime) -> datetime:
    """The end of the day in Stockholm that a moment falls in."""
    return datetime.combine(at.astimezone(STOCKHOLM).date() + timedelta(days=1), time.min, STOCKHOLM)


def date_in_words(day: date, language: Language) -> str:
    """`6 oktober 2022`, `6 October 2022`."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def dates_in_words(first: date, last: date, language: Language) -> str:
    """`24–26 december 2026`, `24 December 2026 – 6 January 2027`: from one day to another, both included."""
    end = date_in_words(last, language)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{date_in_words(first, language)} – {end}"


def day_in_words(day: date, language: Language) -> str:
    """`den 6 oktober 2022`, `6 October 2022`: as it stands in a sentence."""
    return IN_SENTENCE[language].format(date_in_words(day, language))


def moment_in_words(at: datetime, language: Language) -> str:
    """In Stockholm: `söndag 22 november kl. 02.00`, `Sunday 22 November at 02:00`."""
    local = at.astimezone(STOCKHOLM)
    day = f"{DAYS[language][local.weekday()]} {local.day} {MONTHS[language][local.month - 1]}"
    return AT_TIME[language].format(day, local.strftime(CLOCK[language]))
