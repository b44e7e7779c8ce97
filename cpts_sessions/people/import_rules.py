"""What a file of persons must say, line by line. Pure: who is already known is for the services."""

import re
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import identity_key
from cpts_sessions.core.spreadsheet import Column, Remark, Row, Table, attempt, shorter_than, yes_or_no
from cpts_sessions.people.nomenclature import Ambiguous, Unknown, find_profession, profession

NAME_LENGTH = 100
PHONE_LENGTH = 30

COLUMNS = (
    Column("civilité", ("civ", "mme / m.", "m. / mme", "madame / monsieur"), ("titre", "genre", "sexe")),
    Column("prénom", ("prénoms", "first name", "given name"), required=True),
    Column("nom", ("nom de famille", "nom d’usage", "nom usuel", "last name", "family name", "surname"), required=True),
    Column(
        "email",
        (
            *("e-mail", "mail", "courriel", "mél", "adresse e-mail", "adresse mail", "adresse courriel", "adresse mél"),
            *("adresse électronique", "courrier électronique", "adresse de messagerie", "email address"),
        ),
        ("e-mail professionnel", "mail professionnel", "mail pro", "e-mail pro"),
        required=True,
    ),
    Column("profession", ("métier", "professions", "profession de santé"), ("fonction", "activité"), required=True),
    Column("membre", ("adhérent", "adhérente", "membre de la CPTS", "adhérent à la CPTS", "adhésion", "adhérent(e)")),
    Column(
        "téléphone",
        ("tel", "numéro de téléphone", "n° de téléphone", "phone"),
        ("portable", "mobile", "tel portable", "téléphone portable", "tel mobile", "téléphone mobile"),
    ),
    Column("RPPS", ("n° RPPS", "numéro RPPS", "no RPPS", "identifiant RPPS", "num RPPS")),
    Column("animateur", ("animatrice", "animation", "animateur / animatrice", "animateur ou animatrice", "animateurs")),
)

_CIVILITIES = {
    **dict.fromkeys(("mme", "madame", "mrs", "f", "femme", "mlle", "mademoiselle"), "Mme"),
    **dict.fromkeys(("m", "mr", "monsieur", "h", "homme"), "M."),
}


@dataclass(frozen=True)
class PersonRow:
    """One person of the file. `email` is lower-cased; None means that the file does not say.

    `civility` is « Mme » or « M. »; `animator` says whether she animates the programme the file is imported for.
    """

    line: int
    civility: str | None
    first_name: str
    last_name: str
    email: str | None
    profession_slug: str
    member: bool | None
    phone: str | None
    rpps: str | None
    animator: bool

    @property
    def full_name(self) -> str:
        """First and last name as typed."""
        return f"{self.first_name} {self.last_name}"

    @property
    def same_person(self) -> tuple[str, str, str]:
        """Equal for two lines about one person: e-mail and name, or name and profession without e-mail."""
        who = self.email or f"sans e-mail:{self.profession_slug}"
        return who, identity_key(self.last_name), identity_key(self.first_name)


@dataclass
class PeopleReading:
    """What a file says: the persons, the lines refused and why, the points to check."""

    rows: list[PersonRow] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)  # as typed, by the number of the line, even of one refused


def read_people(table: Table) -> PeopleReading:
    """Every line of the table as a person or a refusal; a line may be refused for several reasons."""
    reading = PeopleReading()
    above = _LinesAbove()
    for row in table.rows:
        reading.names[row.line_number] = _name_typed(row)
        person, refusals, notices = _read_row(table, row)
        if person is not None:
            refusals, shared = above.compare(person)
            notices += shared
            if not refusals:
                above.add(person)
                reading.rows.append(person)
        reading.refusals += [Remark(row.line_number, sentence) for sentence in refusals]
        reading.notices += [Remark(row.line_number, sentence) for sentence in notices if not refusals]
    return reading


def email_of_another_name(line: int, email: str, other_name: str) -> str:
    """The point to check when the CPTS knows this address under another name."""
    return (
        f"Ligne {line} : {email} est déjà l’adresse de {other_name}. Une nouvelle personne sera créée. "
        "Est-ce la même ? Corrigez le nom, ou réunissez les fiches ensuite."
    )


def rpps_of_another(line: int, other_name: str) -> str:
    """The refusal when this RPPS number is another person's."""
    return f"Ligne {line} : ce numéro RPPS est déjà celui de {other_name}."


def clean_email(value: str) -> str:
    """The address lower-cased; its domain is not looked up.

    Raises:
        ValueError: not an address, or one with accents before the @, which most servers refuse.
    """
    address = re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE)
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as fault:
        raise ValueError(str(fault)) from fault
    return (valid.ascii_email or valid.normalized).lower()


