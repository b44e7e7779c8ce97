from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cpts_sessions.core import french

NB, NN = "\u00a0", "\u202f"


def shown(marked: str) -> str:
    """The text in which _ stands for U+00A0 and ~ for U+202F."""
    return marked.replace("_", NB).replace("~", NN)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Je m'inscris", "Je m’inscris"),
        ("Vraiment ? Oui ! Bien ; merci", "Vraiment~? Oui~! Bien~; merci"),
        ("Animation : Eva", "Animation_: Eva"),
        (" : Eva", "_: Eva"),
        ("5 réponses « oui » contre 1 « non »", "5_réponses «_oui_» contre 1 «_non_»"),
        ("4 000 € et 83 %", "4~000_€ et 83_%"),
        ("1 234 567 personnes", "1~234~567_personnes"),
        ("de 20 h 30 à 22 h", "de 20_h_30 à 22_h"),
        ("le 1er avril et le 4 février 2025", "le 1er_avril et le 4_février 2025"),
        ("Il reste 4 places sur 12", "Il reste 4_places sur 12"),
        ("5 sur 6 répondants (83 %)", "5_sur 6_répondants (83_%)"),
        ("Appelez le 0 805 23 23 36 ou le 06 12 34 56 78", "Appelez le 0_805_23_23_36 ou le 06_12_34_56_78"),
        ("+33 6 12 34 56 78", "+33_6_12_34_56_78"),
        ("dès 20:00, en 2025 : 13 séances", "dès 20:00, en 2025_: 13_séances"),
        ("Qui ?\n  : rien", "Qui~?\n  : rien"),
        (
            "https://cpts.example.org/l'agenda?q=a:b ; merci",
            "https://cpts.example.org/l'agenda?q=a:b~; merci",
        ),
        ("écrire à o'neil@example.org", "écrire à o'neil@example.org"),
        ("o'neil@a@o'b, l'air-https://l'un et «l'eau@o'c»", "o'neil@a@o’b, l’air-https://l'un et «l'eau@o'c»"),
        ("une maison de 3 maisonnettes, 2025 mais 1 marsouin", "une maison de 3 maisonnettes, 2025 mais 1 marsouin"),
    ],
)
def test_plain_typing_becomes_typographic(typed, printed):
    assert french.typo(typed) == shown(printed)


@pytest.mark.parametrize("typed", ["*", "a", "é", "{a}", "a-"])
def test_a_hundred_thousand_signs_in_one_word_are_read_in_a_moment(typed):
    started = process_time()
    assert french.held(typed * 100_000) == typed * 100_000
    assert process_time() - started < 5


def test_numbers_of_the_report_do_not_hold_on_to_their_noun():
    assert french.punctuate("9 places occupées sur 12 (75 %) : l'année") == shown(
        "9 places occupées sur 12 (75_%)_: l’année"
    )


def test_numbers_of_a_sentence_that_is_shown_hold_on_to_the_word_they_count_whichever():
    told = "19 professionnels (1 médecin, 2 IDEL), 4 000 venues, 5 sur 6 en 2025 et 9 places sur 12 au 4 et 20 février"
    assert french.held(told) == shown(
        "19_professionnels (1_médecin, 2_IDEL), 4~000_venues, 5 sur 6 en 2025 et 9_places sur 12 au 4 et 20_février"
    )


PIECES = st.sampled_from(
    [
        *" \u00a0\u202f\n;:!?«»%€'’h0123456789.,@/-",
        "1er",
        "avril",
        "mai",
        "places",
        "sur",
        "h 30",
        "https://",
        "www.",
        "é",
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text()))
@example("«  ;")
@example("1 234 5678 h 30 %")
def test_typing_twice_changes_nothing_more(text):
    once = french.typo(text)
    assert french.typo(once) == once
    assert french.punctuate(once) == once
    assert french.held(french.held(text)) == french.held(text)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_typography_changes_spaces_and_apostrophes_only(text):
    def letters(some):
        return "".join(french.normalise(some).split())

    assert letters(french.typo(text)) == letters(text)


def test_normalising_undoes_typography():
    assert french.normalise(french.typo("« L'année » : 4 000 € !")) == "« L'année » : 4 000 € !"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("D’Hautcœur", "dhautcoeur"),
        ("D'HAUTCŒUR", "dhautcoeur"),
        ("Anne-Laure", "annelaure"),
        ("Anne Laure", "annelaure"),
        ("Lætitia  NOËL", "laetitianoel"),
        ("Zoe\u0308", "zoe"),
        ("Dupont 2", "dupont2"),
        ("--", ""),
    ],
)
def test_two_spellings_of_a_name_are_one_person(name, key):
    assert french.identity_key(name) == key


@given(st.text())
def test_the_key_of_a_key_is_itself(name):
    assert french.identity_key(french.identity_key(name)) == french.identity_key(name)


def test_searches_forgive_accents_case_and_spaces():
    assert french.fold("  Séance d’ÉTÉ\u00a0: œuvre ") == "seance d'ete : oeuvre"
    assert french.fold("Łódź, Sørø, ĐÀ, ħ, groß, Þór, ısı") == "lodz, soro, da, h, gross, thor, isi"


