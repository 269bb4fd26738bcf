"""What is known of windows of hours has an end in bytes."""

import tracemalloc
from datetime import date, timedelta

from app.opening_hours.spans import staffed

OFTEN = "Mo-Su 08:00-09:00,10:00-11:00,12:00-13:00,14:00-15:00,16:00-17:00"


def test_whoever_asks_for_many_long_windows_fills_no_memory() -> None:
    first = date(2026, 1, 1)
    staffed(OFTEN, first, first + timedelta(days=365))
    tracemalloc.start()
    try:
        for number in range(20):
            assert staffed(OFTEN, first + timedelta(days=number), first + timedelta(days=number + 365))
        assert tracemalloc.get_traced_memory()[0] < 500_000
    finally:
        tracemalloc.stop()
