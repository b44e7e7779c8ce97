"""Another year, invented: what its report says, of whom, and beside what of the year before."""

from datetime import date

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires.models import Answer, EffectCount, Verbatim
from cpts_sessions.registers.models import Communication, HelpRequest, Step, SupportedPeople
from cpts_sessions.reports.annual.contents import Audience
from cpts_sessions.reports.annual.gathering import gathered
from cpts_sessions.reports.annual.markdown import blocks
from cpts_sessions.reports.exports.told import told
from cpts_sessions.reports.models import ReportAmount
from tests.reports.opened import opened
from tests.reports.seasons import Season

END = date(2027, 12, 31)


@pytest.fixture
def season(app):
    return Season(2027)


def report_of(season, as_of=END, year=2027):
    return gathered(season.organisation.id, year, as_of)


def keep(season, *rows):
    with transaction():
        db.session.add_all(rows)


def said(page, audience=Audience.CPAM):
    return {one.key: normalise(one.said_to(audience)) for one in page.fields}


def read(page):
    return [normalise(block.text) for block in blocks(page, Audience.CPAM)]


def came(season, session, *people):
    for person in people:
        season.register(person, session)
        season.note(person, session)


def test_a_year_without_anything_has_its_five_pages_and_says_so(season):
    report = report_of(season)
    assert [page.key for page in report.pages] == ["27", "28", "29", "30", "31"]
    assert [read(page) for page in report.pages] == [
        ["Aucune sollicitation n'a été reçue en 2027."],
        [
            "Le nombre de professionnels accompagnés en 2027 n'est pas renseigné. "
            "Aucune communication n'a été notée en 2027."
        ],
        ["Nombre de GAPP", "Aucun GAPP n'a été organisé en 2027."],
        ["Nombre de cercles", "Aucun cercle de paroles n'a été organisé en 2027."],
        ["Aucune étape n'a été notée en 2027."],
    ]
    assert report.together == ""
    assert [grid.key for grid in report.annexes] == ["part-variable"]


def test_each_number_stands_beside_that_of_the_year_before(season):
    circles = season.programme()
    people = [season.person(name) for name in ("Ana", "Eva", "Ida", "Una")]
    came(season, season.session(circles, "2026-03-02"), *people[:2])
    for day in ("2027-02-01", "2027-03-01"):
        came(season, season.session(circles, day), *people)
    season.session(circles, "2027-03-03", status="open")
    page = report_of(season).page("30")
    figures = {one.key: one for one in page.figures}
    assert [row[3] for row in page.grids[-1].rows] == [4, 4, None]  # nobody noted the last one
    assert {key: (one.value, one.previous) for key, one in figures.items()} == {
        "seances_tenues": (3, 1),
        "inscrits": (4, 2),
        "presents": (4, 2),
        "presences": (8, 2),
    }
    assert normalise(figures["inscrits"].sentence) == "4 inscrits distincts en 2027, contre 2 en 2026 (+2)"
    assert (figures["inscrits"].what, figures["inscrits"].part) == ("inscrits", "30")


def test_a_year_without_dates_after_the_first_is_a_zero_and_no_first_year(season):
    circles, groups = season.programme(), season.programme("gapp")
    for programme, day in ((circles, "2025-03-02"), (circles, "2027-03-02"), (groups, "2027-03-03")):
        season.session(programme, day)
    report = report_of(season)
    assert normalise(report.page("30").figures[0].sentence) == "1 séance tenue en 2027, aucune en 2026"
    assert normalise(report.page("29").figures[0].sentence) == (
        "1 séance tenue en 2027 (première année, pas de comparaison)"
    )


def test_the_rate_of_answers_is_told_against_that_of_the_year_before(season):
    circles = season.programme()
    opened(circles, {"c1": ["Oui"] * 9}, year=2026, invited=20, respondents=9)
    opened(circles, {"c1": ["Oui"] * 8}, year=2027, invited=8, respondents=8)
    page = report_of(season).page("30")
    rate = page.figures[-1]
    assert (rate.value, rate.previous) == (100, 45)
    assert normalise(rate.sentence) == "Taux de réponse : 8 sur 8 en 2027, contre 9 sur 20 (45 %) en 2026"
    assert read(page)[-1] == (
        "Un questionnaire a été transmis aux participants : les 8 personnes invitées ont toutes répondu. "
        "À l'unanimité, les répondants déclarent que le rythme et la durée des séances conviennent (8 sur 8)."
    )


