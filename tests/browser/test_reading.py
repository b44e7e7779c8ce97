"""The readers of pages see what they are there to see."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.browser.live import LiveServer
from tests.browser.reading import axe, no_third_party, overflow, watch

STRICT = "default-src 'none'; style-src 'self'; script-src 'self'"
GOOD = '<!doctype html><html lang="fr"><title>Bien</title><main><h1>Bonjour</h1><p>Une page.</p></main></html>'
NO_LABEL = GOOD.replace("<p>Une page.</p>", '<input name="prenom">')
FOREIGN = GOOD.replace("Une page.", '<img alt="Un point" src="http://127.0.0.2:9/point.png">')
INLINE = GOOD.replace("Une page.", "<script>document.title = 'Mal'</script>")
WIDE = GOOD.replace("Une page.", "<svg width=500 height=10></svg>")
PAGES = {"/bien": GOOD, "/sans-label": NO_LABEL, "/ailleurs": FOREIGN, "/script": INLINE, "/large": WIDE}


class Pages(BaseHTTPRequestHandler):
    """A site with one good page and one page for each fault."""

    def do_GET(self):
        """Send the page, under a policy that allows no inline script."""
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.path != "/ailleurs":
            self.send_header("Content-Security-Policy", STRICT)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of that site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_axe_finds_nothing_on_a_good_page_under_a_strict_policy(page: Page, site: str):
    page.goto(f"{site}/bien")

    assert axe(page) == []


def test_axe_finds_a_field_without_label(page: Page, site: str):
    page.goto(f"{site}/sans-label")

    assert [line.partition(":")[0] for line in axe(page)] == ["label"]


def test_a_request_to_another_site_is_seen(page: Page, site: str):
    page.goto(f"{site}/ailleurs")

    assert no_third_party(page) == ["http://127.0.0.2:9/point.png"]
    watch(page.context).requests.clear()


def test_a_script_that_the_policy_refuses_is_seen(page: Page, site: str):
    page.goto(f"{site}/script")

    complaints = watch(page.context).complaints
    assert [("inline script" in line, page.title()) for line in complaints] == [(True, "Bien")]
    complaints.clear()


def test_a_page_wider_than_a_phone_is_seen(phone: Page, site: str):
    phone.goto(f"{site}/bien")
    assert overflow(phone) == 0

    phone.goto(f"{site}/large")
    assert overflow(phone) > 100


def test_the_real_server_says_that_no_worker_runs(page: Page, live_server: LiveServer):
    answer = page.goto(f"{live_server.url}/healthz")

    assert answer is not None
    assert answer.status == 503
