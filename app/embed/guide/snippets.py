"""The lines to paste, for each sort of site. They contain the numbers as text and links, whatever else fails."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from app.embed.assets import named
from app.embed.frame.oembed import iframe
from app.embed.frame.routes import Theme
from app.embed.guide.including import include_lines
from app.embed.numbers import Number
from app.embed.offers import OFFERS, Embed
from app.embed.wording import AS_OF
from app.texts import Language
from app.times import day_in_words

ACCENT, DARK_ACCENT = "#0a5560", "#8fd3dc"
LIGHT_GROUND, DARK_GROUND = "#ffffff", "#10191b"
HEIGHT = 720
PLUGIN = """\
<?php
/* Plugin Name: Stödkatalogen */
add_action( 'init', function () {{
	wp_oembed_add_provider( '{base}/*', '{base}/oembed' );
}} );"""
"""A plugin for WordPress, which then embeds our frame unchanged in the posts of all authors."""


class Pasted(NamedTuple):
    """What is stored in a page of another site: the numbers, and the day on which the directory had them."""

    numbers: Sequence[Number]
    made_on: date


class Choice(NamedTuple):
    """What the snippets are for. `municipality` is a code."""

    embed: Embed
    language: Language
    municipality: str | None
    theme: Theme
    accent: str
    heading_level: int
    quick_exit: bool


class Snippets(NamedTuple):
    """The lines for one choice."""

    element: str
    component: str
    style: str
    policy: str
    frame: str
    height: str
    wordpress: str
    link: str
    plugin: str
    sitevision: str
    optimizely: str
    include: str


def snippets(choice: Choice, pasted: Pasted, base: str) -> Snippets:
    """The lines for one choice. `base` is our own address."""
    tag = element(choice, pasted)
    component = f"{tag}\n{_script(base, 'stodkatalog.js', 'module')}"
    framed = _address(choice, base, "embed/frame", theme=choice.theme)
    title = OFFERS[choice.embed].title[choice.language]
    return Snippets(
        element=tag,
        component=component,
        style=style(choice),
        policy=f"script-src {_origin(base)};\nconnect-src {_origin(base)};\nframe-src {_origin(base)};",
        frame=f"{fallback(choice, pasted)}\n{iframe(framed, title, '100%', HEIGHT)}",
        height=_script(base, "host.js", None),
        wordpress=component,
        link=framed,
        plugin=PLUGIN.format(base=base),
        sitevision=component,
        optimizely=f"@* Views/Shared/Stodkatalogen.cshtml *@\n{component.replace('@', '@@')}",
        include=include_lines(
            choice.embed, _query(choice, heading_level=str(choice.heading_level)), fallback(choice, pasted), base
        ),
    )


def element(choice: Choice, pasted: Pasted) -> str:
    """The element with its fallback."""
    tag = OFFERS[choice.embed].element
    values = {
        "lang": choice.language.value,
        "municipality": choice.municipality,
        "heading-level": None if choice.heading_level == 2 else str(choice.heading_level),
        "quick-exit": "true" if choice.quick_exit else None,
    }
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value is not None)
    return f"<{tag}{attributes}>\n{fallback(choice, pasted, '  ')}\n</{tag}>"


def fallback(choice: Choice, pasted: Pasted, indent: str = "") -> str:
    """The numbers as a list, with the day on which the directory had them."""
    lines = [
        f'{indent}  <li>{escape(number.name)}: <a href="{escape(number.uri)}">{escape(number.display)}</a>. '
        f"{escape(number.text)}</li>"
        for number in pasted.numbers
    ]
    as_of = AS_OF[choice.language].format(day_in_words(pasted.made_on, choice.language))
    return "\n".join(
        [f'{indent}<ul data-stodkatalog="{pasted.made_on}">', *lines, f"{indent}</ul>", f"{indent}<p>{as_of}</p>"]
    )


def style(choice: Choice) -> str:
    """The custom properties, for the site's own stylesheet."""
    lines = [] if choice.theme is Theme.AUTO else [f"  color-scheme: {choice.theme};"]
    lines += [f"  --stodkatalog-accent: {colour};"] if (colour := accent(choice)) else []
    return "\n".join([f"{OFFERS[choice.embed].element} {{", *lines, "  --stodkatalog-font: inherit;", "}"])


def accent(choice: Choice) -> str | None:
    """The colour of links, if another than ours is wanted; on dark ground ours, where the page may be either."""
    if choice.accent == ACCENT:
        return None
    return f"light-dark({choice.accent}, {DARK_ACCENT})" if choice.theme is Theme.AUTO else choice.accent


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (`#rrggbb`), from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _script(base: str, name: str, kind: str | None) -> str:
    asset = named(name)
    how = f'type="{kind}" ' if kind else "defer "
    return (
        f'<script {how}src="{base}/embed/v1/{asset.name}"\n  integrity="{asset.integrity}"\n'
        '  crossorigin="anonymous" referrerpolicy="no-referrer"></script>'
    )


def _address(choice: Choice, base: str, folder: str, **more: str) -> str:
    return f"{base}/{folder}/{choice.embed}?{_query(choice, **more)}"


def _query(choice: Choice, **more: str) -> str:
    parameters = {"lang": choice.language.value, "municipality": choice.municipality, **more}
    return urlencode({name: value for name, value in parameters.items() if value not in (None, Theme.AUTO)})


def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"
