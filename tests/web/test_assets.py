"""Static files are named by their content, kept for ever by browsers, and compressed."""

import gzip
from pathlib import Path

import pytest

from cpts_sessions.web import assets, templating
from tests.web.components_site import components_site


def test_a_stylesheet_names_what_it_refers_to_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "a.woff2").write_bytes(b"font")
    (tmp_path / "css" / "in.css").write_text("p{}")
    (tmp_path / "css" / "out.css").write_text(
        "@import url('in.css') layer(x);a{src:url(../a.woff2)}b{c:url(\"data:image/svg+xml,x\")}"
    )
    made = assets.Assets(tmp_path)
    inner, font = made.url("css/in.css"), made.url("a.woff2")
    assert made.bodies["css/out.css"].decode() == (
        f'@import url("{inner}") layer(x);a{{src:url("{font}")}}b{{c:url("data:image/svg+xml,x")}}'
    )
    before = made.url("css/out.css")
    (tmp_path / "a.woff2").write_bytes(b"another")
    assert assets.Assets(tmp_path).url("css/out.css") != before


def test_a_module_names_what_it_imports_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "qr.js").write_text("export const a = 1;")
    (tmp_path / "js" / "page.js").write_text(
        "import {a} from '../vendor/qr.js';\nconst b = await import(\"../vendor/qr.js\");\nconst c = 'from ./qr.js';"
    )
    made = assets.Assets(tmp_path)
    inner = made.url("vendor/qr.js")
    assert made.bodies["js/page.js"].decode() == (
        f'import {{a}} from "{inner}";\nconst b = await import("{inner}");\nconst c = \'from ./qr.js\';'
    )


def test_stylesheets_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import url("b.css");')
    (tmp_path / "b.css").write_text('@import url("a.css");')
    with pytest.raises(ValueError, match=r"a\.css refers to itself through a\.css, b\.css"):
        assets.Assets(tmp_path)


def test_a_static_file_is_kept_for_ever_and_compressed() -> None:
    client = components_site().test_client()
    url = templating.assets().url("css/app.css")
    packed = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(url)
    assert gzip.decompress(packed.data) == plain.data == templating.assets().bodies["css/app.css"]
    assert {name: packed.headers[name] for name in ("Content-Type", "Content-Encoding", "Vary", "Cache-Control")} == {
        "Content-Type": 'text/css; charset="utf-8"',
        "Content-Encoding": "gzip",
        "Vary": "Accept-Encoding",
        "Cache-Control": "max-age=315360000, public, immutable",
    }
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_a_static_file_is_not_sent_twice_nor_changed() -> None:
    client = components_site().test_client()
    url = templating.assets().url("icons/icons.svg")
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    asked = client.head(url)
    assert (again.status_code, again.data, asked.status_code, asked.data) == (304, b"", 200, b"")
    assert (client.post(url).status_code, client.get("/static/css/app.css").status_code) == (405, 404)


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False), ("x-gzip-not", False)],
)
def test_gzip_is_sent_to_those_who_read_it(header: str, accepted: bool) -> None:
    assert assets.accepts_gzip(header) == accepted


def test_what_a_stylesheet_says_to_its_authors_is_not_sent_a_licence_is(tmp_path):
    (tmp_path / "own.css").write_text("/*! MIT */\n/* why\n so */\na,\nb{color:red;\n  margin:0}\nmain\np{top:0}\n")

    assert assets.Assets(tmp_path).bodies["own.css"] == b"/*! MIT */\n\na,b{color:red;margin:0}main\np{top:0}"
