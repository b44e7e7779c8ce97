import hashlib
import re

from cpts_sessions.web.assets import STATIC
from cpts_sessions.web.templating import icon_names
from tests.web.templates_read import every_template

LISTED = [line.split() for line in (STATIC / "vendor/CHECKSUMS.txt").read_text().splitlines()]


def test_every_file_written_by_others_is_the_one_that_was_fetched() -> None:
    found = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for _, name, _ in LISTED}
    assert found == {name: checksum for checksum, name, _ in LISTED}


def test_every_file_written_by_others_is_listed_with_its_version() -> None:
    theirs = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts", "icons")
        for path in (STATIC / folder).iterdir()
        if path.name != "CHECKSUMS.txt"
    }
    assert theirs == {name for _, name, _ in LISTED}
    assert all(re.fullmatch(r"@?[\w/-]+@\d+\.\d+\.\d+", package) for _, _, package in LISTED)


def test_each_package_comes_with_its_licence() -> None:
    licensed = {package for _, name, package in LISTED if re.search(r"LICENSE|OFL", name)}
    assert licensed == {package for _, _, package in LISTED}


def test_every_icon_named_by_a_template_is_drawn() -> None:
    named = {name for _, source in every_template() for name in re.findall(r"\bi\(\"([a-z0-9-]+)\"", source)}
    assert named - icon_names() == set()


def test_no_template_nor_stylesheet_asks_another_site() -> None:
    sources = [*every_template(), *((p.name, p.read_text()) for p in (STATIC / "css").iterdir())]
    strangers = [
        (name, found)
        for name, source in sources
        for found in re.findall(
            r"(?:src=[\"']?|<link[^>]*href=[\"']?|url\([\"']?|@import\s+[\"'])(?:https?:)?//[^\s\"')]+", source
        )
    ]
    assert strangers == []
