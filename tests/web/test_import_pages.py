"""A file enters in two steps: what it would do is shown, then done, without sending it again."""

import os
import re
from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from cpts_sessions.attendance import import_trial
from cpts_sessions.attendance.import_trial import harmless
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registers.models import HelpRequest
from cpts_sessions.registrations.models import Enrolment
from tests.browsing import sign_in, submit, token_of
from tests.conftest import NOW
from tests.factories import make_coordinator, make_group_session, make_person
from tests.page import words
from tests.web.coordination import after, stored, text_of

PAGE = "/coordination/import"
SESSIONS = "/coordination/import/seances"
TITLES = "prénom;nom;e-mail;profession;membre\n"
GOOD = f"{TITLES}Léa;Durand;lea@example.org;sage-femme;oui\nZoé;Roy;;sage-femme;non\n"
BAD = f"{TITLES}Léa;Durand;lea@example.org;sage-femme;oui\nTom;Petit;tom@example;sage-femme;non\n"


def upload(browser, text, path=PAGE, **fields):
    """Send a file as its page asks for it; the body is built here, so that no temporary file stays open."""
    data = text if isinstance(text, bytes) else text.encode()
    sent = {"dispositif": "", **fields, "csrf_token": token_of(browser.get(path))}
    boundary, body = encode_multipart({**sent, "fichier": FileStorage(BytesIO(data), "personnes.csv")})
    return browser.post(
        path,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Origin": "http://localhost", "Referer": f"http://localhost{path}"},
    )


def tried(browser, text, path=PAGE, **fields):
    """Send a file; return the address of its trial and the words there."""
    response = upload(browser, text, path, **fields)
    assert response.status_code == 303, words(response.get_data(as_text=True))
    return response.location, text_of(browser, response.location)


def waiting(app):
    """The files that wait in the data directory."""
    folder = app.config["SETTINGS"].data_dir / "imports"
    return sorted(folder.glob("*")) if folder.exists() else []


@pytest.fixture(autouse=True)
def no_file_waits(app):
    """Leave no file to the next test."""
    yield
    for path in waiting(app):
        path.unlink()


def persons():
    return sorted(one.last_name for one in stored(Person) if one.last_name in ("Durand", "Petit", "Roy"))


def test_the_trial_says_line_by_line_what_will_happen_and_writes_nothing(app, coordinator):
    _, page = tried(coordinator, GOOD)

    for told in (
        "Rien n'est encore enregistré.",
        "Lignes lues : 2. À créer : 2. À mettre à jour : 0. Inchangées : 0. Refusées : 0.",
        "2 Léa Durand à créer",
        "Ligne 3 : pas d'adresse e-mail pour Zoé Roy.",
        "Enregistrer ces 2 lignes",
    ):
        assert told in page
    assert persons() == []


def test_the_second_step_writes_everything_once_and_forgets_the_file(app, coordinator):
    url, _ = tried(coordinator, GOOD)

    told = after(coordinator, submit(coordinator, url))
    again = coordinator.get(url)

    assert "Import terminé. Créées : 2. Mises à jour : 0. Inchangées : 0." in told
    assert persons() == ["Durand", "Roy"]
    assert waiting(app) == []
    assert (again.status_code, again.location) == (303, PAGE)
    assert "Ce fichier n'attend plus" in after(coordinator, again)


def test_a_season_is_counted_with_its_mails_before_it_is_written(coordinator, programme, clock):
    make_group_session(programme)
    url, page = tried(coordinator, GOOD, dispositif="gapp", annee="2026")

    assert "à créer et à inscrire au dispositif pour 2026" in page
    number = int(re.search(r"Messages? à écrire : (\d+)\.", page).group(1))
    before = stored(OutboxMessage).count()
    submit(coordinator, url)
    assert number > 0
    assert stored(OutboxMessage).count() - before == number
    assert stored(Enrolment).count() == 2


def test_without_messages_nobody_is_told(coordinator, programme, clock):
    make_group_session(programme)
    url, page = tried(coordinator, GOOD, dispositif="gapp", annee="2026", sans_messages="y")
    before = stored(OutboxMessage).count()
    submit(coordinator, url)

    assert "Sans message : personne n'est prévenu." in page
    assert stored(OutboxMessage).count() == before