def test_too_few_answers_give_no_number_at_all(season):
    circles = season.programme()
    opened(circles, {}, year=2027, state="carried", invited=None, respondents=None, on_paper=None)
    page = report_of(season).page("30")
    assert read(page)[-1] == (
        "Un questionnaire a été transmis aux participants : moins de 5 réponses, reportées à l'année suivante."
    )
    assert "taux_de_reponse" not in {one.key for one in page.figures}


def test_comments_are_quoted_once_read_and_never_proposed(season):
    circles = season.programme()
    box = opened(circles, {"c1": ["Oui"] * 6, "c8": ["Une salle moins froide.", "Un nom propre"]}, year=2027)
    written = {one.value: one for one in db.session.query(Answer).filter_by(box_id=box.id, question="c8")}
    kept, aside = written["Une salle moins froide."], written["Un nom propre"]
    assert "paroles" not in said(report_of(season).page("30"))
    keep(
        season,
        Verbatim(organisation_id=season.organisation.id, answer_id=kept.id, is_kept=True, text=kept.value),
        Verbatim(organisation_id=season.organisation.id, answer_id=aside.id, is_kept=False, text=""),
    )
    page = report_of(season).page("30")
    assert said(page)["paroles"] == "Parmi les commentaires : « Une salle moins froide »"
    assert "paroles" not in page.proposed


def test_effects_of_cards_are_told_with_their_note(season):
    circles = season.programme(questionnaire_slug="cercle_eval")
    keep(
        season,
        *(
            EffectCount(
                organisation_id=season.organisation.id,
                programme_id=circles.id,
                year=2027,
                **{"item": item, "before": 6, "after": 3, "count": 12},
            )
            for item in ("e1", "e2", "e3", "e4")
        ),
    )
    page = report_of(season).page("30")
    assert read(page)[-2] == "Effets à court terme"
    assert read(page)[-1].startswith(
        "Le stress passe d'une médiane de 6 à 3 sur 10 (écart moyen : −3 points) ; sur 12 cartes : mieux pour 12, "
        "stable pour aucune, moins bien pour aucune. La fatigue "
    )
    assert read(page)[-1].endswith(
        "Effet immédiat, sans groupe témoin ; pas de test statistique en dessous de 20 cartes."
    )


def test_several_programmes_of_an_action_keep_their_answers_apart(season):
    for place, slug in enumerate(("gapp", "gapp-nord")):
        programme = season.programme(slug, name=slug.upper(), action=29, sort_order=place)
        season.session(programme, f"2027-03-0{place + 1}")
        opened(programme, {"g4": ["Adapté"] * 6}, slug="gapp_eval", year=2027)
    page = report_of(season).page("29")
    assert {"rythme", "gapp_nord_rythme"} <= said(page).keys()
    assert read(page)[:2] == [
        "Nombre de séances",
        "2 séances ont été organisées les 1er et 2 mars 2027.",
    ]
    assert read(page)[-1].startswith("Un questionnaire a été transmis aux participants (GAPP-NORD) : 6 des 16")


def test_programmes_that_are_called_alike_are_named_once(season):
    for place, slug in enumerate(("gapp", "gapp-nord")):
        programme = season.programme(slug, singular="GAPP", plural="GAPP", action=29, sort_order=place)
        season.session(programme, f"2027-03-0{place + 1}")
    report = report_of(season)
    assert read(report.page("29"))[:2] == ["Nombre de GAPP", "2 GAPP ont été organisés les 1er et 2 mars 2027."]
    assert report.together == ""


def test_what_belongs_to_no_action_and_trainings_have_their_place(season):
    walk = season.programme("marche", name="Marches", action=None, gender="f")
    manual = season.programme("vade-mecum", name="Vade-mecum", action=28, goes_together=True, part_variable_euros=None)
    other = season.programme("premiers-secours", name="Premiers secours", action=None, goes_together=True)
    unused = season.programme("chorale", action=None)
    people = [season.person(name, civility="M.") for name in ("Ana", "Eva", "Ida")]
    came(season, season.session(walk, "2027-05-03"), *people)
    for programme, days in ((manual, ("2027-03-02", "2027-03-09")), (other, ("2027-04-06",))):
        for day in days:
            came(season, season.session(programme, day), *people)
    report = report_of(season)
    assert [page.key for page in report.pages] == ["27", "28", "29", "30", "31", "autres"]
    assert read(report.page("28"))[1:] == [
        "Vade-mecum",
        "3 professionnels ont été formés les 2 et 9 mars 2027.",
    ]
    others = report.page("autres")
    assert [(normalise(one.label), one.value) for one in others.figures if "formés" in one.label] == [
        ("Premiers secours : professionnels formés", 3)
    ]
    assert "Marches : inscrits distincts" in [normalise(one.label) for one in others.figures]
    words = read(others)
    assert words[:3] == [
        "Marches",
        "1 marche a été organisée le 3 mai 2027.",
        "3 professionnels (3 psychologues) se sont inscrits à l'activité.",
    ]
    assert words[-2:] == ["Premiers secours", "3 professionnels ont été formés le 6 avril 2027."]
    assert unused.name not in " ".join(words)
    assert normalise(report.together) == ""
    assert len({one.key for one in others.fields}) == len(others.fields)
    assert [row[1] for row in report.annexes[0].rows] == ["Vade-mecum"] * 2 + ["Premiers secours", "Marches"]


