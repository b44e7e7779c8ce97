"""Lines of sessions: what is understood, what is refused, what is pointed out."""

import io
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from cpts_sessions import installation
from cpts_sessions.core.french import normalise
from cpts_sessions.core.spreadsheet import read_table
from cpts_sessions.programmes import import_rules
from cpts_sessions.programmes.import_rules import (
    KnownProgramme,
    SessionRow,
    SessionsReading,
    parse_day,
    parse_hour,
    read_sessions,
)

SEASON = Path(str(installation.__file__)).parent / "saison-2025"
PROGRAMMES = (
    KnownProgramme("gapp", ("GAPP",)),
    KnownProgramme("cercle-de-paroles", ("Cercles de paroles", "cercle de paroles")),
)
TITLES = "dispositif;date;début;fin;lieu;places;minimum;découverte;remarque"


def read(data: bytes, filename: str = "seances.csv") -> SessionsReading:
    return read_sessions(read_table(data, filename, import_rules.COLUMNS), PROGRAMMES)


def sessions(*lines: str) -> SessionsReading:
    return read("\n".join([TITLES, *lines]).encode())


def notices(*lines: str) -> list[str]:
    reading = sessions(*lines)
    assert reading.refusals == []
    return [normalise(remark.sentence) for remark in reading.notices]


def test_a_line_becomes_a_session():
    reading = sessions("GAPP;19/03/2025;20h;22 h 30;Salle 2;12;4;oui;Apportez un cas")

    assert reading == SessionsReading(
        rows=[
            SessionRow(
                line=2,
                programme_slug="gapp",
                starts_at=datetime(2025, 3, 19, 20, 0),
                ends_at=datetime(2025, 3, 19, 22, 30),
                place="Salle 2",
                capacity=12,
                minimum=4,
                discovery=True,
                remark="Apportez un cas",
            )
        ]
    )


def test_what_the_file_does_not_say_stays_unsaid():
    reading = read(b"Programme,Jour,Heure\ncercles de parole,2025-03-19,20:00\n")

    assert reading.rows == [
        SessionRow(2, "cercle-de-paroles", datetime(2025, 3, 19, 20), None, None, None, None, False, None)
    ]


def test_a_workbook_with_typed_dates_and_hours_is_read():
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        day, hour = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["Dispositif", "Date", "Heure de début", "Heure de fin", "Nombre de places"])
        sheet.write(1, 0, "gapp")
        sheet.write_datetime(1, 1, datetime(2025, 4, 3), day)
        sheet.write_datetime(1, 2, time(20, 0), hour)
        sheet.write_datetime(1, 3, time(22, 0), hour)
        sheet.write_number(1, 4, 12)

    assert read(packed.getvalue(), "seances.xlsx") == SessionsReading(
        rows=[SessionRow(2, "gapp", datetime(2025, 4, 3, 20), datetime(2025, 4, 3, 22), None, 12, None, False, None)]
    )


@pytest.mark.parametrize(
    "typed",
    [
        "2025-04-01",
        "2025-4-1",
        "01/04/2025",
        "1/4/2025",
        "1.4.25",
        "01-04-2025",
        "1er avril 2025",
        "Mardi 1er Avril 2025",
        "mar. 1 avril 2025",
        "2025-04-01 00:00:00",
    ],
)
def test_a_day_is_understood(typed):
    assert parse_day(typed) == date(2025, 4, 1)


@pytest.mark.parametrize(
    "typed", ["", "31/02/2025", "03/19/2025", "2025", "1 avrill 2025", "1925-04-01", "45735", "mardi", "00/04/2025"]
)
def test_what_is_not_a_day_is_not_one(typed):
    assert parse_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("20:00", time(20)),
        ("20h", time(20)),
        ("20 h", time(20)),
        ("20 h 30", time(20, 30)),
        ("20H00", time(20)),
        ("20h30", time(20, 30)),
        ("8h05", time(8, 5)),
        ("20:30:00", time(20, 30)),
        ("20 heures 30", time(20, 30)),
        ("20h30min", time(20, 30)),
        ("20", time(20)),
        ("2025-03-19 20:30", time(20, 30)),
    ],
)
def test_an_hour_is_understood(typed, hour):
    assert parse_hour(typed) == hour


