"""What is written about an evening: to whoever animates, and to the coordination."""

from collections import Counter
from typing import Final

from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.links import Purpose
from cpts_sessions.evening import rules
from cpts_sessions.evening.models import REOPENINGS, EveningLink, Reopening
from cpts_sessions.mail.outbox import About
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.animated import coming
from cpts_sessions.registrations.coordination import coordinators
from cpts_sessions.registrations.models import Status
from cpts_sessions.registrations.rules import mail_leaves_at

EVE: Final = "veille_animation"
ANOTHER_LINK: Final = "lien_soir_renvoye"
TO_CLOSE: Final = "seance_a_clore"
#: Those that carry an evening link: they do not leave once it is cut.
WITH_A_LINK: Final = (EVE, ANOTHER_LINK, TO_CLOSE)

_QUESTIONNAIRE_LEAVES: Final = (
    "Le lien du questionnaire part demain aux personnes présentes pour la première fois cette année."
)


def eve(link: EveningLink) -> None:
    """Tell whoever animates how many are expected, with her evening link: the day before, or on the day itself."""
    starts = local(link.group_session.starts_at)
    is_today = starts.date() == local(now()).date()
    values = {
        "n_attendus": _expected(len(coming(link.group_session))),
        "quand_proche": "Aujourd’hui" if is_today else "Demain",
        "c_est_quand": "C’est aujourd’hui." if is_today else "C’est demain.",
        "a_bientot": "À tout à l’heure," if is_today else "À demain,",
    }
    _write_link(link, EVE, values)


def _expected(number: int) -> str:
    return french.counted(number, "personne inscrite", "personnes inscrites") if number else "aucune inscription"


def another_link(link: EveningLink) -> None:
    """Give whoever animates another evening link: the one she had was cut."""
    _write_link(link, ANOTHER_LINK, {})


def to_close(link: EveningLink) -> None:
    """Remind whoever animates that her session is not closed; never at night."""
    _write_link(link, TO_CLOSE, {}, at_night=False)


def _write_link(link: EveningLink, kind: str, values: dict[str, str], *, at_night: bool = True) -> None:
    group_session = link.group_session
    write_to(
        link.person,
        kind,
        {
            **wording.session_values(group_session),
            "fin_lien_soir": french.short_day(rules.link_last_day(group_session.starts_at)),
            **values,
        },
        links={"lien_soir": (Purpose.EVENING, link.public_id)},
        about=About(
            group_session_id=group_session.id,
            not_before=None if at_night else mail_leaves_at(now()),
            useless_after=rules.link_ends_at(group_session.starts_at),
        ),
    )


def closed(group_session: GroupSession, author: Person) -> None:
    """Tell the coordination that whoever animates closed a session: figures, and no participant's name."""
    roll = attendance.roll(group_session.id)
    tallies = attendance.tallies_at(group_session.id)
    present = roll.present + sum(tallies.values())
    unannounced = sum(line.registration.status == Status.WALK_IN for line in roll.lines)
    values = {
        **wording.session_values(group_session),
        "auteur": author.full_name,
        "n_presents": french.counted(present, "présence", "présences"),
        "bilan": french.typo(f"Présences : {present}. Absences excusées : {roll.excused}. Absences : {roll.absent}."),
        "par_profession": _by_profession(group_session, roll, tallies),
        "n_sur_place": str(unannounced) if unannounced else "",
        "questionnaire_part": _QUESTIONNAIRE_LEAVES if _is_asked_about(group_session) else "",
        "lien_seance_coordination": _page_of(group_session),
    }
    for person in coordinators(group_session.organisation_id):
        if person.id != author.id:
            write_to(person, "seance_close", values, about=About(group_session_id=group_session.id))


def _is_asked_about(group_session: GroupSession) -> bool:
    return group_session.programme.questionnaire_slug is not None and not group_session.is_discovery


def _by_profession(group_session: GroupSession, roll: attendance.Roll, tallies: dict[str, int]) -> str:
    labels = profession_labels(group_session.organisation_id)
    counted = Counter(tallies)
    for line in roll.lines:
        if line.mark == AttendanceStatus.PRESENT:
            counted[line.registration.profession_slug or line.registration.person.profession_slug or ""] += 1
    ordered = sorted(counted.items(), key=lambda row: (-row[1], labels.get(row[0], "")))
    return french.typo(", ".join(f"{labels.get(slug, 'profession non dite')} : {n}" for slug, n in ordered))


def _page_of(group_session: GroupSession) -> str:
    return f"{group_session.organisation.public_url}/coordination/seances/{group_session.public_id}"


def reopened(group_session: GroupSession, reason: Reopening) -> None:
    """Tell whoever animates that the coordination opened her session again, and why."""
    values = {**wording.session_values(group_session), "motif": REOPENINGS[reason]}
    for animator in group_session.animators:
        write_to(animator.person, "seance_rouverte", values, about=About(group_session_id=group_session.id))
