"""A browser, and a site for it to visit, for the tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.main import create_app
from app.seeding.files import Seed
from app.settings import Settings
from tests.conftest import create_seeded
from tests.embed.elsewhere import Elsewhere, served_elsewhere
from tests.serving import Served, serve
from tests.stores import Stores


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, stores: Stores, seed: Seed) -> Iterator[Served]:
    """The service over the real data, on SQLite: a browser cannot tell which database is behind a page."""
    url = create_seeded(stores, tmp_path_factory.mktemp("site"), None, seed)
    with serve(create_app(Settings(database_url=url))) as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A page on another origin, to embed things in."""
    with served_elsewhere() as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile for one test, in Swedish."""
    with browser.new_context(locale="sv-SE") as found:
        yield found


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    found = context.new_page()
    found.set_default_timeout(10_000)
    return found


AXE_RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return found.violations.map((one) => `${one.id}: ${one.help} ${one.nodes.map((node) => node.html).slice(0, 3)}`);
}"""
AXE_CONTRAST = """async () => {
  const found = await axe.run(document, { runOnly: { type: "rule", values: ["color-contrast"] } });
  return found.violations.map((one) => `dark: ${one.nodes.map((node) => node.html).slice(0, 3)}`);
}"""