def test_registers_stop_at_the_day_asked_and_know_their_first_year(season):
    owner = season.organisation.id
    keep(
        season,
        HelpRequest(organisation_id=owner, year=2026, tool="Stand", count=2),
        HelpRequest(organisation_id=owner, year=2027, tool="Stand", day=date(2027, 3, 2)),
        HelpRequest(organisation_id=owner, year=2027, tool="Mobile", day=date(2027, 9, 2)),
        *(
            Communication(organisation_id=owner, day=day, is_month_only=by_month, channel=channel, what=what)
            for day, by_month, channel, what in (
                (date(2027, 3, 2), False, "site", "Page du site."),
                (date(2027, 9, 1), True, "newsletter", "lettre d’information"),
            )
        ),
        *(
            Step(organisation_id=owner, day=date(2027, month, 1), title=title)
            for month, title in ((3, "Forum des internes."), (3, "Livret d’accueil"), (9, "Visite"))
        ),
    )
    report = report_of(season, date(2027, 6, 30))
    figures = {one.key: (one.value, one.previous) for page in report.pages for one in page.figures}
    assert (figures["sollicitations"], figures["communications"], figures["etapes"]) == ((1, 2), (1, None), (2, None))
    assert (
        said(report.page("28"), Audience.PUBLIC)["communications"]
        == "1 communication a été réalisée en 2027 : page du site"
    )
    assert said(report.page("31")) == {
        "etape_1er_mars": "1er mars 2027 : Forum des internes",
        "etape_1er_mars_2": "1er mars 2027 : Livret d'accueil",
    }
    assert len(report_of(season).page("27").grids[0].rows) == 2
    assert report_of(season).page("28").grids[0].rows[1][0] == "septembre 2027"


def test_one_or_two_people_supported_are_not_published(season):
    keep(season, SupportedPeople(organisation_id=season.organisation.id, year=2027, count=2))
    report = report_of(season)
    page = report.page("28")
    assert said(page)["accompagnes"] == "2 professionnels ont été accompagnés en 2027"
    assert said(page, Audience.PUBLIC)["accompagnes"] == "Moins de 3 professionnels ont été accompagnés en 2027"
    figures = {audience: told(report, audience).chapters[1].figures for audience in Audience}
    assert [one.key for one in figures[Audience.CPAM]] == ["accompagnes", "communications"]
    assert [one.key for one in figures[Audience.PUBLIC]] == ["communications"]


def test_what_the_coordination_says_of_an_amount_replaces_the_usual_one(season):
    season.programme("gapp", part_variable_euros=4000)
    for key, euros in (("27", 0), ("30", 500)):
        keep(season, ReportAmount(organisation_id=season.organisation.id, year=2027, page_key=key, euros=euros))
    report = report_of(season)
    assert [page.amount_euros for page in report.pages] == [None, 4000, 4000, 500, 1000]
    assert normalise(report.part_variable) == "4 000 + 4 000 + 500 + 1 000 = 9 500 €"
    assert normalise(report_of(season, year=2026).part_variable) == "2 000 + 4 000 + 4 000 + 1 000 = 11 000 €"


def test_another_organisation_is_never_counted(season):
    other = Season(2027, "autre")
    came(other, other.session(other.programme(), "2027-03-02"), other.person("Ana"))
    keep(other, HelpRequest(organisation_id=other.organisation.id, year=2027, tool="Stand", count=2))
    report = report_of(season)
    assert {one.value for page in report.pages for one in page.figures} == {0}
    assert report_of(other).page("30").figures[0].value == 1
