"""The dates of a series."""

from datetime import date

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.programmes.series import MOST_DATES, Rhythm, easter, public_holiday, rhythm_days, typed_days


def test_a_list_is_read_in_three_spellings_each_day_once_oldest_first():
    text = "mardi 16 mars 2027\n2027-01-12\n\n02/02/2027, 16/03/2027 ; 9.2.2027"

    assert typed_days(text) == [date(2027, 1, 12), date(2027, 2, 2), date(2027, 2, 9), date(2027, 3, 16)]


def test_a_line_that_is_no_day_is_quoted_in_the_refusal():
    with pytest.raises(RuleBroken) as refusal:
        typed_days("16/03/2027\n31/02/2027\nbientôt")

    assert normalise(str(refusal.value)) == (
        "Date non comprise : « 31/02/2027 » et « bientôt ». Écrivez par exemple 16/03/2027, une par ligne."
    )


def test_a_weekday_that_is_not_that_of_its_date_is_refused():
    with pytest.raises(RuleBroken) as refusal:
        typed_days("16/03/2027\nmardi 17 mars 2027")

    assert normalise(str(refusal.value)) == (
        "« mardi 17 mars 2027 » : cette date est un mercredi 17 mars 2027. Corrigez l'un ou l'autre."
    )


def test_nothing_typed_is_refused():
    with pytest.raises(RuleBroken, match="Aucune date"):
        typed_days(" \n ; \n")


def test_every_other_tuesday_until_a_day_crosses_the_change_of_hour():
    rhythm = Rhythm(weekday=1, weeks=2, first=date(2027, 3, 1), until=date(2027, 4, 13))

    assert rhythm_days(rhythm) == [date(2027, 3, 2), date(2027, 3, 16), date(2027, 3, 30), date(2027, 4, 13)]


def test_the_first_day_counts_when_it_is_the_weekday():
    rhythm = Rhythm(weekday=3, weeks=1, first=date(2027, 1, 7), number=2)

    assert rhythm_days(rhythm) == [date(2027, 1, 7), date(2027, 1, 14)]


def test_of_an_end_and_a_number_the_first_reached_stops_the_series():
    rhythm = Rhythm(weekday=0, weeks=4, first=date(2027, 1, 4), until=date(2027, 12, 31), number=3)

    assert rhythm_days(rhythm) == [date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1)]


@pytest.mark.parametrize(
    ("rhythm", "sentence"),
    [
        (Rhythm(weekday=0, weeks=1, first=date(2027, 1, 4)), "Dites jusqu’à quel jour"),
        (Rhythm(weekday=0, weeks=1, first=date(2027, 1, 4), until=date(2027, 1, 3)), "Le dernier jour précède"),
        (Rhythm(weekday=0, weeks=0, first=date(2027, 1, 4), number=3), "Une séance toutes les semaines"),
        (Rhythm(weekday=0, weeks=1, first=date(2027, 1, 4), number=0), "Aucune date"),
        (Rhythm(weekday=0, weeks=1, first=date(2027, 1, 4), number=500), f"{MOST_DATES} dates au plus"),
    ],
)
def test_a_rhythm_without_sense_says_why(rhythm: Rhythm, sentence: str):
    with pytest.raises(RuleBroken, match=sentence):
        rhythm_days(rhythm)


def test_sixty_dates_are_the_most():
    assert len(rhythm_days(Rhythm(weekday=0, weeks=1, first=date(2027, 1, 4), number=MOST_DATES))) == MOST_DATES


def test_easter_falls_on_the_days_of_the_almanac():
    assert [easter(year) for year in (2025, 2026, 2027, 2038)] == [
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]


def test_holidays_are_named_and_ordinary_days_are_not():
    days = (date(2026, 11, 11), date(2027, 3, 29), date(2027, 5, 6), date(2027, 3, 26), date(2027, 3, 30))

    assert [public_holiday(day) for day in days] == [
        "le 11 novembre",
        "le lundi de Pâques",
        "l’Ascension",
        "le Vendredi saint, en Alsace et en Moselle",
        None,
    ]
