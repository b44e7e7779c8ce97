import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.french import normalise, punctuate
from cpts_sessions.reports.sentences import citations, effects, figures, opinions, people, response_rate, sessions
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, percent, quantity
from cpts_sessions.reports.sentences.people import Line, ProfessionForms, Took
from tests.reports.sentences_of_the_year import OF_THE_YEAR

F, M = Gender.FEMININE, Gender.MASCULINE

FORMS = {
    slug: ProfessionForms(*forms, position=position)
    for position, (slug, *forms) in enumerate(
        [
            ("sage-femme", "sage-femme", "sage-femme", "sages-femmes", "sages-femmes"),
            ("medecin-generaliste", *["médecin généraliste"] * 2, *["médecins généralistes"] * 2),
            ("masseur-kinesitherapeute", "kiné", "kiné", "kinés", "kinés"),
            ("infirmier-liberal", "IDEL", "IDEL", "IDEL", "IDEL"),
            ("audioprothesiste", *["audioprothésiste"] * 2, *["audioprothésistes"] * 2),
            ("pharmacien", "pharmacien", "pharmacienne", "pharmaciens", "pharmaciennes"),
            (
                "chirurgien-dentiste",
                *("chirurgien-dentiste", "chirurgienne-dentiste", "chirurgiens-dentistes", "chirurgiennes-dentistes"),
            ),
            ("dieteticien", "diététicien", "diététicienne", "diététiciens", "diététiciennes"),
            ("orthophoniste", *["orthophoniste"] * 2, *["orthophonistes"] * 2),
            ("psychologue", *["psychologue"] * 2, *["psychologues"] * 2),
            ("ergotherapeute", *["ergothérapeute"] * 2, *["ergothérapeutes"] * 2),
        ]
    )
}


def days(isos):
    return [date.fromisoformat(iso) for iso in isos]


def said(civilities):
    return tuple(None if civility is None else Gender(civility) for civility in civilities)


def a_line(entrees):
    return Line(
        FORMS[entrees["profession"]],
        said(entrees["civilites"]),
        said(entrees.get("animation", [])),
        Gender(entrees["force"]) if "force" in entrees else None,
    )


def counted(e):
    """The lines, what people did, and whether some came unnamed, as participants_sentence takes them."""
    return [a_line(one) for one in e["lignes"]], Took(e.get("verbe", "inscrits")), unnamed(e)


def unnamed(e):
    return 1 if e.get("au_moins") else 0


