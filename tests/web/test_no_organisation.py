"""What a visitor reads before any CPTS was started."""

from tests.page import words


def test_a_site_without_any_cpts_says_how_to_start_one(browser):
    answer = browser.get("/")

    assert answer.status_code == 404
    assert "Aucune CPTS à cette adresse" in words(answer.get_data(as_text=True))
    assert "cpts-sessions start" in words(answer.get_data(as_text=True))
