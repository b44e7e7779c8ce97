"""Lines of persons: what is understood, what is refused, what is pointed out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions import installation
from cpts_sessions.core.spreadsheet import Remark, read_table
from cpts_sessions.people import import_rules
from cpts_sessions.people.import_rules import PeopleReading, PersonRow, clean_email, has_right_key, read_people
from cpts_sessions.people.nomenclature import Ambiguous, Unknown, find_profession, profession, professions

SEASON = Path(str(installation.__file__)).parent / "saison-2025"
TITLES = "civilité;prénom;nom;email;profession;membre;téléphone;RPPS;animateur"


def people(*lines: str, titles: str = TITLES) -> PeopleReading:
    text = "\n".join([titles, *lines])
    return read_people(read_table(text.encode(), "membres.csv", import_rules.COLUMNS))


def refusals(*lines: str) -> list[str]:
    return [remark.sentence for remark in people(*lines).refusals]


def notices(*lines: str) -> list[str]:
    reading = people(*lines)
    assert reading.refusals == []
    return [remark.sentence for remark in reading.notices]


def person(cells: str) -> PersonRow:
    reading = people(cells)
    assert reading.refusals == []
    return reading.rows[0]


def test_a_line_becomes_a_person():
    assert person(
        "Mme;Hélène;VAUTRIN;Helene.Vautrin@Example.org;sage femme;oui;06 12 34 56 78;10001234564;x"
    ) == PersonRow(
        line=2,
        civility="Mme",
        first_name="Hélène",
        last_name="VAUTRIN",
        email="helene.vautrin@example.org",
        profession_slug="sage-femme",
        member=True,
        phone="06 12 34 56 78",
        rpps="10001234564",
        animator=True,
    )


def test_what_the_file_does_not_say_stays_unsaid():
    reading = people("Yann;Le Goff;y@example.org;psy", titles="Prénom;NOM;Mail;Métier")

    assert reading.rows == [
        PersonRow(2, None, "Yann", "Le Goff", "y@example.org", "psychologue", None, None, None, False),
    ]
    assert reading.refusals == []
    assert reading.notices == []


@pytest.mark.parametrize(
    ("typed", "civility"),
    [("Mme", "Mme"), ("MADAME", "Mme"), ("M.", "M."), ("Mr", "M."), ("monsieur", "M."), ("", None)],
)
def test_a_civility_is_understood(typed, civility):
    assert person(f"{typed};Luc;Hirtz;l@example.org;ortho;;;;").civility == civility


@pytest.mark.parametrize(
    ("typed", "member"),
    [("oui", True), ("O", True), ("Vrai", True), ("1", True), ("NON", False), ("0", False), ("", None)],
)
def test_yes_and_no_are_understood(typed, member):
    assert person(f";Luc;Hirtz;l@example.org;ortho;{typed};;;").member == member


def test_the_zero_a_tableur_took_from_a_telephone_is_given_back():
    assert person(";Luc;Hirtz;l@example.org;ortho;;612345678;;").phone == "0612345678"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            ";Luc;Hirtz;luc.example.org;ortho;;;;",
            "Ligne 2 : « luc.example.org » n’est pas une adresse e-mail. Vérifiez l’arobase et la fin.",
        ),
        (
            ";Luc;Hirtz;élodie@example.org;ortho;;;;",
            "Ligne 2 : « élodie@example.org » n’est pas une adresse e-mail. Vérifiez l’arobase et la fin.",
        ),
        (";;Hirtz;l@example.org;ortho;;;;", "Ligne 2 : nom ou prénom manquant."),
        (";Luc;;l@example.org;ortho;;;;", "Ligne 2 : nom ou prénom manquant."),
        (
            ";Luc;Hirtz;l@example.org;kiné du sport;;;;",
            "Ligne 2 : profession « kiné du sport » inconnue. Vouliez-vous dire « masseur-kinésithérapeute » ?",
        ),
        (
            ";Luc;Hirtz;l@example.org;;;;;",
            "Ligne 2 : profession manquante. Sans elle, cette personne ne peut pas être comptée.",
        ),
        (
            ";Luc;Hirtz;l@example.org;Médecin;;;;",
            "Ligne 2 : « Médecin » peut vouloir dire médecin généraliste ou médecin spécialiste. Précisez.",
        ),
        (
            ";Luc;Hirtz;l@example.org;assistante;;;;",
            (
                "Ligne 2 : « assistante » peut vouloir dire assistant dentaire, assistant médical "
                "ou assistant de service social. Précisez."
            ),
        ),
        (
            ";Luc;Hirtz;l@example.org;ortho;peut-être;;;",
            "Ligne 2 : « peut-être » dans la colonne « membre ». Écrivez oui ou non.",
        ),
        (
            "Dr;Luc;Hirtz;l@example.org;ortho;;;;",
            "Ligne 2 : civilité « Dr » non comprise. Écrivez Mme, M. ou rien.",
        ),
        (
            ";Luc;Hirtz;l@example.org;ortho;;;1000123456;",
            ("Ligne 2 : le numéro RPPS « 1000123456 » ne compte pas 11 chiffres. Corrigez-le ou laissez la case vide."),
        ),
        (
            ";=1+1;Hirtz;l@example.org;ortho;;;;",
            "Ligne 2 : la case « prénom » contient une formule. Remplacez-la par sa valeur.",
        ),
        (
            f";{'L' * 101};Hirtz;l@example.org;ortho;;;;",
            "Ligne 2 : la case « prénom » dépasse 100 caractères. Raccourcissez-la.",
        ),
    ],
)
def test_a_bad_line_is_refused_with_its_sentence(line, sentence):
    reading = people(line)

    assert reading.refusals == [Remark(2, sentence)]
    assert reading.rows == []


def test_a_line_says_everything_that_is_wrong_at_once():
    assert refusals("Dr;;Hirtz;luc;;;;;") == [
        "Ligne 2 : nom ou prénom manquant.",
        "Ligne 2 : « luc » n’est pas une adresse e-mail. Vérifiez l’arobase et la fin.",
        "Ligne 2 : profession manquante. Sans elle, cette personne ne peut pas être comptée.",
        "Ligne 2 : civilité « Dr » non comprise. Écrivez Mme, M. ou rien.",
    ]


def test_two_names_at_one_address_are_two_persons():
    reading = people(
        ";Thomas;Wendling;cabinet@example.org;kiné;;;;",
        ";Julie;Schaffner;Cabinet@example.org;kiné;;;;",
    )

    assert [row.full_name for row in reading.rows] == ["Thomas Wendling", "Julie Schaffner"]
    assert reading.notices == [
        Remark(
            3,
            "Ligne 3 : même adresse que la ligne 2, autre nom (Thomas Wendling). "
            "Deux personnes, chacune avec ses messages.",
        )
    ]


def test_the_same_person_twice_is_refused_whatever_the_spelling():
    assert refusals(
        ";Claire;D’Hautcœur;claire@example.org;audio;;;;",
        ";CLAIRE;D'HAUTCOEUR;Claire@example.org;audio;;;;",
    ) == ["Ligne 3 : même personne que la ligne 2 (adresse et nom). Gardez-en une seule."]


def test_without_an_address_a_person_is_kept_and_that_is_said():
    assert notices(";Luc;Hirtz;;ortho;;;;", ";Luc;Hirtz;;kiné;;;;") == [
        "Ligne 2 : pas d’adresse e-mail pour Luc Hirtz. Gardée « sans e-mail » : elle ne recevra aucun message.",
        "Ligne 3 : pas d’adresse e-mail pour Luc Hirtz. Gardée « sans e-mail » : elle ne recevra aucun message.",
    ]


def test_the_same_name_and_profession_without_an_address_is_refused():
    assert refusals(";Luc;Hirtz;;ortho;;;;", ";luc;HIRTZ;;orthophoniste;;;;") == [
        "Ligne 3 : luc HIRTZ, orthophoniste, figure déjà ligne 2, sans adresse. Gardez-en une seule."
    ]


def test_one_rpps_number_is_one_person():
    assert refusals(
        ";Luc;Hirtz;l@example.org;ortho;;;10001234564;", ";Anne;Pfister;a@example.org;psy;;;1000 1234 564;"
    ) == ["Ligne 3 : ce numéro RPPS est déjà celui de Luc Hirtz."]


def test_a_wrong_rpps_key_is_kept_and_said():
    assert notices(";Luc;Hirtz;l@example.org;ortho;;;10001234567;") == [
        "Ligne 2 : la clé du numéro RPPS ne tombe pas juste. Gardé tel quel, à vérifier."
    ]


@given(st.integers(0, 9_999_999_999), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_always_breaks_the_key(body, place, shift):
    right = next(number for key in range(10) if has_right_key(number := f"{body:010}{key}"))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert not has_right_key(wrong)


def test_an_address_pasted_from_a_link_is_cleaned():
    assert clean_email(" mailto:Luc.Hirtz@Example.ORG ") == "luc.hirtz@example.org"


@pytest.mark.parametrize(("name", "persons", "animators"), [("cercles", 19, ["Olivier Chastel"]), ("gapp", 11, [])])
def test_the_season_of_the_demonstration_is_read_without_a_remark(name, persons, animators):
    file = SEASON / f"inscrits-{name}.csv"

    reading = read_people(read_table(file.read_bytes(), file.name, import_rules.COLUMNS))

    assert len(reading.rows) == persons
    assert [row.full_name for row in reading.rows if row.animator] == animators
    assert reading.refusals == []
    assert reading.notices == []


def test_every_spelling_of_the_nomenclature_names_its_line():
    spellings = [(spelling, line) for line in professions() for spelling in line.spellings]

    assert len(professions()) == 49
    assert [(spelling, line) for spelling, line in spellings if find_profession(spelling.upper()) != line] == []


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("MEDECIN GENERALISTE", "medecin-generaliste"),
        ("médecins généralistes libérales", "medecin-generaliste"),
        ("infirmier(ère) libéral(e)", "infirmier-liberal"),
        ("Infirmier·ère libéral·e", "infirmier-liberal"),
        ("infirmiers/infirmières", "infirmier"),
        ("I.D.E.L.", "infirmier-liberal"),
        ("Masseuse-kinésithérapeute D.E.", "masseur-kinesitherapeute"),
        ("diététicien.ne", "dieteticien"),
        ("préparateurs/trices en pharmacie", "preparateur-pharmacie"),
        ("assistantes sociales", "assistant-service-social"),
        ("Pharmacien d’officine", "pharmacien"),
        ("psychologues cliniciennes", "psychologue"),
    ],
)
def test_a_profession_is_found_whatever_its_gender_number_and_marks(typed, slug):
    assert find_profession(typed) == profession(slug)


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("médecin", ["medecin-generaliste", "medecin-specialiste"]),
        ("Médecins libéraux", ["medecin-generaliste", "medecin-specialiste"]),
        ("Docteur", ["medecin-generaliste", "medecin-specialiste"]),
        ("infirmière remplaçante", ["infirmier", "infirmier-liberal"]),
    ],
)
def test_a_vague_profession_is_asked_back(typed, slugs):
    assert find_profession(typed) == Ambiguous(tuple(profession(slug) for slug in slugs))


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("audioprotésiste", "audioprothesiste"),
        ("technicien", "technicien-laboratoire"),
        ("pédiatre", "medecin-specialiste"),
        ("plombier", "autre-professionnel"),
        ("???", "autre-professionnel"),
    ],
)
def test_an_unknown_profession_suggests_the_nearest(typed, slug):
    assert find_profession(typed) == Unknown(profession(slug))
