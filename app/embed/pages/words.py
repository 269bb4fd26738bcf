"""The texts of the pages, in each language."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.areas.suggesting import UnknownArea
from app.resources.kind import Kind, profile_of
from app.texts import Language, Text

PageTexts = dict[str, Any]


@lru_cache
def texts_in(language: Language) -> PageTexts:
    """All texts of the pages in one language, from texts.toml and every kind.toml; a group of texts is a dictionary."""
    words = _in(language, tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")))
    words["kinds"] = {}
    for kind in Kind:
        profile = profile_of(kind)
        words["kinds"][kind] = profile.name[language]
        words["nav"][kind] = profile.menu[language]
        words["titles"][kind] = profile.title[language]
        words["leads"][kind] = profile.lead[language]
    return words


@lru_cache
def texts_of(kind: Kind, language: Language) -> PageTexts:
    """The same with what is the kind's own among `facts` and `fields`, and its sets of values."""
    words, own = texts_in(language), profile_of(kind)
    sets = {name: _in_language(texts, language) for name, texts in own.values.items()}
    facts, fields = (_in_language(texts, language) for texts in (own.facts, own.fields))
    return words | sets | {"facts": words["facts"] | facts, "fields": words["fields"] | fields}


def _in_language(texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    return {name: text[language] for name, text in texts.items()}


def _in(language: Language, texts: PageTexts) -> PageTexts:
    return {
        key: text.get(language, text[Language.ENGLISH]) if Language.ENGLISH in text else _in(language, text)
        for key, text in texts.items()
    }


def place_hints(error: UnknownArea, language: Language) -> list[str]:
    """What is known of a text that names no municipality, in sentences: that it is a postcode, a county, a village."""
    say = texts_in(language)["problems"]["place"]
    hints = [say["postcode"]] if error.is_postcode else []
    if error.other is not None:
        hints.append(say[error.other])
    for locality, municipalities in error.localities.items():
        hints.append(say["locality"].format(locality, say["either"].join(municipalities), error.source))
    return hints
