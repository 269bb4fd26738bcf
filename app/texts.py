"""The two languages of the directory and texts written in both."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Language(StrEnum):
    """Languages the directory answers in (ISO 639-1)."""

    SWEDISH = "sv"
    ENGLISH = "en"


class Text(BaseModel):
    """The same thing said in Swedish and in English."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1, frozen=True)

    sv: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.en if language is Language.ENGLISH else self.sv


def said(text: Text | None, language: Language) -> str | None:
    """The text in one language, if there is one."""
    return None if text is None else text[language]
