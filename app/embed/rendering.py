"""From what an embed shows to HTML: a fragment, or a problem that still has the numbers in it."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.embed.content import Content, Point
from app.embed.numbers import Number
from app.embed.offers import Offer
from app.embed.wording import WORDS, now
from app.texts import Language
from app.times import moment_in_words

FOLDER = Path(__file__).parent
FOLLOWED = ("https://", "http://", "tel:", "sms:", "mailto:")
CALLED = ("tel:", "sms:")


@lru_cache
def environment() -> Environment:
    """The templates of the embeds; whatever a record says comes out as text."""
    templates = Environment(
        loader=FileSystemLoader([FOLDER / name for name in ("templates", "frame", "guide")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.tests |= {"followed": _followed, "called": _called}
    return templates


def _followed(uri: str | None) -> bool:
    return uri is not None and uri.lower().startswith(FOLLOWED)


def _called(point: Point) -> bool:
    return point.uri is not None and point.uri.startswith(CALLED)


def render(template: str, **values: Any) -> str:
    """A template with what it shows."""
    return environment().get_template(template).render(**values)


def fragment(offer: Offer, content: Content, level: int, at: datetime | None, *, framed: bool = False) -> str:
    """The plain HTML of an embed, with the states of a moment; None: with those that never change, for a file.

    `framed`: links lead out of the frame.
    """
    return render(
        "embed.html",
        content=content,
        title=offer.title[content.lang],
        level=level,
        framed=framed,
        words=WORDS[content.lang],
        now=lambda point: now(point, content, at),
        moment=at and moment_in_words(at, content.lang),
    )


def problem(
    language: Language, numbers: Sequence[Number], reason: str, faults: Sequence[str], title: str, level: int
) -> str:
    """What stands where an embed cannot be made: the numbers, and why; `faults` are in English."""
    return render(
        "problem.html", language=language, numbers=numbers, reason=reason, faults=faults, title=title, level=level
    )
