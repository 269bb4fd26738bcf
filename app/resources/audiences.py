"""Whom a resource is for, in words."""

from collections.abc import Iterable

from app.texts import Language


def tell_audiences(names: Iterable[str], youngest: int | None, oldest: int | None, language: Language) -> str:
    """The audiences and ages in a sentence, such as "Finns för: Barn och unga, till och med 17 år."."""
    begins = "For" if language is not Language.SWEDISH else "Finns för"
    return f"{begins}: {', '.join(names)}{_tell_ages(youngest, oldest, language)}."


def _tell_ages(youngest: int | None, oldest: int | None, language: Language) -> str:
    english = language is not Language.SWEDISH
    if youngest is not None and oldest is not None:
        return f", aged {youngest} to {oldest}" if english else f", {youngest}–{oldest} år"
    if youngest is not None:
        return f", from the age of {youngest}" if english else f", från {youngest} år"
    if oldest is not None:
        return f", up to the age of {oldest}" if english else f", till och med {oldest} år"
    return ""