def discovery(e):
    held = days(e["isos"])
    return held * (e.get("nombre_seances", len(held)) // len(held)) if held else []


def a_change(e):
    before, after, mean = (Fraction(str(e[name])) for name in ("avant", "apres", "ecart"))
    return effects.Change(e["n"], before, after, mean, e["mieux"], e["stable"], e["moins_bien"])


SENTENCES = {
    "dates": lambda e: sessions.dates_sentence(days(e["isos"])),
    "phrase_dates": lambda e: sessions.dates_sentence(
        days(e["tenues"]), days(e.get("prev", [])), Gender(e.get("genre", "m"))
    ),
    "phrase_seances": lambda e: sessions.sessions_sentence(
        ProgrammeNames(e["singulier"], e["pluriel"], Gender(e["genre"])),
        e["annee"],
        days(e["tenues"]),
        days(e.get("prev", [])),
    ),
    "decouvertes": lambda e: sessions.discovery_sentence(discovery(e), e.get("lieu", "")),
    "annulees": lambda e: sessions.cancelled_sentence(
        [sessions.Cancelled(date.fromisoformat(iso), reason) for iso, reason in e["liste"]]
    ),
    "ligne": lambda e: people.profession_line(a_line(e)),
    "participants": lambda e: people.participants_sentence(*counted(e)),
    "personnes_au_moins": lambda e: people.at_least_people(e["n"]),
    "avec_sans_animation": lambda e: people.with_and_without_animators(e["total"], said(e["animation"])),
    "phrase_publique": lambda e: people.public_sentence(*counted(e)),
    "trois_chiffres": lambda e: figures.three_figures(e["inscrits"], e["presents"], e["cumul"], unnamed(e)),
    "ensemble": lambda e: figures.together_sentence(
        e["n"], [ProgrammeNames(plural, plural, M) for plural in e["dispositifs"]]
    ),
    "presences": lambda e: figures.attendances_sentence(e["cumul"], e["seances"]),
    "sans_nom": lambda e: figures.unnamed_sentence(e["n"]),
    "remplissage": lambda e: figures.seats_sentence(e["prises"], e["places"]),
    "places": lambda e: figures.places_left(e["n"]),
    "taux_reponse": lambda e: response_rate.response_rate(e["reponses"], e["invites"], e.get("papier", 0)),
    "reponse_phrase": lambda e: response_rate.response_sentence(e["reponses"], e["invites"], e.get("papier", 0)),
    "part": lambda e: response_rate.share(e["p"], e["n"]),
    "contre": lambda e: opinions.against(e["positive"], e["n"], e["mentions"]),
    "opinion": lambda e: opinions.opinion(
        e["p"], e["n"], opinions.Statement(e["sing"], e["plur"], e["complement"]), e.get("detail", "")
    ),
    "animation": lambda e: opinions.perception(e["comptes"], e["n"]),
    "citations": lambda e: citations.citations(e["comptes"], e["n"], e["quoi"][0], e["quoi"][1], Gender(e["genre"])),
    "themes": lambda e: citations.themes(e["comptes"]),
    "effet": lambda e: effects.effect(e["item"], a_change(e)),
    "note_effets": lambda e: effects.effects_note(e["n"]),
    **OF_THE_YEAR,
}

CASES = json.loads(Path(__file__).with_name("phrases.json").read_text("utf-8"))["lignes"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_sentence_is_written_character_for_character(case):
    assert SENTENCES[case["fonction"]](case["entrees"]) == case["attendu"]


def test_every_sentence_has_its_cases():
    assert {case["fonction"] for case in CASES} == set(SENTENCES)


def test_an_animator_alone_of_a_second_profession_does_not_read_as_one_person_more():
    lines = [
        Line(FORMS["psychologue"], (F, F), (F, F)),
        Line(FORMS["sage-femme"], (F, F, F), (F,)),
    ]
    assert normalise(people.participants_sentence(lines, Took.PRESENT)) == (
        "5 professionnelles (3 sages-femmes dont l'animatrice ; 2 psychologues, les animatrices)"
        " ont participé à au moins une séance"
    )


def test_people_noted_without_a_name_are_a_minimum_when_nobody_has_one():
    assert people.participants_sentence([], Took.PRESENT, unnamed=7) == "Au moins 7 personnes ont participé"
    assert people.public_sentence([], Took.PRESENT, unnamed=7) == "Au moins 7 personnes ont participé"
    assert people.public_sentence([], Took.PRESENT, unnamed=2) == "Des personnes ont participé"
    assert figures.three_figures(0, 0, 9, unnamed=7) == (
        "Au moins 7 inscrits distincts, au moins 7 présents distincts, 9 présences cumulées"
    )


def test_a_minimum_under_three_is_published_without_a_number():
    assert people.public_sentence([Line(FORMS["pharmacien"], (M, F))], Took.PRESENT, unnamed=4) == (
        "Des professionnels ont participé"
    )


def test_nobody_is_left_without_the_animators():
    assert normalise(people.with_and_without_animators(1, [F])) == "1 en comptant l'animatrice, aucun sans elle"


def test_feminine_programmes_together_agree():
    programmes = [ProgrammeNames("rencontre", "rencontres", F), ProgrammeNames("marche", "marches", F)]
    assert figures.together_sentence(1, programmes) == "1 inscrit distinct, rencontres et marches réunies"
    assert figures.together_sentence(1, programmes[:1]) == ""


def test_reasons_keep_their_acronyms_and_may_be_missing():
    cancelled = [
        sessions.Cancelled(date(2025, 5, 6), "CPTS fermée."),
        sessions.Cancelled(date(2025, 4, 1), " "),
    ]
    assert normalise(sessions.cancelled_sentence(cancelled)) == (
        "2 séances ont été annulées : le 1er avril 2025 et le 6 mai 2025 (CPTS fermée)"
    )


def test_more_people_than_places_is_full():
    assert normalise(figures.seats_sentence(13, 12)) == "13 places occupées sur 12 : complet"


def test_one_session_has_no_mean():
    assert figures.attendances_sentence(8, 1) == "8 présences cumulées en 1 séance"


def test_figures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="session"):
        figures.attendances_sentence(1, 0)
    with pytest.raises(ValueError, match="animators"):
        people.with_and_without_animators(1, [F, F])
    with pytest.raises(ValueError, match="at least one person"):
        Line(FORMS["sage-femme"], ())
    with pytest.raises(ValueError, match="animators"):
        Line(FORMS["sage-femme"], (F,), (F, F))
    with pytest.raises(ValueError, match="no part"):
        percent(3, 2)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 7, 0), (7, 7, 100), (1, 8, 13), (399, 400, 99), (1, 400, 1), (5, 6, 83), (6, 16, 38), (1, 2, 50)],
)
def test_per_cents_round_halves_up_and_never_lie_at_the_ends(part, whole, expected):
    assert percent(part, whole) == expected


