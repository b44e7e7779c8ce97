"""« Faire connaître »: the poster, the newsletter, the agendas, the block for another site."""

from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from pypdf import PdfReader

from cpts_sessions.core.transaction import transaction
from cpts_sessions.registrations import newsletter
from cpts_sessions.registrations.poster import poster, poster_values
from tests.attendance.test_papers import picture
from tests.browsing import page_words
from tests.counting_queries import statements
from tests.factories import STARTS_AT, make_circles, make_group_session, make_programme, signed_up


def read(pdf):
    """The pages of a document, as somebody reads them."""
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in PdfReader(BytesIO(pdf)).pages]


def weekly(programme, count, **changes):
    return [
        make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=week), **changes) for week in range(count)
    ]


def test_the_poster_shows_six_dates_at_most_on_one_page_and_how_to_sign_up(organisation, programme):
    weekly(programme, 8)

    (page,) = read(poster(organisation))

    assert page.count("de 20 h à 22 h") == 6
    assert "Il y a une place pour vous" in page
    assert "Je m’inscris en 30 secondes" in page
    assert organisation.mail_address in page


def test_the_poster_leaves_out_what_one_cannot_sign_up_to(organisation, programme):
    weekly(programme, 1, status="draft")
    weekly(programme, 1, status="cancelled")
    weekly(programme, 1, closes_at=STARTS_AT - timedelta(days=300))

    (page,) = read(poster(organisation))

    assert "Les prochaines dates arrivent bientôt." in page
    assert "de 20 h" not in page


def test_the_poster_of_a_confidential_programme_says_the_town_and_stays_neutral_outside_its_page(organisation):
    circles = make_circles(organisation)
    weekly(circles, 2)

    document = poster(organisation, circles)

    (page,) = read(document)
    assert "Ambreville" in page
    assert "Tilleuls" not in page
    assert "arole" not in str(PdfReader(BytesIO(document)).metadata)


def test_a_poster_stays_on_one_page_whatever_the_names(organisation):
    long = "Groupe d’analyse des pratiques professionnelles, pluriprofessionnel et territorial de l’Ambre"
    programme = make_programme(organisation, slug="long", name=long)
    weekly(programme, 6, place_name="Maison pluriprofessionnelle de santé universitaire " * 3, is_discovery=True)
    with transaction():
        organisation.name = "Communauté professionnelle territoriale de santé du Val d’Ambre et des Trois Vallées"

    assert len(read(poster(organisation, programme))) == 1


def test_the_code_of_a_poster_opens_the_dates_of_its_programme(organisation, programme):
    (code,) = zxingcpp.read_barcodes(picture("poster", poster_values(organisation, programme)))

    assert code.text == f"{organisation.public_url}/?dispositif={programme.public_id}"


def test_two_programmes_have_a_column_each_and_three_are_named_at_each_date(organisation, programme):
    weekly(programme, 1)
    weekly(make_circles(organisation), 1)
    two = read(poster(organisation))[0]
    weekly(make_programme(organisation, slug="autre", name="Autres", session_title="Autre temps"), 1)

    three = read(poster(organisation))[0]

    assert "Cercles de paroles" in two
    assert "Autre temps, de 20 h à 22 h" in three


def test_the_coordination_downloads_posters_under_a_neutral_name(coordinator, organisation):
    circles = make_circles(organisation)

    for path in ("/coordination/affiche.pdf", f"/coordination/dispositifs/{circles.public_id}/affiche.pdf"):
        answer = coordinator.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="affiche.pdf"'


def test_the_newsletter_says_todays_dates_and_places(organisation, programme):
    first, second = weekly(programme, 2, capacity=1)

    (before,) = newsletter.paragraphs(organisation)
    for one in (first, second):
        signed_up(one)
    (after,) = newsletter.paragraphs(organisation)

    plain = before.text.replace("\u00a0", " ")
    assert before.title.replace("\u00a0", " ") == "GAPP : les prochaines dates"
    assert plain.startswith("Deux heures entre professionnels de santé de métiers différents")
    assert "Prochaines séances : lundi 16 novembre à 20 h et lundi 23 novembre à 20 h, Maison de santé" in plain
    assert "Des places sont libres." in plain
    assert f"{organisation.public_url}/?dispositif={programme.public_id}" in plain
    assert "Complet, liste d’attente ouverte." in after.text.replace("\u00a0", " ")


