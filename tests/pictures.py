"""Take the pictures of docs/pictures, from the real data: `make pictures`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.checking import checked
from app.seeding.writing import write
from app.settings import ROOT, Settings
from tests import needs
from tests.conftest import SEEDED
from tests.serving import serve

FOLDER = ROOT / "docs" / "pictures"
DESK, PHONE = (1280, 900), (375, 760)
PICTURES = {
    "start": ("/sv/", DESK, "light"),
    "start-phone-dark": ("/sv/", PHONE, "dark"),
    "whom-to-contact": ("/en/whom-to-contact?municipality=Halmstad&audience=professional", DESK, "light"),
    "resource": ("/sv/resurser/nationella-stodtelefonen", DESK, "light"),
    "hotlines-phone": ("/en/hotlines", PHONE, "light"),
}
"""File name: path, window and colours."""


def main() -> None:
    """Seed a store of its own, serve it, and photograph."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
        engine = engine_for(url)
        migrate(engine)
        write(engine, checked(ROOT / "seed"), SEEDED)
        engine.dispose()
        with serve(create_app(Settings(database_url=url))) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=needs.chromium(), args=["--no-sandbox"])
            for name, (path, (width, height), colours) in PICTURES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)  # type: ignore[arg-type]  # light or dark
                page.goto(site.address + path)
                page.screenshot(path=FOLDER / f"{name}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
