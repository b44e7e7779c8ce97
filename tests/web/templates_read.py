"""The sources of the page templates, for tests that read them all."""

from collections.abc import Iterator

from cpts_sessions.core.paths import beside


def every_template() -> Iterator[tuple[str, str]]:
    """The name and the source of each page template."""
    folder = beside("templates")
    for path in sorted(folder.rglob("*.html")):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
