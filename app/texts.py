"""The languages of the directory and texts written in each: another one is a name in `Language` and a field of `Text`.

What has no words in it yet is shown in English.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

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
        text: str = getattr(self, language, None) or self.en
        return text


Value = TypeVar("Value")


class ByLanguage(dict[Language, Value]):
    """What stands in code for each language; a language that has none of its own yet takes the English one."""

    def __missing__(self, language: Language) -> Value:
        return self[Language.ENGLISH]


def text_of(row: object, field: str, language: Language) -> Any:
    """The text of a row that has a column for each language, such as `name_sv` and `name_en`.

    A language that has no column yet takes the English one.
    """
    column = f"{field}_{language}"
    return getattr(row, column if hasattr(row, column) else f"{field}_{Language.ENGLISH}")


def said(text: Text | None, language: Language) -> str | None:
    """The text in one language, if there is one."""
    return None if text is None else text[language]
