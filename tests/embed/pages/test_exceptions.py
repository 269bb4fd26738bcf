"""What the page of a resource says of the dates on which a contact point has other hours."""

from datetime import date, timedelta

import httpx

from app.records.documents import Document
from tests.access.conftest import client, folder, store
from tests.embed.pages.test_pages import text_of
from tests.records.conftest import Store

__all__ = ["client", "folder", "store"]

YEAR = date.today().year + 1  # noqa: DTZ011  # any year to come
OTHER_HOURS = [
    (date(YEAR, 12, 24), 3, "off", "Julen", "Christmas"),
    (date(YEAR, 12, 27), 1, "10:00-12:00,13:00-14:00", "Kortare dag", "A shorter day"),
    (date(YEAR, 12, 28), 1, "20:00-24:00 unknown", "Nattpass", "A night shift"),
    (date(YEAR, 12, 30), 3, "unknown", "Flytt", "Moving"),
    (date(YEAR + 1, 1, 3), 1, "open", "Jour", "On call"),
]
SWEDISH = (
    f"24–26 december {YEAR}: stängt ( Julen )",
    f"27 december {YEAR}: 10.00–12.00, 13.00–14.00 ( Kortare dag )",
    f"28 december {YEAR}: kan vara bemannad 20.00–24.00 ( Nattpass )",
    f"30 december {YEAR} – 1 januari {YEAR + 1}: kan vara bemannad, vi vet inte när ( Flytt )",
    f"3 januari {YEAR + 1}: dygnet runt ( Jour )",
)
ENGLISH = (
    f"24–26 December {YEAR}: closed ( Christmas )",
    f"27 December {YEAR}: 10:00–12:00, 13:00–14:00 ( A shorter day )",
    f"28 December {YEAR}: may be staffed 20:00–24:00 ( A night shift )",
    f"30 December {YEAR} – 1 January {YEAR + 1}: may be staffed, we do not know when ( Moving )",
    f"3 January {YEAR + 1}: round the clock ( On call )",
)


def give_other_hours(document: Document) -> None:
    document["contact_points"][0]["exceptions"] = [
        {
            "starts_on": str(first),
            "ends_on": str(first + timedelta(days - 1)),
            "expression": expression,
            "reason": {"sv": swedish, "en": english},
        }
        for first, days, expression, swedish, english in OTHER_HOURS
    ]
    document["citations"][0]["fields"].append("contact_points.telefon.exceptions")


def test_the_page_says_what_holds_on_dates_with_other_hours(store: Store, client: httpx.Client) -> None:
    store.change("hotline", "linjen", give_other_hours)
    for path, expected in (("/sv/resurser/linjen", SWEDISH), ("/en/resources/linjen", ENGLISH)):
        text = text_of(client.get(path).text)
        for line in expected:
            assert line in text