def test_the_newsletter_says_that_the_dates_of_a_training_go_together(organisation):
    weekly(make_programme(organisation, slug="formation", name="Formation", action=None, goes_together=True), 2)
    (paragraph,) = newsletter.paragraphs(organisation)
    plain = " ".join(paragraph.text.replace("\u00a0", " ").replace("\u202f", " ").split())
    assert "Des dates qui vont ensemble : lundi 16 novembre à 20 h et lundi 23 novembre à 20 h" in plain


def test_the_newsletter_says_only_the_town_of_a_confidential_date_and_computes_how_long_it_lasts(organisation):
    circles = make_circles(organisation)
    make_group_session(circles, ends_at=STARTS_AT + timedelta(minutes=90))

    (paragraph,) = newsletter.paragraphs(organisation)

    assert paragraph.text.startswith("Une heure et demie pour souffler")
    assert ("Ambreville" in paragraph.text, "Tilleuls" in paragraph.text) == (True, False)


def test_the_page_holds_everything_to_copy(coordinator, organisation, programme):
    weekly(programme, 1)

    answer = coordinator.get("/coordination/faire-connaitre")

    shown, html = page_words(answer), answer.get_data(as_text=True)
    assert "GAPP : les prochaines dates" in shown
    assert f"{organisation.public_url}/agenda.ics" in shown
    assert f"{organisation.public_url}/dispositifs/{programme.public_id}.ics" in shown
    assert f"&lt;script src=&#34;{organisation.public_url}/bloc.js&#34; async&gt;" in html


def test_the_block_may_be_framed_by_anybody_and_no_other_page_may(browser, organisation, programme):
    group_session = make_group_session(programme)
    signed_up(group_session, first_name="Clémence", last_name="Zérézo")

    answer = browser.get("/bloc")

    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert [name for name in ("Set-Cookie", "X-Frame-Options") if name in answer.headers] == []
    assert '<base target="_top">' in answer.get_data(as_text=True)
    assert f"/seances/{group_session.public_id}" in answer.get_data(as_text=True)
    assert "Zérézo" not in answer.get_data(as_text=True)
    for path in ("/", f"/seances/{group_session.public_id}", f"/seances/{group_session.public_id}/inscription"):
        assert "frame-ancestors 'none'" in browser.get(path).headers["Content-Security-Policy"]


def test_the_block_shows_the_next_dates_one_can_sign_up_to_however_many_others_come_first(
    browser, organisation, programme
):
    weekly(programme, 19, status="cancelled")
    weekly(programme, 1, status="draft")
    weekly(programme, 1, closes_at=STARTS_AT - timedelta(days=300))
    weekly(programme, 1, opens_at=STARTS_AT - timedelta(minutes=1))
    later = [make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=30 + n)) for n in range(6)]

    answer = browser.get("/bloc")

    html = answer.get_data(as_text=True)
    shown = [one for one in later if f"/seances/{one.public_id}" in html]
    assert (shown, html.count("/seances/")) == (later[:5], 5)
    assert "Voir tout l'agenda" in page_words(answer)


def test_the_block_says_when_no_date_is_open(browser, organisation):
    assert "Les prochaines dates arrivent bientôt." in page_words(browser.get("/bloc"))


def test_the_script_of_the_block_is_a_script_and_leaves_no_cookie(browser, organisation):
    answer = browser.get("/bloc.js")

    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert b"event.origin === site" in answer.data


@pytest.mark.parametrize("count", [1, 3])
def test_the_block_asks_as_little_for_three_dates_as_for_one(browser, programme, count):
    weekly(programme, count)
    browser.get("/bloc")

    with statements() as sent:
        browser.get("/bloc")

    assert len([one for one in sent if "FROM group_session" in one]) <= 2