def has_right_key(rpps: str) -> bool:
    """Whether the last of the 11 digits is the Luhn key of the others (ISO/IEC 7812-1 annex B, as the RPPS uses)."""
    total = 0
    for place, digit in enumerate(reversed(rpps)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _read_row(table: Table, row: Row) -> tuple[PersonRow | None, list[str], list[str]]:
    if row.refusals:
        return None, list(row.refusals), []
    refusals: list[str] = []
    names = attempt(refusals, lambda: _names(row))
    email = attempt(refusals, lambda: _email(row))
    slug = attempt(refusals, lambda: _profession(row))
    civility = attempt(refusals, lambda: _civility(row))
    member = attempt(refusals, lambda: yes_or_no(table, row, "membre"))
    phone = attempt(refusals, lambda: _phone(row))
    rpps = attempt(refusals, lambda: _rpps(row))
    animator = attempt(refusals, lambda: yes_or_no(table, row, "animateur"))
    if refusals or names is None or slug is None:
        return None, refusals, []
    person = PersonRow(row.line_number, civility, *names, email, slug, member, phone, rpps, bool(animator))
    return person, [], _points_to_check(person)


def _name_typed(row: Row) -> str:
    return " ".join(row.cells.get(title, "")[:NAME_LENGTH] for title in ("prénom", "nom")).strip()


def _names(row: Row) -> tuple[str, str]:
    first, last = (shorter_than(row, title, NAME_LENGTH) for title in ("prénom", "nom"))
    if not first or not last:
        raise RuleBroken(f"Ligne {row.line_number} : nom ou prénom manquant.")
    return first, last


def _email(row: Row) -> str | None:
    value = row.cells["email"]
    try:
        return clean_email(value) if value else None
    except ValueError:
        raise RuleBroken(
            f"Ligne {row.line_number} : « {value} » n’est pas une adresse e-mail. Vérifiez l’arobase et la fin."
        ) from None


def _profession(row: Row) -> str:
    value, line = row.cells["profession"], row.line_number
    if not value:
        raise RuleBroken(f"Ligne {line} : profession manquante. Sans elle, cette personne ne peut pas être comptée.")
    match find_profession(value):
        case Ambiguous(choices):
            *others, last = (choice.label_m for choice in choices)
            raise RuleBroken(f"Ligne {line} : « {value} » peut vouloir dire {', '.join(others)} ou {last}. Précisez.")
        case Unknown(suggestion):
            raise RuleBroken(
                f"Ligne {line} : profession « {value} » inconnue. Vouliez-vous dire « {suggestion.label_m} » ?"
            )
        case found:
            return found.slug


def _civility(row: Row) -> str | None:
    value = row.cells.get("civilité", "")
    if not value:
        return None
    civility = _CIVILITIES.get(identity_key(value))
    if civility is None:
        raise RuleBroken(f"Ligne {row.line_number} : civilité « {value} » non comprise. Écrivez Mme, M. ou rien.")
    return civility


def _phone(row: Row) -> str | None:
    """As typed; the zero that tableurs take from a number is given back."""
    value = shorter_than(row, "téléphone", PHONE_LENGTH)
    return f"0{value}" if re.fullmatch(r"[1-9]\d{8}", value) else value or None


def _rpps(row: Row) -> str | None:
    value = row.cells.get("RPPS", "")
    digits = re.sub(r"[ .-]", "", value)
    if digits and not re.fullmatch(r"[0-9]{11}", digits):
        raise RuleBroken(
            f"Ligne {row.line_number} : le numéro RPPS « {value} » ne compte pas 11 chiffres. "
            "Corrigez-le ou laissez la case vide."
        )
    return digits or None


def _points_to_check(person: PersonRow) -> list[str]:
    notices = []
    if person.email is None:
        notices.append(
            f"Ligne {person.line} : pas d’adresse e-mail pour {person.full_name}. "
            "Gardée « sans e-mail » : elle ne recevra aucun message."
        )
    if person.rpps and not has_right_key(person.rpps):
        notices.append(f"Ligne {person.line} : la clé du numéro RPPS ne tombe pas juste. Gardé tel quel, à vérifier.")
    return notices


class _LinesAbove:
    """The persons already read, by what two lines must not or may share."""

    def __init__(self) -> None:
        self.by_identity: dict[tuple[str, str, str], PersonRow] = {}
        self.by_rpps: dict[str, PersonRow] = {}
        self.by_email: dict[str, PersonRow] = {}

    def add(self, person: PersonRow) -> None:
        self.by_identity[person.same_person] = person
        if person.rpps:
            self.by_rpps[person.rpps] = person
        if person.email:
            self.by_email.setdefault(person.email, person)

    def compare(self, person: PersonRow) -> tuple[list[str], list[str]]:
        """Refusals, and points to check."""
        if same := self.by_identity.get(person.same_person):
            return [_twice(person, same)], []
        if owner := self.by_rpps.get(person.rpps or ""):
            return [rpps_of_another(person.line, owner.full_name)], []
        if shared := self.by_email.get(person.email or ""):
            sentence = f"même adresse que la ligne {shared.line}, autre nom ({shared.full_name})"
            return [], [f"Ligne {person.line} : {sentence}. Deux personnes, chacune avec ses messages."]
        return [], []


def _twice(person: PersonRow, other: PersonRow) -> str:
    if person.email:
        return f"Ligne {person.line} : même personne que la ligne {other.line} (adresse et nom). Gardez-en une seule."
    return (
        f"Ligne {person.line} : {person.full_name}, {profession(person.profession_slug).label_m}, "
        f"figure déjà ligne {other.line}, sans adresse. Gardez-en une seule."
    )
