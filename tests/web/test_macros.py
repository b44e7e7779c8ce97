from collections.abc import Iterable
from enum import StrEnum

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.mail.models import MessageStatus
from cpts_sessions.programmes.models import SessionStatus
from cpts_sessions.registrations.models import Status
from tests.page import words
from tests.web.components_site import ExampleForm, components_site


@pytest.fixture(scope="module")
def site() -> Flask:
    return components_site()


def rendered(site: Flask, macro_file: str, call: str, **context: object) -> str:
    name = call.partition("(")[0]
    with site.test_request_context():
        return render_template_string(
            f'{{% from "macros/{macro_file}.html" import {name} %}}{{{{ {call} }}}}', **context
        )


@pytest.mark.parametrize(
    ("badge", "statuses", "said"),
    [
        (
            "registration_badge",
            Status,
            "Demande en cours|Place réservée|Place proposée|En attente|Sans inscription|Désinscription|Pas cette fois",
        ),
        ("session_badge", SessionStatus, "En préparation|Ouverte|Close|Annulée"),
        ("attendance_badge", AttendanceStatus, "Présence|Absence|Absence excusée"),
        (
            "outbox_badge",
            MessageStatus,
            "À envoyer|En cours d'envoi|Envoyé|Non parti|Retenu (démonstration)|Devenu inutile",
        ),
    ],
)
def test_every_stored_status_has_its_word(site: Flask, badge: str, statuses: Iterable[StrEnum], said: str) -> None:
    shown = [words(rendered(site, "badges", f"{badge}(status)", status=status)) for status in statuses]
    assert "|".join(shown) == said


def test_someone_waiting_knows_her_rank(site: Flask) -> None:
    assert words(rendered(site, "badges", 'registration_badge("waiting", 1)')) == "En attente, 1re"


@pytest.mark.parametrize(
    ("page", "total", "links"),
    [
        (1, 1, ""),
        (1, 2, "Page 1 Page 2 Page suivante"),
        (4, 9, "Page précédente Page 1 … Page 3 Page 4 Page 5 … Page 9 Page suivante"),
        (3, 3, "Page précédente Page 1 Page 2 Page 3"),
    ],
)
def test_pages_are_named_and_far_ones_left_out(site: Flask, page: int, total: int, links: str) -> None:
    assert words(rendered(site, "pagination", f'pagination({page}, {total}, "/?page=")')) == links


@pytest.mark.parametrize(
    ("capacity", "taken", "mine", "seats"),
    [
        (4, 1, "false", {"t": 1, "f": 3, "me": 0}),
        (4, 2, "true", {"t": 1, "f": 2, "me": 1}),
        (4, 4, "false", {"t": 4, "f": 0, "me": 0}),
        (25, 4, "false", {"t": 0, "f": 0, "me": 0}),
    ],
)
def test_the_ring_has_a_seat_for_each_place(
    site: Flask, capacity: int, taken: int, mine: str, seats: dict[str, int]
) -> None:
    drawn = rendered(site, "dates", f"ring({capacity}, {taken}, {mine})")
    assert {kind: drawn.count(f'class="{kind}"') for kind in seats} == seats


def test_one_act_is_one_form_with_its_token_and_values(site: Flask) -> None:
    site.jinja_env.globals["csrf_token"] = lambda: "token"
    button = rendered(site, "buttons", 'post_button("/x", "Je prends l\'une", "quiet", values={"n": "<2>"})')
    assert button == (
        '<form class="act" method="post" action="/x"><input type="hidden" name="csrf_token" value="token">'
        '<input type="hidden" name="n" value="&lt;2&gt;">'
        '<button type="submit" class="quiet">Je prends l’une</button></form>'
    )


def test_a_refusal_of_a_rule_is_said_above_the_form(site: Flask) -> None:
    with site.test_request_context():
        form = ExampleForm(formdata=None)
        form.form_errors.append("La séance est complète : revenez.")
        summary = render_template_string(
            '{% from "macros/fields.html" import error_summary %}{{ error_summary(form) }}', form=form
        )
    assert words(summary) == "La séance est complète : revenez."


def test_a_form_without_fault_has_no_summary(site: Flask) -> None:
    with site.test_request_context():
        form = ExampleForm(formdata=None)
        page = render_template_string(
            '{% from "macros/fields.html" import error_summary %}{{ error_summary(form) }}', form=form
        )
    assert page == ""


@pytest.mark.parametrize(("answer", "errors"), [({}, 0), ({"fatigue": "3"}, 0), ({"fatigue": "99"}, 1)])
def test_radios_may_be_left_alone_but_not_invented(site: Flask, answer: dict[str, str], errors: int) -> None:
    with site.test_request_context():
        form = ExampleForm(formdata=MultiDict({"prenom": "Nadia", **answer}))
        form.validate()
    assert len(form.fatigue.errors) == errors
