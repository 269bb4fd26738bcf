"""From a template to HTML: what every page has around it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.embed.numbers import LAST_RESORT
from app.embed.pages import facts, provenance, words
from app.embed.pages.addresses import RESOURCE, address
from app.opening_hours import wording
from app.page_paths import NEUTRAL
from app.records.kinds import KINDS
from app.resources.freshness import freshness_of, warnings_of
from app.resources.kind import Kind, profile_of
from app.resources.open_now import audiences_of, open_points
from app.settings import Settings
from app.status import OFFERED
from app.texts import Language
from app.times import STOCKHOLM, date_in_words, day_in_words, moment_in_words

FOLDER = Path(__file__).parent

FOLLOWED = ("https://", "http://", "tel:", "sms:", "mailto:")
INVISIBLE = re.compile("[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MENU = ("referral", *(kind.value for kind in Kind if profile_of(kind).in_menu), "search")
"""The pages that the menu leads to."""


@lru_cache
def environment(language: Language) -> Environment:
    """The templates, with the words of one language."""
    templates = Environment(
        loader=FileSystemLoader([FOLDER / "templates" / part for part in ("", language, Language.ENGLISH)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = words.texts_in(language)["spoken"]
    templates.filters |= {"followed": followed, "plain": plain, "first_upper": lambda text: text[:1].upper() + text[1:]}
    templates.filters["spoken"] = lambda code: names.get(f"iso_{code}", code)
    templates.globals |= _make_globals(language)
    return templates


def _make_globals(language: Language) -> dict[str, Any]:
    """What every template knows."""
    emergency, police = LAST_RESORT[language]
    return {
        "say": words.texts_in(language),
        "kinds": [kind.value for kind in Kind],
        "menu": MENU,
        "language": language,
        # These stand on a page even when the store cannot be read.
        "emergency": emergency.display,
        "police": police,
        "called_anyway": (emergency.uri, police.uri),
        "neutral": NEUTRAL,
        "offered": OFFERED,
        "collections": {kind.name: kind.collection for kind in KINDS.values()},
        "local": lambda moment: moment.astimezone(STOCKHOLM).strftime("%Y-%m-%dT%H:%M"),
        "day": partial(date_in_words, language=language),
        "day_of": lambda moment: day_in_words(moment.astimezone(STOCKHOLM).date(), language),
        "state": partial(wording.describe_state, language=language),
        "week": partial(wording.describe_week, language=language),
        "exceptions": partial(wording.describe_exceptions, language=language),
        "within": partial(wording.write_holiday, language=language),
        "moment": partial(moment_in_words, language=language),
        "facts": partial(facts.facts, language=language),
        "witnesses": partial(provenance.witnesses, language=language),
        "publisher": partial(provenance.publisher, language=language),
        "freshness_of": freshness_of,
        "warnings_of": warnings_of,
        "open_points": open_points,
        "audiences_of": audiences_of,
        "dated": partial(provenance.dated, language=language),
    }


def followed(uri: str | None) -> str | None:
    """The address, if a link may lead there: a web page, a call, a message. Else None."""
    return uri if uri is not None and uri.lower().startswith(FOLLOWED) else None


def plain(text: str) -> str:
    """The text without invisible characters, for titles and attributes, where no element can isolate its direction."""
    return INVISIBLE.sub(" ", text).strip()


def data_block(objects: Sequence[Mapping[str, Any]]) -> Markup:
    """JSON-LD for a script element; no text in it can end the element."""
    text = json.dumps(list(objects), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704  # no markup is left in it


@dataclass(frozen=True, slots=True)
class Frame:
    """What the parts around a page depend on."""

    base_url: str
    language: Language
    settings: Settings
    slug: str = ""
    """The id in the page's address, if there is one."""
    query: str = ""
    """Of the address that was asked for."""
    is_lasting: bool = False
    """Whether the page is to be kept in a file: it then leads to nothing that only the service answers."""


def write_page(
    frame: Frame,
    page: str,
    values: Mapping[str, Any],
    *,
    template: str | None = None,
    is_error: bool = False,
    listed: bool = True,
    structured: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The HTML of a page. `listed`: search engines may have it. `structured`: its JSON-LD."""
    base, language = frame.base_url, frame.language
    root, path = urlsplit(base).path, address(page, language, frame.slug)
    return (
        environment(language)
        .get_template(template or f"{page}.html")
        .render(
            {"live": True, "facts_from": None, **values},
            page=page,
            root=root,
            base=base,
            here=path,
            query=f"?{frame.query}" if frame.query and not is_error else "",
            alternates={other: address(page, other, frame.slug) for other in Language},
            link=lambda name: root + address(name, language),
            resource_link=lambda slug: root + address(RESOURCE, language, slug),
            settings=frame.settings,
            listed=listed,
            lasting=frame.is_lasting,
            json_ld=None if is_error else data_block([_web_page(base + path, language), *structured]),
        )
    )


def _web_page(url: str, language: Language) -> dict[str, Any]:
    """The page itself."""
    texts = words.texts_in(language)
    site = {"@type": "WebSite", "name": texts["site"], "description": texts["tagline"]}
    return {"@context": "https://schema.org", "@type": "WebPage", "url": url, "inLanguage": language, "isPartOf": site}
