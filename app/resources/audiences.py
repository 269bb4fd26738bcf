"""Whom a resource is for, in words."""

from collections.abc import Iterable

from app.texts import Language, Text

FOR = Text(sv="Finns för: {}{}.", en="For: {}{}.")
BETWEEN = Text(sv=", {}–{} år", en=", aged {} to {}")
FROM = Text(sv=", från {} år", en=", from the age of {}")
UP_TO = Text(sv=", till och med {} år", en=", up to the age of {}")


def tell_audiences(names: Iterable[str], youngest: int | None, oldest: int | None, language: Language) -> str:
    """The audiences and ages in a sentence, such as "Finns för: Barn och unga, till och med 17 år."."""
    return FOR[language].format(", ".join(names), _tell_ages(youngest, oldest, language))


def _tell_ages(youngest: int | None, oldest: int | None, language: Language) -> str:
    if youngest is not None and oldest is not None:
        return BETWEEN[language].format(youngest, oldest)
    if youngest is not None:
        return FROM[language].format(youngest)
    return "" if oldest is None else UP_TO[language].format(oldest)
