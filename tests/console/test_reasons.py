"""Reasons that the service writes, in Swedish."""

from typing import Any

import pytest

from app.console.reasons import translate_reason
from app.seeding.matching import FileRecord
from app.seeding.merging import Disagreement
from app.seeding.writing import AUTHOR


def disagree(document: dict[str, Any] | None, *fields: str, current: Any = None) -> str:
    return str(Disagreement(FileRecord("hotline", "linjen", document), current, list(fields)))


@pytest.mark.parametrize(
    ("stored", "swedish"),
    [
        (AUTHOR.reason, "så stod det i filerna då"),
        (
            disagree({}, "summary", "name", current=object()),
            "hotline linjen: ändrat både i filen och i katalogen: Sammanfattning, Namn",
        ),
        (disagree({}), "hotline linjen: ändrad i filen, borttagen i katalogen"),
        (disagree(None, current=object()), "hotline linjen: borttagen ur filen, ändrad i katalogen"),
        (f"{disagree({})} (accepted by Chefen)", f"{translate_reason(disagree({}))} (godkänt av Chefen)"),
        ("Ny sida. (amended from what Linjen proposed)", "Ny sida. (ändrat efter ett förslag från Linjen)"),
        (
            "Other hours from 2026-12-24 to 2026-12-26: Julen",
            "Andra öppettider från 2026-12-24 till 2026-12-26: Julen",
        ),
        ("Numret: står på sidan (rad 2).", "Numret: står på sidan (rad 2)."),
    ],
)
def test_what_the_service_wrote_is_in_swedish_and_what_people_wrote_stays(stored: str, swedish: str) -> None:
    assert translate_reason(stored) == swedish