GENDERS = st.sampled_from([F, M, None])


@st.composite
def lines(draw):
    professions = draw(st.lists(st.sampled_from(sorted(FORMS)), unique=True, max_size=8))
    made = []
    for profession in professions:
        everyone = draw(st.lists(GENDERS, min_size=1, max_size=7))
        animating = draw(st.integers(0, min(2, len(everyone))))
        made.append(Line(FORMS[profession], tuple(everyone), tuple(everyone[:animating])))
    return made


def numbers(sentence):
    return [int(n) for n in re.findall(r"\d+", sentence)]


def total(made):
    return sum(line.count for line in made)


@given(lines(), st.sampled_from(Took), st.sampled_from([0, 4]))
def test_the_lines_of_the_participants_add_up_to_their_number(made, took, some_unnamed):
    sentence = people.participants_sentence(made, took, some_unnamed)
    if not made:
        assert numbers(sentence) == [some_unnamed] * bool(some_unnamed)
        return
    first, *each = numbers(re.sub(r"les \d+ animat", "les animat", sentence))
    assert first == total(made) == sum(each)
    assert sorted(each) == sorted(line.count for line in made)


@given(lines(), st.sampled_from(Took), st.sampled_from([0, 2, 4]))
def test_the_public_sentence_shows_no_group_under_three_and_no_animator(made, took, some_unnamed):
    sentence = people.public_sentence(made, took, some_unnamed)
    assert "animat" not in sentence
    if not sentence.startswith("Moins de 3 "):
        assert all(n >= 3 for n in numbers(sentence))
    shown = numbers(sentence)
    if total(made) >= 3:
        assert shown[0] == total(made)
        assert sum(shown[1:]) in {0, total(made)}


@given(lines())
def test_the_public_sentence_hides_no_more_professions_than_it_must(made):
    sentence = people.public_sentence(made)
    large = sorted(line.count for line in made if line.count >= 3)
    hidden = total(made) - sum(large)
    expected = large[1:] if hidden in {1, 2} else large
    rest = total(made) - sum(expected)
    told = sorted([*expected, *([rest] if rest and expected else [])])
    assert sorted(numbers(sentence)[1:]) == (told if total(made) >= 3 else [])


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
GAPP = ProgrammeNames("GAPP", "GAPP", M)


@given(st.lists(DAYS, max_size=14), st.lists(DAYS, max_size=14))
def test_the_sentence_of_sessions_counts_them_and_says_the_year_once(held, planned):
    sentence = sessions.sessions_sentence(GAPP, 2025, held, planned)
    assert sentence.startswith(f"{len(held)} GAPP " if held else "Aucun GAPP ")
    assert sentence.count("2025") == 1
    assert (" ; " in normalise(sentence)) == bool(planned)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400), st.sampled_from([0, 3]))
def test_the_three_figures_are_always_all_named(enrolled, present, attendances, some_unnamed):
    sentence = figures.three_figures(enrolled, present, attendances, some_unnamed)
    assert [sentence.count(noun) for noun in (" distinct", "présent", "présence", "cumulée")] == [2, 1, 1, 1]
    assert sentence.count("inscrit") == 1
    assert not re.search(r"\b0\b", sentence)
    assert sentence == punctuate(sentence)


@given(st.integers(1, 60), st.integers(1, 60))
def test_taken_places_never_show_a_wrong_hundred_or_nothing(taken, places):
    sentence = normalise(figures.seats_sentence(taken, places))
    assert sentence.endswith(" : complet") == (taken >= places)
    assert "(0 %)" not in sentence
    assert "(100 %)" not in sentence


def test_none_is_said_with_a_word():
    assert quantity(0, "séance", "séances", F) == "aucune séance"
