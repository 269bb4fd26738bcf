"""What an editor should know before publishing: what became certain, and what may not hold for a new number."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from app.console.citing import list_cites
from app.console.hours import DAY_NAMES, FORTNIGHT, WEEK
from app.console.parts import Part
from app.console.records import read_value
from app.console.words import describe_value, name_field
from app.opening_hours.holidays import eve, holiday
from app.opening_hours.live import stored_hours
from app.opening_hours.rules import OpeningState, intervals
from app.records.documents import Document
from app.resources.quoting import NUMBERS
from app.times import STOCKHOLM, midnight_after

States = dict[str, set[OpeningState]]
"""The states that a day of the week has, holidays and eves apart."""
DAYS_IN_WORDS = {"vardagar": WEEK[:5], "mån-fre": WEEK[:5], "måndag-fredag": WEEK[:5], "alla dagar": WEEK}
"""Days that words name beyond doubt."""
VAGUE = re.compile(r"\b(cirka|ca|ungefär|oftast|vanligtvis|kontorstid\w*|dagtid|kvällstid)\b", re.IGNORECASE)
"""Words that leave hours uncertain."""
OF_NUMBER = ("free_of_charge", "on_phone_bill")
"""What is said of a number, not of those who answer."""
_SPAN = re.compile(
    r"(?<![\d.:-])(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?"
    r"(?![\d.:-]*\d|\s*(?:\d|år|jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))"  # dates, ages and phone numbers
)
_WRITTEN = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")


def list_warnings(part: Part, before: Document, after: Document, today: date) -> list[str]:
    """What is to be told of the change of a part; nothing of it keeps anybody from publishing."""
    if part.is_hours:
        return list(_judge_hours(part, before, after, today))
    return list(_judge_number(part, before, after)) if part.is_reach else []


def _judge_hours(part: Part, before: Document, after: Document, today: date) -> Iterator[str]:
    hours = read_value(after, part.path)
    if not hours:
        return
    states = _list_states(hours["opening_hours"], today)
    earlier = read_value(before, part.path)
    uncertain = _list_states(earlier["opening_hours"], today) if earlier else {}
    certain = [day for day in WEEK if _is_uncertain(uncertain, day) and not _is_uncertain(states, day)]
    if certain:
        yield (
            f"Det som var osäkert blir säkert: {_name_days(certain)}. I dag skriver vi att tiderna är osäkra, efter "
            "ändringen skriver vi öppet eller stängt. Publicera bara om källan verkligen säger det."
        )
    quoted = [hours.get("hours_stated", ""), *(cite.evidence for cite in list_cites(after, part.path))]
    for words in dict.fromkeys(filter(None, quoted)):
        yield from _compare_words(words, hours["opening_hours"], states)


def _compare_words(words: str, expression: str, states: States) -> Iterator[str]:
    """Where hours and words differ beyond doubt."""
    written = set(_WRITTEN.findall(expression))
    spans = {_read_span(match): match[0] for match in _SPAN.finditer(words) if int(match[1]) <= 24 >= int(match[3])}
    other = [text for span, text in spans.items() if span not in written]
    if other and written:
        yield f"Källans ord säger ”{words}”. Tiden {' och '.join(other)} finns inte i öppettiderna."
    folded = re.sub(r"\s*[-–]\s*", "-", words.lower())
    for name, days in DAYS_IN_WORDS.items():
        closed = [day for day in days if name in folded and states.get(day) == {OpeningState.CLOSED}]
        if closed:
            yield f"Källans ord säger ”{words}”, men efter ändringen är det stängt {_name_days(closed)}."
    vague = VAGUE.search(words)
    if vague and not any(_is_uncertain(states, day) for day in WEEK):
        yield f"Källans ord säger ”{words}”, som inte ger säkra tider. Skriv unknown efter tiderna i ”Andra regler”."


def _read_span(match: re.Match[str]) -> tuple[str, str]:
    return f"{int(match[1]):02}:{match[2] or '00'}", f"{int(match[3]):02}:{match[4] or '00'}"


def _list_states(expression: str, today: date) -> States:
    """The states of each day of the week, on the next ordinary days."""
    readable, states = stored_hours(expression, []), States()
    for day in (today + timedelta(days=number) for number in range(FORTNIGHT)):
        if holiday(day) is None and eve(day) is None:
            start = datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)
            day_states = {interval.state for interval in intervals(readable, start, midnight_after(start))}
            states.setdefault(WEEK[day.weekday()], set()).update(day_states)
    return states


def _is_uncertain(states: States, day: str) -> bool:
    return OpeningState.UNKNOWN in states.get(day, ())


def _name_days(days: Iterable[str]) -> str:
    return ", ".join(DAY_NAMES[day] for day in days)


def _judge_number(part: Part, before: Document, after: Document) -> Iterator[str]:
    """What was said of the number before, and stays."""
    owner = part.path.rpartition(".")[0]
    old, new = read_value(before, part.path), read_value(after, part.path)
    if old in (None, new) or new is None or read_value(after, f"{owner}.channel") not in NUMBERS:
        return
    for name in OF_NUMBER:
        path = f"{owner}.{name}"
        value = read_value(after, path)
        if value is not None and list_cites(before, path) == list_cites(after, path):
            statement = f"{name_field(path, after)}: {describe_value(value)}"
            yield f"”{statement}” står kvar, men källan sa det om {describe_value(old)}. Gäller det det nya också?"
