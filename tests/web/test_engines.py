"""What search engines, and messages that hold an address, are told."""

from datetime import timedelta
from xml.etree import ElementTree

import html5lib

from tests.factories import STARTS_AT, make_circles, make_group_session, make_organisation, make_programme

XMLNS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def meta(browser, path):
    """The description and the OpenGraph tags of a page."""
    tree = html5lib.parse(browser.get(path).get_data(as_text=True), namespaceHTMLElements=False)
    named = {one.get("property") or one.get("name"): one.get("content", "") for one in tree.iter("meta")}
    return {
        name: text.replace("\u00a0", " ") for name, text in named.items() if name and name.startswith(("og", "desc"))
    }


def test_the_sitemap_holds_the_agenda_and_what_one_may_sign_up_to(browser, organisation, programme):
    announced = make_group_session(programme)
    for status in ("draft", "cancelled", "held"):
        make_group_session(programme, status=status)
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=300))

    answer = browser.get("/sitemap.xml")

    tree = ElementTree.fromstring(answer.data)
    base = organisation.public_url
    found = [one.text for one in tree.iter(f"{XMLNS}loc")]
    assert found == [f"{base}/", f"{base}/seances/{announced.public_id}"]
    assert [one.text for one in tree.iter(f"{XMLNS}lastmod")] == ["2026-11-02"]
    assert answer.mimetype == "application/xml"
    assert "Set-Cookie" not in answer.headers


def test_each_cpts_has_its_own_sitemap_under_its_own_address(browser, organisation):
    other = make_organisation(slug="autre", public_url="https://autre.example.org")
    theirs = make_group_session(make_programme(other))

    ours = browser.get("/sitemap.xml").get_data(as_text=True)
    its = browser.get("/sitemap.xml", base_url="https://autre.example.org").get_data(as_text=True)

    assert str(theirs.public_id) not in ours
    assert f"<loc>https://autre.example.org/seances/{theirs.public_id}</loc>" in its


def test_robots_may_read_the_agenda_and_the_sessions_only(browser, organisation):
    text = browser.get("/robots.txt").get_data(as_text=True)

    assert text.splitlines()[-2:] == ["Disallow: /", f"Sitemap: {organisation.public_url}/sitemap.xml"]
    assert [line for line in text.splitlines() if line.startswith("Allow")][:2] == ["Allow: /$", "Allow: /seances/"]


def test_an_address_shared_says_when_where_and_whether_there_are_places(browser, organisation, programme):
    group_session = make_group_session(programme, capacity=3)
    path = f"/seances/{group_session.public_id}"

    found = meta(browser, path)

    assert found["og:title"] == "GAPP, lundi 16 novembre à 20 h"
    assert found["og:description"].endswith(
        "Ambreville. Il reste 3 places. Inscription sans compte, en trente secondes."
    )
    assert found["og:url"] == organisation.public_url + path


def test_a_confidential_address_shared_is_neutral(browser, organisation):
    circle = make_group_session(make_circles(organisation))

    found = meta(browser, f"/seances/{circle.public_id}")

    assert found["og:title"] == "Réunion CPTS, lundi 16 novembre à 20 h"
    assert [word for word in ("arole", "Tilleuls", "Maison") if word in "".join(found.values())] == []


def test_no_picture_nor_other_site_is_named(browser, programme):
    assert "og:image" not in meta(browser, "/")
    assert meta(browser, "/")["og:title"] == "Les prochaines séances"
