"""What a web editor does: takes the lines from the guide and pastes them into a page."""

import html
import re

import httpx
from playwright.sync_api import Page

from tests.embed.conftest import AXE_CONTRAST, AXE_RUN

NUMBERS = ("tel:112", "tel:11414", "tel:+4620390000")
"""What is visible whatever happens: 112, 114 14 and the support line."""


def lines(client: httpx.Client, name: str = "component", **wanted: str) -> str:
    """The lines that the guide shows for a choice, as a person copies them."""
    guide = client.get("/embed/guide", params=wanted)
    assert guide.status_code == 200, guide.text
    found = re.search(rf'<pre [^>]*id="{name}"[^>]*><code>(.*?)</code>', guide.text, re.DOTALL)
    assert found, f"the guide has no lines called {name}"
    return html.unescape(found[1])


def bare(body: str, head: str = "", lang: str = "sv") -> str:
    """A bare HTML file."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Kommunen</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">{head}</head>'
        f"<body><main><h1>Kommunen</h1>{body}</main></body></html>"
    )


def all_elements(client: httpx.Client, language: str = "sv") -> str:
    """Every element on one page."""
    found = [lines(client, embed=embed, language=language, municipality="Halmstad")
             for embed in ("hotlines", "coordinators", "courses", "referral")]  # fmt: skip
    return "\n".join(found)


def filled(page: Page, element: str = "stodkatalog-hotlines") -> None:
    """Wait until an element shows what the directory has."""
    page.locator(f"{element} [part=entry]").first.wait_for()


def seen_numbers(page: Page) -> list[str]:
    """Those of the numbers that can be seen, as links."""
    return [uri for uri in NUMBERS if page.locator(f'a[href="{uri}"]:visible').count()]


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core has against the page as it stands, in the light; then, in the dark, against its contrasts."""
    page.emulate_media(color_scheme="light")
    page.evaluate(axe)
    found: list[str] = page.evaluate(AXE_RUN)
    page.emulate_media(color_scheme="dark")
    return found + page.evaluate(AXE_CONTRAST)  # type: ignore[no-any-return]  # a list of texts
