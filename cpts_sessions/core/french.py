"""French as it is printed: spaces, apostrophes, days, hours and numbers.

Everything returned here is ready to be shown: U+00A0 before a colon, a percent or a euro sign, inside « »,
around the h of hours and between a day and its month; U+202F before ; ! ? and in thousands; ’ for '.
Instants are aware datetimes and are read in Paris; plain dates and times are taken as they are.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby

from cpts_sessions.core.clock import local

NBSP = "\u00a0"
NNBSP = "\u202f"
APOSTROPHE = "’"
MINUS = "−"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_COUNTED = (
    "sur|min|minutes?|heures?|jours?|semaines?|mois|ans?|fois|places?|séances?|réponses?|répondants?|personnes?"
    "|présents?|présences?|inscrits?|inscriptions?|participants?|professionnels?|professionnelles?|messages?|dates?"
)
#: Letters that no decomposition splits, and what those who type them elsewhere write instead.
WHOLE_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th"}
_WHOLE_LETTERS = str.maketrans(WHOLE_LETTERS)
_ELIDED = re.compile(r"[aeiouhàâäéèêëîïôöùûüœæ]|y[^aeiou]", re.IGNORECASE)
_BETWEEN_MAILBOXES = r"\s@<>«»()"
_ADDRESS = re.compile(  # each run of letters is read once, however long: a scheme is short, a mailbox has one beginning
    r"(?:[a-z][a-z0-9+.-]{0,30}://|www\.|mailto:|tel:)\S+"
    rf"|(?<![^{_BETWEEN_MAILBOXES}])[^{_BETWEEN_MAILBOXES}]++@[^{_BETWEEN_MAILBOXES}]+",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<!\d)(?:0 8\d\d(?: \d\d){3}|0[1-9](?: \d\d){4}|\+33 [1-9](?: \d\d){4})(?!\d)")
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?: \d{3})+(?!\d)")
_RULES = (
    (re.compile(r"(?<![ \t\r\n]) +(?=[;!?])"), NNBSP),
    (re.compile(r"(?<![ \t\r\n]) +(?=[:%€»])"), NBSP),
    (re.compile(r"(?<=«) +"), NBSP),
    (re.compile(r"(?<=\d) (?=h\b)"), NBSP),
    (re.compile(rf"(?<=\d[ {NBSP}{NNBSP}]h) (?=\d\d\b)"), NBSP),
    (re.compile(rf"((?<!\d)(?:1er|\d\d?)) (?=(?:{'|'.join(MONTHS)})\b)"), rf"\g<1>{NBSP}"),
)
#: After a number without being what it counts.
_LITTLE_WORDS = "et|ou|à|au|aux|en|de|du|des|sur|par|dans|pour|contre|le|la|les|a|ont|est|sont|dont|avec|sans|soit|qui"
_NUMBER_AND_NOUN = re.compile(rf"((?<!\d)\d{{1,3}}) (?=(?:{_COUNTED})\b)")
_NUMBER_AND_WORD = re.compile(rf"((?<!\d)\d{{1,3}}) (?=[^\W\d_])(?!(?:{_LITTLE_WORDS})\b)", re.IGNORECASE)


def typo(text: str) -> str:
    """Plain French typing made typographic, ready for a page or a mail.

    Numbers also hold on to the noun they count (« 4 places », « 5 sur 6 »). Web and mail addresses are never
    touched, nor are times such as 20:00. Applying it twice changes nothing more.
    """
    return _outside_addresses(lambda part: _NUMBER_AND_NOUN.sub(rf"\g<1>{NBSP}", _punctuate(part)), text)


def punctuate(text: str) -> str:
    """Like typo(), but numbers do not hold on to the noun they count: for the sentences of the report as computed."""
    return _outside_addresses(_punctuate, text)


def held(text: str) -> str:
    """A sentence of the report as it is shown: every number holds on to the word it counts (« 2 IDEL »), whichever."""
    return _outside_addresses(lambda part: _NUMBER_AND_WORD.sub(rf"\g<1>{NBSP}", _punctuate(part)), text)


def normalise(text: str) -> str:
    """The same text with plain spaces and straight apostrophes: to compare, and to read what was pasted."""
    return text.replace(NBSP, " ").replace(NNBSP, " ").replace(APOSTROPHE, "'")


def fold(text: str) -> str:
    """What two spellings of the same words share, for forgiving searches: no accent, no case, ł as l, single spaces."""
    return " ".join(with_plain_letters(_without_accents(normalise(text))).split())


def identity_key(name: str) -> str:
    """What makes two names the same person's: letters and digits only, no accent, no case, œ as oe. May be empty."""
    return "".join(letter for letter in _without_accents(name) if letter.isalnum())


