"""The guides, read in the application by who coordinates."""

import re
from urllib.parse import unquote

import pytest

from cpts_sessions.web import guides
from tests.browsing import page_words, sign_in
from tests.factories import make_coordinator, make_organisation

PAGE = "/coordination/guide"


@pytest.fixture
def here(app, clock, browser):
    """The browser of who coordinates."""
    sign_in(browser, make_coordinator(make_organisation()))
    return browser


@pytest.mark.parametrize("name", guides.GUIDES)
def test_every_address_of_a_guide_opens(here, name):
    text = here.get(f"{PAGE}/{name}").text
    guide = unquote(text[text.index('<div class="guide">') : text.index("</main>")])
    addresses = re.findall(r'(?:src|href)="([^"]+)"', guide)

    assert [one for one in addresses if not one.startswith("#") and here.get(one).status_code != 200] == []
    assert [one for one in addresses if one.startswith("#") and f'id="{one[1:]}"' not in guide] == []
    assert 'src="/coordination/guide/images/' in guide


def test_a_link_to_a_document_that_is_not_served_keeps_its_words(here):
    page = here.get(f"{PAGE}/administration")

    assert "Exploiter l'application, chaque réglage dans Les réglages." in page_words(page)
    assert "exploitation.md" not in page.text


def test_the_settings_lead_to_the_guide(here):
    assert f'<a href="{PAGE}/coordination">Lire le guide</a>' in here.get("/coordination/reglages").text


def test_no_other_file_is_given(here):
    assert here.get(f"{PAGE}/README").status_code == 404
    assert here.get(f"{PAGE}/images/../coordination.png").status_code == 404
    assert here.get(f"{PAGE}/images/personne.png").status_code == 404