def test_a_refused_line_keeps_the_whole_file_out_and_can_be_downloaded(coordinator):
    url, page = tried(coordinator, BAD)

    assert "1 ligne est refusée : rien ne sera enregistré tant qu'elle n'est pas corrigée. C'est tout ou rien." in page
    assert "Enregistrer ces" not in page
    answer = coordinator.get(f"{url}/lignes-refusees.csv")
    assert answer.get_data(as_text=True).replace("\u00a0", " ").splitlines() == [
        "\ufeffprénom;nom;e-mail;profession;membre;Motif du refus",
        "Tom;Petit;tom@example;sage-femme;non;"
        "Ligne 3 : « tom@example » n’est pas une adresse e-mail. Vérifiez l’arobase et la fin.",
    ]
    assert persons() == []


def test_a_line_refused_since_the_trial_still_keeps_everything_out(coordinator, organisation):
    url, _ = tried(coordinator, f"{TITLES[:-1]};RPPS\nLéa;Durand;lea@example.org;sage-femme;oui;10100000004\n")
    submit(
        coordinator,
        "/coordination/personnes/nouvelle",
        prenom="Une",
        nom="Autre",
        profession="sage-femme",
        rpps="10100000004",
    )

    response = submit(coordinator, url)

    assert response.status_code == 422
    assert "1 ligne est refusée" in words(response.get_data(as_text=True))
    assert persons() == []


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SOMME(A1)", "'@SOMME(A1)"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("\t=1", "'\t=1"),
        ("Léa", "Léa"),
        ("", ""),
    ],
)
def test_no_cell_that_is_given_back_is_a_formula(cell, safe):
    assert harmless(cell) == safe


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Ce fichier est vide (0 octet)."),
        (b"%PDF-1.4 rien", "Ce fichier n'est pas un tableau CSV ou Excel."),
        (b"nom;ville\nRoy;Ici\n", "Il manque la colonne « "),
        (b"x" * 10_000_001, "la limite est de 10 Mo."),
    ],
)
def test_a_bad_file_gets_a_sentence_and_is_not_kept(app, coordinator, data, sentence):
    response = upload(coordinator, data)

    assert response.status_code == 422
    assert sentence in words(response.get_data(as_text=True))
    assert waiting(app) == []


def test_a_file_beyond_what_the_site_takes_is_refused_with_a_sentence(coordinator):
    response = upload(coordinator, b"x" * 13_000_000)

    assert response.status_code == 413
    assert "La limite est de 10 Mo. Rien n'a été enregistré." in words(response.get_data(as_text=True))


def test_no_file_or_a_programme_without_its_year_is_asked_back(coordinator, programme):
    nothing = submit(coordinator, PAGE, dispositif="")
    no_year = upload(coordinator, GOOD, dispositif="gapp", annee="")

    assert "Choisissez un fichier." in words(nothing.get_data(as_text=True))
    assert "Indiquez l'année de la saison." in words(no_year.get_data(as_text=True))


def test_nobody_else_opens_a_file_that_waits(app, coordinator, organisation):
    url, _ = tried(coordinator, GOOD)
    other = app.test_client()
    sign_in(other, make_coordinator(organisation, first_name="Une", last_name="Autre"))

    assert other.get(url).status_code == 303
    assert other.get(f"{url}/lignes-refusees.csv").status_code == 404
    assert coordinator.get(url.replace("personnes", "seances")).status_code == 303


def test_a_file_waits_an_hour_and_only_the_application_reads_it(app, coordinator, clock):
    url, _ = tried(coordinator, GOOD)
    (path,) = waiting(app)
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    assert import_trial.forget_old() == 0

    clock.move_to(NOW + timedelta(hours=1, seconds=1))
    assert coordinator.get(url).status_code == 303
    assert import_trial.forget_old() == 1
    assert waiting(app) == []


@pytest.mark.parametrize("token", ["..%2F..%2Fmaster", "1793610000-" + "a" * 31, "1793610000-" + "a" * 32])
def test_a_token_that_was_never_given_opens_nothing(coordinator, token):
    assert coordinator.get(f"{PAGE}/personnes/{token}").status_code in (303, 404)


