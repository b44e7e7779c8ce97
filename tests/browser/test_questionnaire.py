"""Answering a questionnaire: between two patients on a phone, without a mouse, without JavaScript, without network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cpts_sessions.core.links import digest
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import queries, services
from cpts_sessions.questionnaires.definition import Answers, decode, source_of
from cpts_sessions.questionnaires.models import Questionnaire, Slot
from tests.browser import reading
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.live import LiveServer
from tests.browser.moving import follow
from tests.browser.test_keyboard import Keyboard
from tests.factories import make_programme
from tests.questionnaires.asked import asking_circles, present, token_of

pytestmark = pytest.mark.browser

#: A person who says all she has to say presses the screen no more often than this.
MOST_TAPS = 14


@pytest.fixture(scope="module")
def links(live_server: LiveServer) -> Iterator[str]:
    """The links of people who came to a circle, one for each test."""
    with live_server.app.app_context():
        circles = asking_circles()
        with transaction():
            db.session.get_one(Organisation, circles.organisation_id).public_url = live_server.url
        urls = [f"{live_server.url}/questionnaire/{token_of(person)}" for person in present(circles, 12)]
    return iter(urls)


@pytest.fixture
def link(links: Iterator[str]) -> str:
    """The link of somebody who has not answered yet."""
    return next(links)


@pytest.fixture(scope="module")
def every_kind(live_server: LiveServer, links: Iterator[str]) -> str:
    """The link to a questionnaire with marks and short texts."""
    with live_server.app.app_context():
        organisation = db.session.query(Organisation).one()
        source = source_of("cercle_effets") | {"titre": "Avant la séance"}
        source["items"].append({"id": "mot", "type": "texte_court", "label": "En un mot ?"})
        with transaction():
            db.session.add(
                Questionnaire(organisation_id=organisation.id, slug="gapp_eval", version=7, definition=source)
            )
        programme = make_programme(organisation, questionnaire_slug="gapp_eval")
        (person,) = present(programme, 1)
        return f"{live_server.url}/questionnaire/{token_of(person)}"


def sealed(server: LiveServer, link: str) -> Answers | None:
    """What the slot of a link holds; None when it is empty. Only a test may look."""
    with server.app.app_context():
        box = queries.box_by_token(db.session.query(Organisation).one().id, link.rpartition("/")[2])
        assert box is not None
        token_hash = digest(link.rpartition("/")[2])
        slot = db.session.query(Slot).filter_by(token_hash=token_hash).one()
        ballot = services.sealer_of(box.box).unseal(slot.id, slot.sealed)
        return decode(ballot) if ballot else None


def tap(page: Page, *words: str) -> int:
    """Press each of these words, and say how often the screen was pressed."""
    for one in words:
        page.locator("label", has=page.get_by_text(one, exact=True)).first.tap()
    return len(words)


@pytest.fixture
def thumb(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone."""
    context = chromium.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, has_touch=True, is_mobile=True, locale="fr-FR"
    )
    seen = reading.watch(context)
    yield context
    context.close()
    reading.forget(context)
    assert seen.complaints == []


def test_everything_is_said_in_fourteen_taps_and_no_cookie_is_set(live_server: LiveServer, thumb: BrowserContext, link):
    page = thumb.new_page()
    page.goto(link)
    taps = tap(page, "Non, durée un peu longue", "Bienveillante", "Équilibrée")
    for row in range(4):
        page.locator(f"label[for=c3-{row}-3]").tap()
    taps += 4 + tap(page, "Une respiration dans la semaine")
    page.locator("label[for=c5-0]").tap()
    taps += 1 + tap(page, "Horaire", "Un ou une collègue")
    page.get_by_role("button", name="Sceller mes réponses").tap()
    taps += 1

    expect(page.get_by_role("heading", name="Merci, vos réponses sont scellées")).to_be_visible()
    assert taps <= MOST_TAPS
    assert thumb.cookies() == []
    assert sealed(live_server, link) == {
        "c1": "Non, durée un peu longue",
        "c2": ["Bienveillante", "Équilibrée"],
        "c3": {
            "je peux m’exprimer librement": "Tout à fait",
            "on m’écoute sans jugement": "Tout à fait",
            "la confidentialité est respectée": "Tout à fait",
            "je trouve un soutien professionnel et humain": "Tout à fait",
        },
        "c4": ["Une respiration dans la semaine"],
        "c5": "Oui",
        "c6": ["Horaire"],
        "c7": "Un ou une collègue",
    }


