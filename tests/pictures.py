"""Takes the pictures of docs/pictures, of the service as it runs on the real data: `make pictures`.

`make pictures ARGS="start resource"` takes only those.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT, Settings
from tests import needs
from tests.conftest import SEEDED
from tests.embed.pasting import lines
from tests.serving import Served, serve

FOLDER = ROOT / "docs" / "pictures"
DESK, TABLE, PHONE = (1280, 900), (1000, 760), (375, 760)


class Picture(NamedTuple):
    """A page of ours, the window and the colours; or the guide's lines for `pasted`, on somebody else's page."""

    path: str
    window: tuple[int, int]
    colours: Literal["light", "dark"]
    pasted: dict[str, str] | None = None


PICTURES = {
    "start": Picture("/sv/", DESK, "light"),
    "start-phone-dark": Picture("/sv/", PHONE, "dark"),
    "whom-to-contact": Picture("/en/whom-to-contact?municipality=Halmstad&audience=professionals", DESK, "light"),
    "resource": Picture("/sv/resurser/nationella-stodtelefonen", DESK, "light"),
    "hotlines-phone": Picture("/en/hotlines", PHONE, "light"),
    "embed-hotlines": Picture("", TABLE, "light", {"municipality": "Halmstad"}),
    "embed-coordinator-dark": Picture("", TABLE, "dark", {"embed": "coordinators", "municipality": "Halmstad"}),
    "embed-guide": Picture("/embed/guide?lang=sv&municipality=Halmstad", TABLE, "light"),
    "embed-frame-phone": Picture("/embed/frame/referral?lang=sv&municipality=Kristianstad", PHONE, "light"),
}
"""By the name of the file."""

HOST = """<!doctype html><html lang="sv"><title>Kommunen</title><style>
:root { color-scheme: light dark }
body { margin: 0; font: 17px/1.5 Georgia, serif; background: light-dark(#f6f3ee, #101214) }
header { background: #23443a; color: #fff; padding: 1rem 2rem; font-size: 1.25rem }
main { max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
stodkatalog-hotlines { --stodkatalog-accent: light-dark(#1d5a48, #8fd6be); --stodkatalog-radius: 0 }
</style><header>Kommunen</header><main><h1>Stöd och skydd</h1>"""
"""A municipality's page, in a style of its own."""


def take(page: Page, site: Served, picture: Picture) -> bytes:
    """One picture, as PNG."""
    if picture.pasted is None:
        page.goto(site.address + picture.path)
    else:
        page.set_content(HOST + lines(site.client, lang="sv", **picture.pasted))
    if picture.pasted is not None or "guide" in picture.path:
        page.locator("[part=entry]").first.wait_for()
    return page.screenshot()


def photograph(browser: Browser, site: Served, names: list[str]) -> None:
    """The pictures with these names into their files; without any name, all."""
    for name in names or PICTURES:
        width, height = PICTURES[name].window
        with browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=PICTURES[name].colours, locale="sv-SE"
        ) as context:
            (FOLDER / f"{name}.png").write_bytes(take(context.new_page(), site, PICTURES[name]))


def main(names: list[str]) -> None:
    """Seed a store of its own, serve it, and photograph."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
        engine = engine_for(url)
        migrate(engine)
        write_seed(engine, read_seed(ROOT / "seed"), SEEDED)
        engine.dispose()
        with serve(create_app(Settings(database_url=url))) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=needs.chromium(), args=["--no-sandbox"])
            photograph(browser, site, names)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