def test_sessions_enter_by_the_same_two_steps(coordinator, programme, clock):
    text = "dispositif;date;début;fin\nGAPP;2026-12-08;20 h;22 h\nGAPP;2025-03-19;20:00;22:00\n"
    response = submit(coordinator, SESSIONS, fichier=(BytesIO(text.encode()), "seances.csv"))
    page = text_of(coordinator, response.location)
    told = after(coordinator, submit(coordinator, response.location))

    assert "Enregistrer ces 2 lignes" in page
    assert "Import terminé. Créées : 2." in told
    assert [one.status for one in stored(GroupSession).order_by(GroupSession.starts_at)] == ["held", "open"]


PRESENCES = "/coordination/import/presences"


def test_the_presences_of_a_year_that_began_elsewhere_are_tried_then_written(coordinator, programme, organisation):
    make_group_session(programme, starts_at=NOW - timedelta(days=60), status="held")
    day = (NOW - timedelta(days=60)).date()
    make_person(organisation, email="lea@example.org")
    make_person(organisation, email=None, first_name="Tom", last_name="Petit")
    file = f"date;e-mail;statut;prénom;nom\n{day};lea@example.org;présent;;\n{day};;absent;Tom;Petit\n"

    url, page = tried(coordinator, file, PRESENCES, dispositif=programme.slug)
    assert "Lignes lues : 2. À créer : 2." in page
    assert f"3 {day}, Tom Petit à créer" in page
    assert "Sans message : personne n'est prévenu." in page
    assert stored(Attendance).count() == 0
    done = submit(coordinator, url)

    assert "Import terminé. Créées : 2." in after(coordinator, done)
    assert sorted(row.status for row in stored(Attendance)) == ["absent", "present"]


def test_a_file_of_presences_needs_its_programme_and_gives_its_refused_lines_back(coordinator, programme):
    nothing = upload(coordinator, "date;email;statut\n2026-09-03;lea@example.org;présent\n", PRESENCES)
    assert (nothing.status_code, "Choisissez le dispositif." in words(nothing.get_data(as_text=True))) == (422, True)

    url, page = tried(
        coordinator, "date;email;statut\n2026-09-03;lea@example.org;présent\n", PRESENCES, dispositif=programme.slug
    )
    assert "aucune séance de ce dispositif le jeudi 3 septembre 2026. Importez-la d'abord." in page
    refused = coordinator.get(f"{url}/lignes-refusees.csv").get_data(as_text=True)
    assert refused.splitlines()[1].startswith("2026-09-03;lea@example.org;présent;")


REQUESTS = "/coordination/import/sollicitations"
OF_YEAR = "outil;nombre;nature;besoins\nICCOPE;7;formation, inclusions;Un parcours\nFrottis;deux;;\n"


def test_a_table_of_requests_is_tried_corrected_then_written_for_its_year(coordinator):
    assert 'value="2024"' in coordinator.get(f"{REQUESTS}?annee=2024").text
    nothing = upload(coordinator, OF_YEAR, REQUESTS, annee="")
    assert (nothing.status_code, "Indiquez l'année." in words(nothing.text)) == (422, True)

    url, page = tried(coordinator, OF_YEAR, REQUESTS, annee="2025")
    assert "Ligne 3 : nombre « deux » non compris. Écrivez un nombre de 1 à 9999." in page
    refused = coordinator.get(f"{url}/lignes-refusees.csv").get_data(as_text=True)
    assert refused.splitlines()[1].startswith("Frottis;deux;;;")
    assert stored(HelpRequest).count() == 0

    url, page = tried(coordinator, OF_YEAR.replace("deux", "2"), REQUESTS, annee="2025")
    assert "2 ICCOPE, 7 sollicitations à créer" in page
    assert "essage à écrire" not in page
    done = submit(coordinator, url)
    assert done.location == "/coordination/registres/action-27?annee=2025"
    assert "9 sollicitations ont été reçues en 2025, pour 2 outils" in after(coordinator, done)
    assert [one.count for one in stored(HelpRequest).order_by(HelpRequest.id)] == [7, 2]