def test_a_typed_name_and_the_same_on_a_list_share_their_key_which_makes_nobody_one_person():
    assert french.name_key("Łukasz  SØRENSEN") == french.name_key("lukasz sorensen") == "lukaszsorensen"
    assert french.identity_key("Łukasz") != french.identity_key("Lukasz")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (4000, "4~000"),
        (1234567, "1~234~567"),
        (-3, "−3"),
        (5.92, "5,9"),
        (6.0, "6"),
        (0.25, "0,3"),
        (-2.41, "−2,4"),
        (-0.04, "0"),
        (Decimal("1.875"), "1,9"),
    ],
)
def test_numbers_are_written_with_a_comma_and_thin_spaces(value, written):
    assert french.number(value) == shown(written)


def test_the_plural_begins_at_two():
    assert [french.plural(n, "place", "places") for n in (0, 1, 1.5, 2)] == ["place", "place", "place", "places"]
    assert french.counted(1, "place", "places") == f"1{NB}place"
    assert french.counted(2000, "place", "places") == f"2{NN}000{NB}places"


def test_a_name_that_begins_with_a_vowel_elides_what_comes_before():
    named = ["Paul", "Eva", "Élodie", "Hélène", "Yves", "Yann", "une personne effacée"]
    assert [french.of(one) for one in named] == [
        "de Paul",
        "d’Eva",
        "d’Élodie",
        "d’Hélène",
        "d’Yves",
        "de Yann",
        "d’une personne effacée",
    ]


def test_ranks_agree_with_a_feminine_noun():
    assert [french.ordinal_f(n) for n in (1, 2, 21)] == ["1re", "2e", "21e"]


def test_the_last_of_a_list_comes_after_et():
    assert [french.listing(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a et b", "a, b et c"]


@pytest.mark.parametrize(
    ("minutes", "written"), [(120, "2_h"), (90, "1_h_30"), (65, "1_h_05"), (45, "45_min"), (0, "0_min")]
)
def test_durations_are_said_in_hours_and_minutes(minutes, written):
    assert french.duration(timedelta(minutes=minutes)) == shown(written)


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match="negative"):
        french.duration(timedelta(minutes=-1))


def test_days_and_hours_are_those_of_paris():
    start, end = datetime(2025, 4, 1, 18, 30, tzinfo=UTC), datetime(2025, 4, 1, 20, 0, tzinfo=UTC)
    assert french.when(start, end) == shown("mardi 1er_avril 2025 de 20_h_30 à 22_h")
    assert french.hour(start) == shown("20_h_30")
    assert french.weekday_day(datetime(2025, 3, 31, 22, 30, tzinfo=UTC)) == shown("mardi 1er_avril 2025")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], ""),
        ([date(2024, 3, 12)], "mardi 12_mars"),
        ([date(2024, 3, 19), date(2024, 3, 12), date(2024, 3, 12)], "mardi 12 et mardi 19_mars"),
        ([date(2024, 3, 12), date(2024, 3, 19), date(2024, 4, 2)], "mardi 12, mardi 19_mars et mardi 2_avril"),
        ([date(2024, 3, 26), date(2024, 4, 1)], "mardi 26_mars et lundi 1er_avril"),
        ([datetime(2024, 3, 11, 23, 30, tzinfo=UTC)], "mardi 12_mars"),
    ],
)
def test_days_of_the_week_each_once_the_month_with_its_last_day(days, said):
    assert french.short_days(days) == shown(said)


def test_both_sides_of_the_change_of_hour():
    assert french.hour(datetime(2026, 10, 24, 18, 0, tzinfo=UTC)) == shown("20_h")
    assert french.hour(datetime(2026, 10, 25, 18, 0, tzinfo=UTC)) == shown("19_h")


def test_a_session_ending_after_midnight_says_both_days():
    start, end = datetime(2025, 12, 31, 19, 0, tzinfo=UTC), datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    assert french.when(start, end) == shown("du mercredi 31_décembre 2025 à 20_h au jeudi 1er_janvier 2026 à 1_h_30")


def test_an_instant_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        french.day(datetime(2025, 4, 1, 20, 0))


def test_plain_days_and_times_are_taken_as_they_are():
    d = date(2025, 10, 8)
    assert french.day(d) == shown("8_octobre 2025")
    assert french.day_month(d) == shown("8_octobre")
    assert french.short_day(d) == shown("mercredi 8_octobre")
    assert french.hours(time(20), time(21, 30)) == shown("de 20_h à 21_h_30")


def test_days_of_a_known_year_do_not_repeat_it():
    season = [date(2025, 12, 18), date(2025, 12, 30)]
    assert french.days(season, known_year=2025) == shown("18 et 30_décembre")
    assert french.days(season, known_year=2024) == shown("18 et 30_décembre 2025")
    assert french.days([date(2025, 12, 18), date(2026, 1, 15)], known_year=2025) == shown(
        "18_décembre 2025 et 15_janvier 2026"
    )


def test_three_years_each_say_their_own():
    assert french.days([date(2024, 1, 1), date(2025, 2, 2), date(2026, 3, 3)]) == shown(
        "1er_janvier 2024, 2_février 2025 et 3_mars 2026"
    )


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), min_size=1, max_size=12))
def test_every_day_is_written_once_whatever_the_order(dates):
    written = french.days(dates)
    assert written == french.days(sorted(set(dates)))
    numbers = [word for word in french.normalise(written).replace(",", "").split() if word.isdigit() or word == "1er"]
    years = {d.year for d in dates}
    assert len(numbers) == len(set(dates)) + len(years)
