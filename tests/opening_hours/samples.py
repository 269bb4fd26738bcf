"""Expressions the tests of opening hours share, and those of the seed.

How to write "kontorstid på vardagar", where the source gives no clock times (OFFICE_HOURS): `unknown` in the daytime
and never open; closed at night, at weekends and on public holidays; the eves, about which the source is silent,
`unknown` in the daytime when they fall on a weekday and closed when not. Midsommarafton is always a Friday. The eves
stand after `PH`, since some lists of holidays have them and some not; `Mo-Fr` in the rules for 24 and 31 December
leaves their weekends closed.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

SEED = Path(__file__).parents[2] / "seed"

OFFICE_HOURS = (
    'Mo-Fr 07:00-18:00 unknown "kontorstid"; PH off; '
    'Jun 19-25 Fr 07:00-18:00 unknown "midsommarafton"; '
    'Dec 24 Mo-Fr 07:00-18:00 unknown "julafton"; '
    'Dec 31 Mo-Fr 07:00-18:00 unknown "nyårsafton"'
)
ALWAYS = "24/7"
DAYTIME = "Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
HOLIDAY_HOURS = (
    'Mo-Su 10:00-20:00; PH 12:00-16:00 open "helgdag"; '
    'Jun 19-25 Fr 10:00-15:00 open "midsommarafton"; Dec 24 off; Dec 31 10:00-15:00'
)
NIGHTS = "Mo-Su 22:00-06:00"
WEEKEND_NIGHTS = 'Fr-Sa 20:00-02:00 open "helgjour"'
SUNDAY_BLINK = "Su 02:15-02:45"
SMALL_HOURS = "Mo-Su 00:00-02:30"
LEAP_DAY = "Feb 29 10:00-12:00"
LUNCH = 'Mo-Th 08:00-12:00,13:00-16:30; Fr 08:00-12:00; We 13:00-15:00 unknown "bara bokade"'
SEASONS = 'Sep-May Mo-Fr 09:00-17:00; Jun-Aug Mo-Fr 09:00-15:00 open "sommartid"; Jul 6-12 off "stängt vecka 28"'

SAMPLES = (
    OFFICE_HOURS, ALWAYS, DAYTIME, HOLIDAY_HOURS, NIGHTS, WEEKEND_NIGHTS, SUNDAY_BLINK, SMALL_HOURS, LEAP_DAY, LUNCH,
    SEASONS,
)  # fmt: skip


def seeded() -> list[str]:
    """Every expression in `seed/`, once."""
    return sorted({text for path in SEED.rglob("*.toml") for text in _texts(tomllib.loads(path.read_text("utf-8")))})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "opening_hours" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)
