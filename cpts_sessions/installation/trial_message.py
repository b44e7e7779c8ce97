"""A trial message leaves at once, by the real mail server, for whoever asks: does this CPTS write at all?"""

from datetime import timedelta
from typing import Final

from flask import current_app
from sqlalchemy import select, update

import config
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.first_steps import hold
from cpts_sessions.mail import imap, smtp
from cpts_sessions.mail.delivery import Courier
from cpts_sessions.mail.models import EMPTIED, MessageStatus, OutboxMessage
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person

#: Kept from the worker meanwhile: this request sends it, and learns what the server says.
_OURS: Final = timedelta(minutes=5)
_USEFUL: Final = timedelta(minutes=30)
_SOON: Final = "il attend son tour, réessayez dans un instant"
_INVENTED: Final = "Démonstration : aucun message ne part d’ici, pas même un message d’essai."
_NO_SERVER: Final = "Aucun serveur d’envoi n’est réglé : le message d’essai ne peut pas partir. Rien n’a changé."
_NO_ADDRESS: Final = "Votre fiche n’a pas d’adresse e-mail : l’essai ne saurait pas où aller."


def send_trial(organisation: Organisation, person: Person) -> str:
    """Send a trial message to the person who asks, through the real server, and remember what it answered.

    Takes as long as the server does: up to twenty seconds for one that does not answer.

    Returns:
        Why it did not leave, in French; nothing when the server took it.

    Raises:
        RuleBroken: it cannot even be tried: the demonstration, no SMTP_URL, no address.
    """
    if organisation.is_demonstration:
        raise RuleBroken(_INVENTED)
    if not smtp.is_configured():
        raise RuleBroken(_NO_SERVER)
    moment, sender = now(), organisation.mail_address
    with transaction():
        message = write_to(
            person,
            "message_essai",
            {"heure": hour(moment), "adresse": sender},
            about=About(not_before=moment + _OURS, useless_after=moment + _USEFUL),
        )
        if message is None:
            raise RuleBroken(_NO_ADDRESS)
        db.session.flush()
        message_id = message.id
    Courier(frame_of, lambda _: None).deliver_one(message_id)
    trouble = _what_became_of(message_id)
    with transaction():
        row = hold(organisation.id)
        row.tested_at, row.tested_address, row.test_trouble, row.arrived_at = moment, sender, trouble, None
    return trouble


def note_arrived(organisation_id: int) -> None:
    """Note that somebody found the trial message in her mailbox.

    Raises:
        RuleBroken: none left.
    """
    with transaction():
        row = hold(organisation_id)
        if row.tested_at is None or row.test_trouble:
            raise RuleBroken("Aucun message d’essai n’est parti. Envoyez-en un d’abord.")
        row.arrived_at = row.arrived_at or now()


def server_name() -> str | None:
    """Return the mail server of SMTP_URL as it may be shown, without user or password; None without one."""
    settings: config.Settings = current_app.config["SETTINGS"]
    if not settings.smtp_url:
        return None
    server = smtp.parse(settings.smtp_url)
    return typo(f"{server.host}, port {server.port}")


def inbox_name() -> str | None:
    """Return the mailbox of IMAP_URL as it may be shown; None without one."""
    settings: config.Settings = current_app.config["SETTINGS"]
    if not settings.imap_url:
        return None
    try:
        server = imap.parse(settings.imap_url)
    except ValueError as refusal:
        return str(refusal)
    return typo(f"{server.host}, port {server.port}")


def mailbox_trouble() -> str | None:
    """Open the mailbox where answers of agendas come in, and look no further.

    Returns:
        Why it cannot be read, in French; empty when it can; None without IMAP_URL.
    """
    settings: config.Settings = current_app.config["SETTINGS"]
    if not settings.imap_url:
        return None
    try:
        imap.look(imap.parse(settings.imap_url))
    except ValueError as refusal:
        return str(refusal)
    except imap.FAULTS as fault:
        return imap.trouble_of(fault)
    return ""


def _what_became_of(message_id: int) -> str:
    """Return why the message did not leave; it then leaves no more: an old trial would only puzzle."""
    with transaction():
        one = db.session.execute(
            select(OutboxMessage.status, OutboxMessage.last_error).where(OutboxMessage.id == message_id)
        ).one()
        if one.status == MessageStatus.SENT:
            return ""
        waiting = (MessageStatus.QUEUED.value, MessageStatus.FAILED.value)
        withdrawn = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.status.in_(waiting))
        db.session.execute(withdrawn.values(status=MessageStatus.OBSOLETE.value, lease_until=None, **EMPTIED))
        return _without_full_stop(one.last_error or _SOON)


def _without_full_stop(reason: str) -> str:
    return reason.rstrip(". ")
