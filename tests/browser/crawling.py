"""Every page that one may reach by following links, as one of the roles."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

#: How many addresses of one route are followed.
EXAMPLES = 4
#: Addresses asked for, at most, as one role.
BOUND = 400

_LEADING = {"a": ("href",), "img": ("src",), "iframe": ("src",), "link": ("href",)}
_PUBLIC_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Found:
    """One answer of the site."""

    path: str
    endpoint: str
    status: int
    is_page: bool  # HTML, not a file
    look: frozenset[str]  # the classes and elements it is made of


class _Reader(HTMLParser):
    """Collects where a page leads, what it shows of other addresses, and what it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.look: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where a link leads, and each class of each kind of element."""
        given = dict(attrs)
        self.links += [given[name] or "" for name in _LEADING.get(tag, ()) if given.get(name)]
        self.look |= {f"{tag}.{one}" for one in (given.get("class") or "").split()} | {tag}


def crawl(context: BrowserContext, app: Flask, site: str, starts: Iterable[str]) -> list[Found]:
    """Follow every link of this site breadth-first from these paths, with the cookies of a browser.

    Besides these paths, nothing is asked for beyond EXAMPLES addresses of one route and BOUND in all. A link that
    leads nowhere is in the list too, with its status.
    """
    urls = app.url_map.bind(urlsplit(site).netloc)
    waiting = deque(dict.fromkeys(starts))
    given, seen, asked, found = set(waiting), set(waiting), dict[str, int](), list[Found]()
    while waiting and len(found) < BOUND:
        path = waiting.popleft()
        endpoint = _endpoint(urls, path)
        asked[endpoint] = asked.get(endpoint, 0) + 1
        if asked[endpoint] > EXAMPLES and path not in given:
            continue
        answer = context.request.get(f"{site}{path}")
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        reader = _Reader()
        reader.feed(answer.text() if is_page else "")
        arrived = answer.url.removeprefix(site)
        if _endpoint(urls, arrived) != endpoint:  # it only leads elsewhere
            found.append(Found(path, endpoint, answer.status, False, frozenset()))
        found.append(Found(arrived, _endpoint(urls, arrived), answer.status, is_page, frozenset(reader.look)))
        for link in _within(site, answer.url, reader.links):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return found


def of_each_look(found: Iterable[Found]) -> Iterator[Found]:
    """Give the pages worth looking at: the first of each route, and those made of something it had not shown yet."""
    shown: dict[str, set[str]] = {}
    for one in found:
        if not one.is_page:
            continue
        before = shown.setdefault(one.endpoint, set())
        if not before or one.look - before:
            yield one
        before |= one.look


def _within(site: str, page: str, links: Iterable[str]) -> Iterator[str]:
    """Give the paths, with their queries, of the links that stay on this site."""
    for link in links:
        absolute = urldefrag(urljoin(page, link)).url
        if absolute.startswith(f"{site}/"):
            yield absolute.removeprefix(site)


def _endpoint(urls: MapAdapter, path: str) -> str:
    """Return the name of the route; when there is none, the path without what tells one row from another."""
    try:
        endpoint, _ = urls.match(urlsplit(path).path)
    except RequestRedirect as elsewhere:
        return _endpoint(urls, urlsplit(elsewhere.new_url).path)
    except HTTPException:
        return _PUBLIC_ID.sub("…", path)
    return str(endpoint)