def test_the_draft_stays_in_the_tab_until_it_is_sent_or_erased(live_server: LiveServer, thumb: BrowserContext, link):
    page = thumb.new_page()
    page.goto(link)
    tap(page, "Oui", "Autre")
    page.locator("#c2-precision").fill("très douce")
    page.locator("#c8").fill("Merci 🙂")
    expect(page.locator("#c8-left")).to_contain_text("caractères")
    expect(page.locator("#c8-left")).to_contain_text("193")

    page.reload()
    expect(page.locator("#c1-0")).to_be_checked()
    expect(page.locator("#c2-precision")).to_have_value("très douce")
    expect(page.locator("#c8")).to_have_value("Merci 🙂")

    page.get_by_role("button", name="Effacer le brouillon").tap()
    expect(page.locator("#c1-0")).not_to_be_checked()
    page.reload()
    expect(page.locator("#c8")).to_have_value("")
    assert page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]

    tap(page, "Oui", "Structurée")
    page.locator("label[for=c5-1]").tap()
    page.get_by_role("button", name="Sceller mes réponses").tap()
    page.wait_for_url("**/questionnaire/merci")
    assert page.evaluate("sessionStorage.length") == 0
    page.go_back()
    assert sealed(live_server, link) == {"c1": "Oui", "c2": ["Structurée"], "c5": "Non"}


def test_words_beside_another_choice_are_asked_once_it_is_ticked(thumb: BrowserContext, link):
    page = thumb.new_page()
    page.goto(link)
    expect(page.locator("#c2-precision")).to_be_hidden()
    tap(page, "Autre")
    expect(page.locator("#c2-precision")).to_be_visible()


def test_without_network_the_answers_stay_in_the_tab(live_server: LiveServer, thumb: BrowserContext, link):
    page = thumb.new_page()
    page.goto(link)
    tap(page, "Oui", "Structurée")
    page.locator("label[for=c5-0]").tap()
    thumb.set_offline(True)
    page.get_by_role("button", name="Sceller mes réponses").tap()
    expect(page.get_by_text("Pas de réseau : vos réponses restent dans cet onglet.")).to_be_visible()
    assert sealed(live_server, link) is None

    thumb.set_offline(False)
    expect(page.get_by_text("Pas de réseau : vos réponses restent dans cet onglet.")).to_be_hidden()
    page.get_by_role("button", name="Sceller mes réponses").tap()
    page.wait_for_url("**/questionnaire/merci")
    assert sealed(live_server, link) == {"c1": "Oui", "c2": ["Structurée"], "c5": "Oui"}


def test_the_question_one_is_at_is_said(page: Page, link):
    page.goto(link)
    expect(page.locator("#progression")).to_contain_text("Question 1 sur 8")
    page.locator("#c5-0").focus()
    expect(page.locator("#progression")).to_contain_text("Question 5 sur 8")


@pytest.fixture
def keyboard(chromium: Browser) -> Iterator[Keyboard]:
    """Somebody without a mouse, in a browser that runs no script."""
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": PHONE["width"], "height": PHONE["height"]}, locale="fr-FR"
    )
    yield Keyboard(context.new_page())
    context.close()


def test_a_forgotten_answer_is_found_by_keyboard_and_nothing_is_lost_without_javascript(
    live_server: LiveServer, keyboard: Keyboard, link
):
    page = keyboard.page
    page.goto(link)
    keyboard.reach("#c1-0")
    keyboard.press("Space")
    keyboard.reach("#c2-1")
    keyboard.press("Space")
    keyboard.reach("#c3-0-0")
    keyboard.press("ArrowRight")
    keyboard.write("#c8", "Merci")
    keyboard.reach("button[type=submit]")
    keyboard.follow()

    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#erreurs")).to_contain_text("1 question attend une réponse. Les autres sont gardées.")
    keyboard.reach("#erreurs a")
    keyboard.press("Enter")
    expect(page.locator("#c5-0")).to_be_focused()
    keyboard.press("Space")
    keyboard.reach("button[type=submit]")
    keyboard.press("Enter")

    page.wait_for_url("**/questionnaire/merci#c5-0")  # the link of the error, kept by the browser
    assert sealed(live_server, link) == {
        "c1": "Oui",
        "c2": ["Équilibrée"],
        "c3": {"je peux m’exprimer librement": "Plutôt non"},
        "c5": "Oui",
        "c8": "Merci",
    }


def test_a_mark_is_given_by_the_arrows_and_taken_back(live_server: LiveServer, keyboard: Keyboard, every_kind: str):
    page = keyboard.page
    page.goto(every_kind)
    keyboard.reach("#e1-none")
    keyboard.press("ArrowRight")  # after « sans réponse » comes 0
    for _ in range(3):
        keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3", exact=True).first).to_be_checked()
    keyboard.reach("#e2-none")
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowRight")
    keyboard.write("#mot", "apaisée")
    keyboard.reach("button[type=submit]")
    keyboard.press("Enter")

    page.wait_for_url("**/questionnaire/merci")
    assert sealed(live_server, every_kind) == {"e1": 3, "mot": "apaisée"}


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_can_be_read_by_everyone(chromium: Browser, every_kind: str, links, size, scheme):
    context = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    faults = []
    for url in (every_kind, next(links)):
        page.goto(url)
        faults += [(url, reading.overflow(page), *reading.axe(page))]
        page.locator("label.pick").first.click()
        follow(page.get_by_role("button", name="Sceller mes réponses"))
        faults += [(page.url, reading.overflow(page), *reading.axe(page))]
    page.goto(f"{every_kind}x")
    faults += [(page.url, reading.overflow(page), *reading.axe(page))]
    context.close()
    assert [fault for fault in faults if fault[1:] != (0,)] == []
