"""Opening hours as people write them: a week, day by day, and what that means on the next fourteen days."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from app.http.problems import invalid
from app.opening_hours.live import Exceptional, stored_hours
from app.opening_hours.wording import describe_day, name_day
from app.records.documents import Document
from app.texts import Language
from app.times import DAYS, MONTHS, dates_in_words

SWEDISH = Language.SWEDISH
WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS, EVES = "PH", "EVE"
EVE_RULES = ("Jun 19-25 Fr", "Dec 24", "Dec 31")
"""Midsummer's, Christmas and New Year's Eve: days that Swedes take for holidays, and that PH leaves out."""
DAY_NAMES = {
    **dict(zip(WEEK, DAYS[SWEDISH], strict=True)),
    HOLIDAYS: "helgdagar (röda dagar)",
    EVES: "midsommarafton, julafton och nyårsafton",
}
CLOSED, ALL_DAY, ALWAYS = "off", "00:00-24:00", "24/7"
FORTNIGHT, MOST_FORTNIGHTS = 14, 4
LONG = timedelta(days=60)
_SPAN = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|till)\s*(\d{1,2})(?:[.:](\d{2}))?")
_TIMES = r"\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*|off"
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_DAYS = re.compile(rf"({_DAY}(?:[-,]{_DAY})*)(?=\s|$)")
_WEEKDAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_READABLE = re.compile(
    rf"(?:({_WEEKDAY}(?:[-,]{_WEEKDAY})*) |({'|'.join(MONTH_NAMES)}) (\d{{2}}) )?"
    rf'({_TIMES}|24/7)(?: (unknown|open))?(?: "([^"]*)")?'
)
_RULE = re.compile(rf"({_DAY}(?:[-,]{_DAY})*) ({_TIMES})")


def read_times(text: str, field: str) -> str:
    """The times of a day: `8-12, 13–16.30` → `08:00-12:00,13:00-16:30`, `stängt` → `off`. Raises InvalidParameter."""
    match text.lower().strip():
        case "stängt":
            return CLOSED
        case "dygnet runt":
            return ALL_DAY
    spans = [_SPAN.fullmatch(part.strip()) for part in re.split(r",| och ", text)]
    times = [
        f"{int(a):02}:{b or '00'}-{int(c):02}:{d or '00'}" for span in spans if span for a, b, c, d in [span.groups()]
    ]
    if not times or not all(spans):
        raise invalid(field, f"”{text}” går inte att läsa. Skriv till exempel 8–16.30, stängt eller dygnet runt.")
    return ",".join(times)


def write_times(times: str) -> str:
    """The times of a day as people write them: `08:00-12:00` → `08:00–12:00`, `off` → `stängt`."""
    words = {CLOSED: "stängt", ALL_DAY: "dygnet runt"}
    return words.get(times) or times.replace("-", "–").replace(",", ", ")


def compose_hours(week: Mapping[str, str], rest: str) -> str:
    """One expression of a week (the times of each day; a day without is closed) and of further rules."""
    days = [(name, week.get(name, "")) for name in WEEK]
    if all(times == ALL_DAY for _, times in days) and not (week.keys() & {HOLIDAYS, EVES} or rest):
        return ALWAYS
    rules = [
        f"{_name_days([name for name, of_day in days if of_day == times])} {times}"
        for times in dict.fromkeys(times for _, times in days if times)
    ]
    if week.get(HOLIDAYS):
        rules.append(f"{HOLIDAYS} {week[HOLIDAYS]}")
    if week.get(EVES):
        rules += [f"{days} {week[EVES]}" for days in EVE_RULES]
    return "; ".join([*rules, *([rest] if rest else [])])


def find_ruled_days(rules: str) -> set[str]:
    """The days of any week, and holidays, that rules name; those of rules for some dates of the year only are not."""
    days = set[str]()
    for rule in re.sub(r'"[^"]*"', "", rules).split(";"):
        if match := _DAYS.match(rule.strip()):
            days |= {name for part in match[1].split(",") for name in _list_span(part)}
        elif re.match(r"24/7|\d{2}:\d{2}", rule.strip()):
            days |= set(WEEK)
    return days


def _list_span(part: str) -> Sequence[str]:
    """The days in `Mo-Fr`, or in `Sa-Mo`, which goes over the end of the week."""
    first, _, last = part.partition("-")
    if first not in WEEK or last not in WEEK:
        return [name for name in (first, last) if name]
    start, end = WEEK.index(first), WEEK.index(last)
    return WEEK[start : end + 1] if start <= end else WEEK[start:] + WEEK[: end + 1]


def _name_days(names: list[str], words: Mapping[str, str] | None = None) -> str:
    """Days of the week: `Mo-Th,Sa`; with their words, `måndag–torsdag och lördag`."""
    places = [WEEK.index(name) for name in names]
    runs = [list(run) for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])]
    ends = [(WEEK[run[0][1]], WEEK[run[-1][1]]) for run in runs]
    if words is None:
        return ",".join(first if first == last else f"{first}-{last}" for first, last in ends)
    return " och ".join(words[first] if first == last else f"{words[first]}–{words[last]}" for first, last in ends)


def decompose_hours(expression: str) -> tuple[dict[str, str], str]:
    """The week in an expression, and the rules after it; the whole expression as rules where a week cannot say the
    same.

    That is so for `Fr-Mo 10:00-12:00`, as a week begins on Monday here, and for `PH off; Sa 10:00-14:00`: a week puts
    PH last, and of the rules for a day the last counts.
    """
    week, rest = _split_hours(expression)
    return (week, rest) if compose_hours(week, rest) == expression else ({}, expression)


def _split_hours(expression: str) -> tuple[dict[str, str], str]:
    if expression == ALWAYS:
        return dict.fromkeys(WEEK, ALL_DAY), ""
    week, rules = dict[str, str](), [rule.strip() for rule in expression.split(";")]
    while rules and (match := _RULE.fullmatch(rules[0])):
        for part in match[1].split(","):
            first, _, last = part.partition("-")
            names = WEEK[WEEK.index(first) : WEEK.index(last) + 1] if last in WEEK and first in WEEK else (first,)
            week |= dict.fromkeys(names, match[2])
        rules.pop(0)
    eves = [rule.removeprefix(f"{days} ") for rule, days in zip(rules, EVE_RULES, strict=False)]
    if len(eves) == len(EVE_RULES) and len(set(eves)) == 1 and re.fullmatch(_TIMES, eves[0]):
        week[EVES] = eves[0]
        del rules[: len(EVE_RULES)]
    return week, "; ".join(rules)


def describe_hours(expression: str) -> str:
    """A sentence: `måndag–fredag 08:00–17:00, helgdagar (röda dagar) stängt, övriga dagar stängt`.

    The expression itself where a week would not keep it.
    """
    week, rest = decompose_hours(expression)
    days = [name for name in WEEK if name in week]
    if not week:
        return "; ".join(map(_describe_rule, expression.split("; ")))
    parts = [
        f"{_name_days([name for name in days if week[name] == times], DAY_NAMES)} {write_times(times)}"
        for times in dict.fromkeys(week[name] for name in days)
    ]
    parts += [f"{DAY_NAMES[name]} {write_times(week[name])}" for name in (HOLIDAYS, EVES) if name in week]
    parts += ["övriga dagar stängt"] if len(days) < len(WEEK) else []
    return ", ".join(parts) + (f"; dessutom {'; '.join(map(_describe_rule, rest.split('; ')))}" if rest else "")


def _describe_rule(rule: str) -> str:
    """`måndag–fredag kan vara bemannad 09:00–16:00 (kontorstid)`; what is written in no such way as it is."""
    match = _READABLE.fullmatch(rule)
    if match is None:
        return rule
    days, month, day, times, state, comment = match.groups()
    when = f"{int(day)} {MONTHS[SWEDISH][MONTH_NAMES.index(month)]}" if month else ""
    if days:
        names = [WEEK[index] for part in days.split(",") for index in _list_indexes(part)]
        when = _name_days(sorted(set(names), key=WEEK.index), DAY_NAMES)
    hours = write_times({ALWAYS: ALL_DAY}.get(times, times))
    doubt = "kan vara bemannad" if state == "unknown" else ""
    return " ".join(filter(None, (when, doubt, hours, f"({comment})" if comment else "")))


def _list_indexes(part: str) -> range:
    first, _, last = part.partition("-")
    return range(WEEK.index(first), WEEK.index(last or first) + 1)


def describe_exception(exception: Document) -> str:
    """A sentence: `24–26 december 2026: stängt (Jul.)`."""
    try:
        first, last = (date.fromisoformat(exception[name]) for name in ("starts_on", "ends_on"))
        days = dates_in_words(first, last, SWEDISH)
    except ValueError:  # written past publishing: it is shown as it is
        days = f"{exception['starts_on']}–{exception['ends_on']}"
    times, reason = write_times(exception["expression"]), exception["reason"]
    english = f", på engelska: {reason['en']}" if reason.get("en") else ""
    return f"{days}: {times} ({reason['sv']}){english}"


def list_fortnights(point: Document, entered: Sequence[Document], today: date) -> list[tuple[str, str]]:
    """What the hours mean on the days that were entered, with the day before them; from today where there are none."""
    try:
        firsts = sorted(date.fromisoformat(exception["starts_on"]) for exception in entered)
    except ValueError:
        return []
    starts = list[date]()
    for first in firsts or [today + timedelta(days=1)]:
        if not starts or first >= starts[-1] + timedelta(days=FORTNIGHT):
            starts.append(first - timedelta(days=1))
    return [day for start in starts[:MOST_FORTNIGHTS] for day in list_days(point, start)]


def list_long_spans(exceptions: Sequence[Document]) -> list[str]:
    """Those of the exceptions that last so long that a day is probably written wrong, in words."""
    return [
        describe_exception(exception)
        for exception in exceptions
        if date.fromisoformat(exception["ends_on"]) - date.fromisoformat(exception["starts_on"]) > LONG
    ]


def list_days(point: Document, today: date) -> list[tuple[str, str]]:
    """What the hours of a contact point mean on fourteen days: the day in words, and its hours; none if a date of its
    exceptions cannot be read."""
    if "opening_hours" not in point:
        return []
    try:
        exceptions = [
            Exceptional(
                date.fromisoformat(exception["starts_on"]),
                date.fromisoformat(exception["ends_on"]),
                exception["expression"],
            )
            for exception in point.get("exceptions", ())
        ]
    except ValueError:
        return []
    expression = stored_hours(point["opening_hours"], exceptions)
    days = [today + timedelta(days=number) for number in range(FORTNIGHT)]
    return [(name_day(day, SWEDISH, is_dated=True), describe_day(expression, day, SWEDISH)) for day in days]