def name_key(name: str) -> str:
    """What a name typed and the same name on a list share: its identity_key, and ł as l, ø as o, þ as th.

    Never stored: what makes two records one person is identity_key alone.
    """
    return with_plain_letters(identity_key(name))


def with_plain_letters(key: str) -> str:
    """The name_key of what is an identity_key already: thousands of them are read for one search."""
    return key if key.isascii() else key.translate(_WHOLE_LETTERS)


def number(value: float | Decimal | Fraction) -> str:
    """« 4 000 », « 5,9 », « −3 »: at most one decimal, half rounded away from zero, none when it is nil."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    tenths = int((Decimal(abs(exact).numerator * 10) / abs(exact).denominator).to_integral_value(ROUND_HALF_UP))
    whole, tenth = divmod(tenths, 10)
    sign = MINUS if exact < 0 and tenths else ""
    return sign + f"{whole:,}".replace(",", NNBSP) + (f",{tenth}" if tenth else "")


def plural(n: float | Decimal | Fraction, one: str, many: str) -> str:
    """The noun alone, `one` or `many`: in French the plural begins at 2 (« 0 place », « 1,5 point »)."""
    return one if -2 < n < 2 else many


def counted(n: int, one: str, many: str) -> str:
    """The number and its noun, held together: « 1 place », « 4 places »."""
    return f"{number(n)}{NBSP}{plural(n, one, many)}"


def ordinal_f(n: int) -> str:
    """The rank of a feminine noun, 1 being the first: « 1re », « 2e »."""
    return f"{n}re" if n == 1 else f"{n}e"


def elides(words: str) -> bool:
    """Whether « de » and « que » lose their vowel before these words; an h is taken for a mute one."""
    return bool(_ELIDED.match(words))


def of(name: str) -> str:
    """« de Paul », « d’Eva »."""
    return f"d{APOSTROPHE}{name}" if elides(name) else f"de {name}"


def listing(items: Sequence[str], separator: str = ", ") -> str:
    """« a, b et c »; empty without items."""
    if len(items) < 2:
        return "".join(items)
    return f"{separator.join(items[:-1])} et {items[-1]}"


def duration(length: timedelta) -> str:
    """« 2 h », « 1 h 30 », « 45 min »; seconds are dropped.

    Raises:
        ValueError: the length is negative.
    """
    if length < timedelta(0):
        raise ValueError("a duration cannot be negative")
    hours_, minutes = divmod(int(length / timedelta(minutes=1)), 60)
    return f"{minutes}{NBSP}min" if not hours_ else _hours_and_minutes(hours_, minutes)


def hour(instant: time | datetime) -> str:
    """« 20 h 30 », « 20 h » when the minutes are nil.

    Raises:
        ValueError: a datetime without a time zone.
    """
    moment = _in_paris(instant) if isinstance(instant, datetime) else instant
    return _hours_and_minutes(moment.hour, moment.minute)


def hours(start: time | datetime, end: time | datetime) -> str:
    """« de 20 h à 22 h »."""
    return f"de {hour(start)} à {hour(end)}"


def day(instant: date | datetime) -> str:
    """« 1er avril 2025 »."""
    return f"{day_month(instant)} {_day_of(instant).year}"


def day_month(instant: date | datetime) -> str:
    """« 1er avril »."""
    d = _day_of(instant)
    return f"{_day_number(d)}{NBSP}{MONTHS[d.month - 1]}"


def short_day(instant: date | datetime) -> str:
    """« mardi 1er avril »."""
    return f"{WEEKDAYS[_day_of(instant).weekday()]} {day_month(instant)}"


def short_days(instants: Iterable[date | datetime]) -> str:
    """« mardi 12 et mardi 19 mars », each day once, oldest first; the month is said with its last day."""
    distinct = sorted({_day_of(instant) for instant in instants})
    last_of_month = {(one.year, one.month): one for one in distinct}.values()
    return listing(
        [
            short_day(one) if one in last_of_month else f"{WEEKDAYS[one.weekday()]} {_day_number(one)}"
            for one in distinct
        ]
    )


def weekday_day(instant: date | datetime) -> str:
    """« mardi 1er avril 2025 »."""
    return f"{short_day(instant)} {_day_of(instant).year}"


def when(start: datetime, end: datetime) -> str:
    """« mardi 1er avril 2025 de 20 h à 22 h »; both days are said when it ends on another one.

    Raises:
        ValueError: a datetime without a time zone.
    """
    if _day_of(start) == _day_of(end):
        return f"{weekday_day(start)} {hours(start, end)}"
    return f"du {weekday_day(start)} à {hour(start)} au {weekday_day(end)} à {hour(end)}"


def days(instants: Iterable[date | datetime], known_year: int | None = None) -> str:
    """Days grouped by month, each once, oldest first: « 23 janvier, 4 et 20 février 2025 »; empty without days.

    The year is said once at the end, and not at all when every day is of `known_year`. Of several years each says
    its own, after a semicolon as soon as one of them contains « et ».
    """
    distinct = sorted({_day_of(instant) for instant in instants})
    if distinct and distinct[0].year == distinct[-1].year == known_year:
        return _days_of_one_year(distinct)
    years = [f"{_days_of_one_year(list(of_year))} {year}" for year, of_year in groupby(distinct, lambda d: d.year)]
    if len(years) > 1 and any(" et " in year for year in years):
        return f"{NNBSP}; ".join(years)
    return listing(years)


def _days_of_one_year(distinct: Sequence[date]) -> str:
    months = [list(of_month) for _, of_month in groupby(distinct, lambda d: d.month)]
    groups = [listing([_day_number(d) for d in of_month]) + NBSP + MONTHS[of_month[0].month - 1] for of_month in months]
    return ", ".join(groups) if len(months[-1]) > 1 else listing(groups)


def _day_number(d: date) -> str:
    return "1er" if d.day == 1 else str(d.day)


def _hours_and_minutes(hours_: int, minutes: int) -> str:
    return f"{hours_}{NBSP}h" + (f"{NBSP}{minutes:02}" if minutes else "")


def _day_of(instant: date | datetime) -> date:
    return _in_paris(instant).date() if isinstance(instant, datetime) else instant


def _in_paris(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a datetime without a time zone has no day nor hour in Paris")
    return local(instant)


def _without_accents(text: str) -> str:
    # Compatibility caseless matching, Unicode 16 section 3.13, D146: folding comes between two decompositions.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return bare.replace("œ", "oe").replace("æ", "ae")


def _outside_addresses(change: Callable[[str], str], text: str) -> str:
    parts, end = [], 0
    for address in _ADDRESS.finditer(text):
        parts += [change(text[end : address.start()]), address.group()]
        end = address.end()
    return "".join([*parts, change(text[end:])])


def _punctuate(text: str) -> str:
    text = text.replace("'", APOSTROPHE)
    text = _PHONE.sub(lambda phone: phone.group().replace(" ", NBSP), text)
    text = _THOUSANDS.sub(lambda figure: figure.group().replace(" ", NNBSP), text)
    for pattern, space in _RULES:
        text = pattern.sub(space, text)
    return text
