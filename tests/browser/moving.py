"""From one page to another: nothing is read before the page that was asked for is there, however slow the machine."""

from playwright.sync_api import Locator, Page


def follow(what: Locator) -> None:
    """Press a link or a button that leads to a page, and return once that page has loaded."""
    with what.page.expect_navigation():
        what.click()


def follow_by_keyboard(page: Page) -> None:
    """Press Enter on what has the focus, and return once the page it leads to has loaded."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def enter(page: Page, way_in: str) -> None:
    """Sign in by a link that was sent.

    Raises:
        AssertionError: the link did not let anybody in.
    """
    page.goto(way_in)
    follow(page.locator("main form button").first)
    assert "/connexion" not in page.url, page.url
