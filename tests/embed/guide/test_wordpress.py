"""The guide followed in a real WordPress, by an editor and by readers in Chromium, on another origin."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.main import create_app
from tests.embed.pasting import NUMBERS, filled, lines, seen_numbers
from tests.serving import Served, serve
from tests.wordpress import PASSWORD, WordPress, run_wordpress

NEVER_CLOSED = "tel:+4620505050"
HTML_BLOCK = "(text) => wp.blocks.createBlock('core/html', { content: text })"
PASTED_LINK = "(text) => wp.blocks.pasteHandler({ plainText: text, HTML: '', mode: 'BLOCKS' })"
PUBLISH = """async ([text, make]) => {
  const data = { title: "Stöd", content: wp.blocks.serialize(eval(make)(text)), status: "publish" };
  return (await wp.apiFetch({ path: "/wp/v2/posts", method: "POST", data })).link;
}"""
Write = Callable[..., str]


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    with run_wordpress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture(scope="module")
def write(wordpress: WordPress, browser: Browser) -> Iterator[Write]:
    """Publishes a post from the block editor: what somebody pasted into it, and as whom. Returns its address."""
    editors: dict[str, Page] = {}

    def write_post(text: str, make: str = PASTED_LINK, name: str = "author") -> str:
        if name not in editors:
            editors[name] = browser.new_context().new_page()
            open_editor(editors[name], wordpress, name)
        address: str = editors[name].evaluate(PUBLISH, [text, make])
        return address

    yield write_post
    for editor in editors.values():
        editor.context.close()


def open_editor(page: Page, wordpress: WordPress, name: str) -> None:
    """Sign in and begin a post."""
    page.goto(f"{wordpress.address}/wp-login.php")
    page.get_by_label("Username or Email Address").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log In").click()
    page.wait_for_url("**/wp-admin/**")
    page.goto(f"{wordpress.address}/wp-admin/post-new.php")
    page.wait_for_function("window.wp?.blocks?.getBlockType('core/embed') && wp.blocks.getBlockType('core/html')")


def read_without_the_directory(browser: Browser, address: str) -> list[str]:
    """The numbers that a first visitor can dial once the service is gone."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        assert page.locator(f"a[href='{NEVER_CLOSED}']").is_visible()
        return seen_numbers(page)


def test_the_lines_in_a_custom_html_block_show_the_list_and_the_numbers_when_the_service_is_gone(
    site: Served, write: Write, page: Page, browser: Browser
) -> None:
    with serve(create_app(site.application.state.settings)) as own:
        address = write(lines(own.client, "wordpress", municipality="Halmstad"), HTML_BLOCK, "admin")
        page.goto(address)
        filled(page)
        assert page.get_by_role("heading", name="Kvinnofridslinjen").is_visible()
        assert seen_numbers(page) == list(NUMBERS)
    assert read_without_the_directory(browser, address) == list(NUMBERS)


def test_whoever_may_not_save_scripts_still_publishes_the_numbers(site: Served, write: Write, page: Page) -> None:
    page.goto(write(lines(site.client, "wordpress"), HTML_BLOCK))
    assert page.locator("stodkatalog-hotlines, script[src*='/embed/v1/']").count() == 0
    assert seen_numbers(page) == list(NUMBERS)
    assert page.get_by_text("Enligt Stödkatalogen den").is_visible()


def test_a_link_alone_leaves_numbers_to_dial_although_wordpress_shuts_the_frame_in(
    site: Served, write: Write, page: Page, browser: Browser
) -> None:
    with serve(create_app(site.application.state.settings)) as own:
        address = write(lines(own.client, "link", municipality="Halmstad"))
        with page.expect_response(lambda answer: "/embed/frame/" in answer.url and answer.ok):
            page.goto(address)
        frame = page.locator("iframe.wp-embedded-content")
        assert frame.get_attribute("sandbox") == "allow-scripts"
        frame.content_frame.get_by_role("heading", name="Kvinnofridslinjen").wait_for(state="attached")
        page.wait_for_timeout(500)  # in which a height would come
        assert seen_numbers(page) == list(NUMBERS)
        assert page.get_by_text("Enligt Stödkatalogen den").is_visible()
        page.get_by_role("link", name="Stödlinjer och chattar – Stödkatalogen").click()
        page.wait_for_url(f"{own.address}/sv/stodlinjer?municipality=1380")
    assert read_without_the_directory(browser, address) == list(NUMBERS)


def test_with_the_plugin_a_link_shows_the_whole_list_with_numbers_to_dial_for_every_author(
    site: Served, wordpress: WordPress, write: Write, page: Page, browser: Browser
) -> None:
    with serve(create_app(site.application.state.settings)) as own:
        wordpress.add_plugin("stodkatalogen.php", lines(own.client, "plugin"))
        address = write(lines(own.client, "link"))
        page.goto(address)
        frame = page.locator("iframe[src*='/embed/frame/hotlines']")
        assert "allow-top-navigation-to-custom-protocols" in (frame.get_attribute("sandbox") or "")
        assert frame.content_frame.get_by_role("heading", name="Kvinnofridslinjen").is_visible()
        assert frame.content_frame.get_by_role("link", name="020-50 50 50").first.is_visible()
        assert seen_numbers(page) == list(NUMBERS)
    assert read_without_the_directory(browser, address) == list(NUMBERS)
