"""The card of the desk that says that no message leaves any more: the mail server is silent, or there is none."""

from collections.abc import Iterator

from flask import url_for

from cpts_sessions.core.french import counted
from cpts_sessions.installation.trial_message import server_name
from cpts_sessions.registrations.decisions import count_blocked_messages
from cpts_sessions.web.coordinator.decision import Decision


def blocked_sending(organisation_id: int) -> Iterator[Decision]:
    """Yield the card when messages that should have left still wait; it leads to where the sending is tried."""
    blocked = count_blocked_messages(organisation_id)
    if blocked:
        why = "le serveur d’envoi ne les prend pas" if server_name() else "aucun serveur d’envoi n’est réglé"
        yield Decision(
            *("Envoi arrêté", "bad", "mail"),
            "Rétablir l’envoi des messages",
            f"{counted(blocked, 'message attend', 'messages attendent')} depuis plus d’un quart d’heure : {why}. "
            "Rien n’est perdu, mais personne ne reçoit sa confirmation.",
            url_for("coordinator.mailbox_step", _anchor="essai"),
            "Essayer l’envoi",
        )
