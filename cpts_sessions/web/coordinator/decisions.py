"""What waits for a decision, as cards: a verb, why, one button; the most urgent first."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from flask import url_for

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now, today
from cpts_sessions.core.french import counted, plural
from cpts_sessions.people.duplicates import possible_pairs
from cpts_sessions.polls.queries import polls_to_decide
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.questionnaires.queries import collecting_boxes
from cpts_sessions.questionnaires.standing import ToDecide, to_decide
from cpts_sessions.questionnaires.words import count_waiting as count_words
from cpts_sessions.registrations import decisions as waiting
from cpts_sessions.registrations.desk import Line
from cpts_sessions.registrations.requested import count_requests
from cpts_sessions.reports.annual.reading import is_to_be_read
from cpts_sessions.web.coordinator.blocked_sending import blocked_sending
from cpts_sessions.web.coordinator.decision import Decision
from cpts_sessions.web.coordinator.suggestions import suggestions

#: How many are shown before « Voir tout », and how many of one kind among them.
MOST: Final = 8
MOST_ALIKE: Final = 2


def decisions(organisation_id: int) -> list[Decision]:
    """Return everything that waits for the coordination, the most urgent first."""
    sessions = waiting.of_sessions(organisation_id)
    late = [one for one in sessions.to_close if one.is_late]
    return [
        *_calls(organisation_id),
        *blocked_sending(organisation_id),
        *map(_below_minimum, sessions.below_minimum),
        *map(_without_animator, sessions.without_animator),
        *_messages(organisation_id),
        *map(_to_close, late),
        *_asked(organisation_id),
        *(_to_close(one) for one in sessions.to_close if not one.is_late),
        *map(_draft, sessions.drafts),
        *_report(organisation_id),
        *_polls(organisation_id),
        *map(_box, to_decide(collecting_boxes(organisation_id), today())),
        *map(_empty, sessions.empty),
        *suggestions(organisation_id),
        *_duplicates(organisation_id),
    ]


def first(every: list[Decision]) -> list[Decision]:
    """Return those shown at first: the most urgent, with no more than a few of one kind before the others."""
    if len(every) <= MOST:
        return every
    seen: Counter[str] = Counter()
    ranked = []
    for place, one in enumerate(every):
        seen[one.icon] += 1
        ranked.append((seen[one.icon] > MOST_ALIKE, place))
    return [every[place] for place in sorted(place for _, place in sorted(ranked)[:MOST])]


def _named(one: GroupSession) -> str:
    """« GAPP, mardi 8 décembre »."""
    return f"{one.programme.session_title}, {french.short_day(local(one.starts_at))}"


def _page(one: GroupSession, endpoint: str = "group_session") -> str:
    return url_for(f"coordinator.{endpoint}", public_id=one.public_id)


def _in_days(day: date) -> str:
    """« aujourd’hui », « demain », « dans 6 jours »."""
    days = (day - today()).days
    return {0: "aujourd’hui", 1: "demain"}.get(days, f"dans {days} jours")


def _calls(organisation_id: int) -> Iterator[Decision]:
    for one, number in waiting.calls_of_the_day(organisation_id):
        people = counted(number, "personne à appeler", "personnes à appeler")
        yield Decision(
            *("À appeler", "bad", "phone"),
            f"Téléphoner : {_named(one)}",
            f"Séance annulée aujourd’hui : {people}.",
            _page(one, "calls"),
            "Voir qui appeler",
        )
    for mine in waiting.offered_without_mail(organisation_id):
        one, until = mine.group_session, mine.offer_expires_at or now()
        wall = local(until)
        yield Decision(
            *("À appeler", "warn", "phone"),
            f"Appeler {mine.person.full_name}",
            f"Une place est gardée pour {mine.person.full_name}, sans e-mail : {_named(one)}. "
            f"À appeler avant le {french.short_day(wall)} à {french.hour(wall)}.",
            _page(one),
            "Voir la séance",
        )


def _below_minimum(line: Line) -> Decision:
    one = line.group_session
    taken = counted(line.taken, "place prise", "places prises")
    return Decision(
        *("Sous le minimum", "warn", "triangle-alert"),
        f"Décider : {_named(one)}",
        f"{taken} pour un minimum de {one.minimum}. Maintenir ou annuler ?",
        _page(one, "decide_minimum"),
        "Décider",
    )


def _without_animator(line: Line) -> Decision:
    one = line.group_session
    return Decision(
        *("Sans animation", "warn", "user-plus"),
        f"Confier : {_named(one)}",
        f"La séance a lieu {_in_days(local(one.starts_at).date())}, et personne n’est noté pour l’animer : "
        "le lien pour relever les présences ne part à personne.",
        _page(one, "session_animation"),
        "Choisir qui anime",
    )


def _messages(organisation_id: int) -> Iterator[Decision]:
    unreached = waiting.unreached(organisation_id)
    if unreached:
        one = unreached[0]
        alone = len(unreached) == 1
        yield Decision(
            *("Adresse refusée", "bad", "mail"),
            f"Prévenir {one.full_name if alone else f'{len(unreached)} personnes'} autrement",
            "Nos messages ne lui parviennent plus : téléphonez, ou corrigez son adresse."
            if alone
            else "Nos messages ne leur parviennent plus : téléphonez, ou corrigez leur adresse.",
            url_for("coordinator.person", public_id=one.public_id) if alone else url_for("coordinator.letters"),
            "Voir sa fiche" if alone else "Voir qui",
        )
    failed = waiting.count_failed_messages(organisation_id, [one.id for one in unreached])
    if failed:
        yield Decision(
            *("Message refusé", "bad", "mail"),
            "Regarder ce qui n’est pas parti",
            f"{counted(failed, 'message n’a pas pu partir', 'messages n’ont pas pu partir')}. "
            "Souvent une adresse mal écrite : corrigez la fiche, "
            f"{plural(failed, 'il repart tout seul', 'ils repartent tout seuls')}.",
            url_for("coordinator.messages", boite="echecs"),
            "Regarder pourquoi",
        )
    letters = waiting.count_letters(organisation_id)
    if letters:
        yield Decision(
            *("Courrier reçu", "info", "mail"),
            "Lire le courrier reçu",
            f"{counted(letters, 'réponse d’agenda est', 'réponses d’agenda sont')} à regarder : "
            "un commentaire, ou ce que l’application ne décide pas à votre place.",
            url_for("coordinator.letters"),
            "Lire",
        )


def _to_close(line: Line) -> Decision:
    one = line.group_session
    days = line.days_since_end
    return Decision(
        *(f"À clore depuis {days} jours" if line.is_late else "À clore", "bad" if line.is_late else "warn", "clock"),
        f"Clore : {_named(one)}",
        f"{counted(line.taken, 'place prise', 'places prises')}. Notez qui est venu : "
        "tant qu’elle n’est pas close, ses présences ne comptent pas.",
        _page(one, "presences"),
        "Noter les présences",
    )


def _asked(organisation_id: int) -> Iterator[Decision]:
    words = count_words(organisation_id)
    if words:
        yield Decision(
            *("Mot reçu", "info", "message-square-quote"),
            "Lire les mots signés",
            f"{counted(words, 'mot signé attend votre réponse', 'mots signés attendent votre réponse')}.",
            url_for("coordinator.words"),
            "Lire",
        )
    requests = count_requests(organisation_id)
    if requests:
        yield Decision(
            *("Demande", "info", "hourglass"),
            "Répondre aux demandes",
            f"{counted(requests, 'demande attend votre accord', 'demandes attendent votre accord')}, "
            f"{plural(requests, 'd’une personne qui n’est pas membre', 'de personnes qui ne sont pas membres')}.",
            url_for("coordinator.requests"),
            "Répondre",
        )


def _draft(line: Line) -> Decision:
    one = line.group_session
    return Decision(
        *("En préparation", "warn", "pencil"),
        f"Ouvrir : {_named(one)}",
        f"La séance a lieu {_in_days(local(one.starts_at).date())}, et personne ne peut encore s’y inscrire.",
        _page(one),
        "Voir la séance",
    )


def _report(organisation_id: int) -> Iterator[Decision]:
    """In January, the report of the year that has just ended."""
    year = today().year - 1
    if today().month == 1 and is_to_be_read(organisation_id, year):
        yield Decision(
            *("Rapport", "info", "file-text"),
            f"Relire le rapport {year}",
            f"Le rapport {year} est à jour. Il reste à relire le texte.",
            url_for("coordinator.report", year=year),
            "Ouvrir le rapport",
        )


def _polls(organisation_id: int) -> Iterator[Decision]:
    for poll in polls_to_decide(organisation_id):
        ended = french.short_day(local(poll.deadline_at))
        yield Decision(
            *("Sondage terminé", "info", "calendar-days"),
            f"Choisir les dates : {poll.programme.name}",
            f"Le sondage a pris fin le {ended}. Celles et ceux qui ont répondu attendent les dates.",
            url_for("coordinator.poll", public_id=poll.public_id),
            "Voir les réponses",
        )


def _box(ready: ToDecide) -> Decision:
    box = ready.box
    end = french.day(ready.ends_on)
    named = f"{box.programme.name} {box.year}"
    if ready.can_be_opened:
        return Decision(
            *("Derniers jours" if ready.is_ending else "Urne prête", "warn" if ready.is_ending else "ok", "lock"),
            f"Dépouiller l’urne : {named}",
            f"Elle est prête. Elle s’ouvre une seule fois, et d’office le {end}.",
            url_for("coordinator.box", public_id=box.public_id),
            "Voir avant de dépouiller",
        )
    return Decision(
        *("Derniers jours", "warn", "lock"),
        f"Saisir les derniers bulletins : {named}",
        f"L’urne n’est pas prête, et la collecte finit le {end} : les bulletins papier se saisissent avant.",
        url_for("coordinator.box", public_id=box.public_id),
        "Voir l’urne",
    )


def _empty(line: Line) -> Decision:
    one = line.group_session
    return Decision(
        *("À faire connaître", "info", "sprout"),
        f"Faire connaître : {_named(one)}",
        "Personne encore. Parlez-en dans la lettre d’information, le texte est prêt.",
        url_for("coordinator.making_known"),
        "Voir le texte",
    )


def _duplicates(organisation_id: int) -> Iterator[Decision]:
    pairs = len(possible_pairs(organisation_id))
    if pairs:
        yield Decision(
            *("Doublons", "info", "users"),
            "Comparer des fiches",
            f"{counted(pairs, 'doublon possible', 'doublons possibles')} à regarder : "
            "deux fiches, peut-être une seule personne, qui compterait deux fois.",
            url_for("coordinator.duplicates"),
            "Regarder",
        )