@pytest.mark.parametrize("typed", ["", "24:00", "20:60", "20h5", "20.5", "soir", "vers 20:00", "20h30h", "0.8333"])
def test_what_is_not_an_hour_is_not_one(typed):
    assert parse_hour(typed) is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "gapp;le 19;20h;22h;;;;;",
            "Ligne 2 : date « le 19 » non comprise. Exemples : 2025-03-19 ou 19/03/2025.",
        ),
        ("gapp;2025-03-19;soir;22h;;;;;", "Ligne 2 : heure « soir » non comprise. Exemples : 20:30 ou 20h30."),
        ("gapp;2025-03-19;;22h;;;;;", "Ligne 2 : heure « vide » non comprise. Exemples : 20:30 ou 20h30."),
        ("gapp;2025-03-19;20:00;tard;;;;;", "Ligne 2 : heure « tard » non comprise. Exemples : 20:30 ou 20h30."),
        ("gapp;2025-03-19;20h30;20h;;;;;", "Ligne 2 : la fin (20 h) précède le début (20 h 30)."),
        ("gapp;2025-03-19;20h;20h;;;;;", "Ligne 2 : la fin (20 h) précède le début (20 h)."),
        (
            "yoga;2025-03-19;20h;22h;;;;;",
            "Ligne 2 : dispositif « yoga » inconnu. Dispositifs de la CPTS : gapp, cercle-de-paroles.",
        ),
        (
            "gapp;2025-03-19;20h;22h;;douze;;;",
            "Ligne 2 : nombre de places « douze » non compris. Écrivez un nombre de 1 à 200.",
        ),
        (
            "gapp;2025-03-19;20h;22h;;0;;;",
            "Ligne 2 : nombre de places « 0 » non compris. Écrivez un nombre de 1 à 200.",
        ),
        (
            "gapp;2025-03-19;20h;22h;;201;;;",
            "Ligne 2 : nombre de places « 201 » non compris. Écrivez un nombre de 1 à 200.",
        ),
        (
            "gapp;2025-03-19;20h;22h;;;quatre;;",
            "Ligne 2 : minimum « quatre » non compris. Écrivez un nombre de 0 à 200.",
        ),
        ("gapp;2025-03-19;20h;22h;;3;4;;", "Ligne 2 : le minimum (4) dépasse le nombre de places (3)."),
        (
            "gapp;2025-03-19;20h;22h;;;;bof;",
            "Ligne 2 : « bof » dans la colonne « découverte ». Écrivez oui ou non.",
        ),
        (
            "gapp;=AUJOURDHUI();20h;22h;;;;;",
            "Ligne 2 : la case « date » contient une formule. Remplacez-la par sa valeur.",
        ),
        (
            f"gapp;2025-03-19;20h;22h;{'S' * 201};;;;",
            "Ligne 2 : la case « lieu » dépasse 200 caractères. Raccourcissez-la.",
        ),
    ],
)
def test_a_bad_line_is_refused_with_its_sentence(line, sentence):
    reading = sessions(line)

    assert [normalise(remark.sentence) for remark in reading.refusals] == [sentence]
    assert reading.rows == []


def test_a_line_says_everything_that_is_wrong_at_once():
    assert [remark.sentence for remark in sessions("yoga;hier;soir;;;beaucoup;;;").refusals] == [
        "Ligne 2 : dispositif « yoga » inconnu. Dispositifs de la CPTS : gapp, cercle-de-paroles.",
        "Ligne 2 : date « hier » non comprise. Exemples : 2025-03-19 ou 19/03/2025.",
        "Ligne 2 : heure « soir » non comprise. Exemples : 20:30 ou 20h30.",
        "Ligne 2 : nombre de places « beaucoup » non compris. Écrivez un nombre de 1 à 200.",
    ]


def test_one_programme_has_one_session_at_one_hour():
    reading = sessions(
        "gapp;2025-03-19;20h;22h;;;;;", "cercle de paroles;19/03/2025;20:00;;;;;;", "GAPP;19/03/2025;20:00;;;;;;"
    )

    assert [row.line for row in reading.rows] == [2, 3]
    assert [remark.sentence for remark in reading.refusals] == [
        "Ligne 4 : une séance existe déjà ce jour-là à cette heure pour ce dispositif."
    ]


def test_a_day_that_could_be_a_month_is_said():
    assert notices("gapp;03/04/2025;20h;22h;;;;;") == [
        "Ligne 2 : « 03/04/2025 » est lu comme le jeudi 3 avril 2025. Vérifiez le jour et le mois."
    ]


@pytest.mark.parametrize("other", ["19/03/2025", "31.12.2025"])
def test_it_is_not_said_when_another_line_shows_that_the_day_comes_first(other):
    assert notices("gapp;03/04/2025;20h;22h;;;;;", f"gapp;{other};20h;22h;;;;;") == []


@pytest.mark.parametrize("plain", ["2025-04-03", "04/04/2025", "3 avril 2025", "jeudi 3 avril 2025"])
def test_it_is_not_said_when_there_is_no_doubt(plain):
    assert notices(f"gapp;{plain};20h;22h;;;;;") == []


def test_a_weekday_that_does_not_fall_on_that_day_is_said():
    assert notices("gapp;mercredi 20 mars 2025;20h;22h;;;;;") == [
        "Ligne 2 : « mercredi 20 mars 2025 » est lu comme le jeudi 20 mars 2025. Vérifiez le jour et le mois."
    ]


def test_the_season_of_the_demonstration_is_read_without_a_remark():
    reading = read((SEASON / "seances.csv").read_bytes())

    ordinary = {
        programme.slug: [f"{row.starts_at:%d/%m}" for row in reading.rows if row.programme_slug == programme.slug]
        for programme in PROGRAMMES
    }
    assert {slug: len(days) for slug, days in ordinary.items()} == {"gapp": 7, "cercle-de-paroles": 16}
    assert [f"{row.starts_at:%d/%m}" for row in reading.rows if row.discovery] == ["26/06", "26/06", "27/06", "27/06"]
    assert reading.refusals == []
    assert reading.notices == []
