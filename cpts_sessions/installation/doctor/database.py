"""The database: reachable, at the right schema, guarded by its triggers, sound; and the worker that reads it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import counted, duration
from cpts_sessions.extensions import db
from cpts_sessions.installation import master_key, schema
from cpts_sessions.installation.doctor.findings import Finding, careful, good, wrong
from cpts_sessions.mail import queries as mail
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.questionnaires.queries import boxes_without_key
from cpts_sessions.registrations import triggers

_LOST_KEY: Final = (
    "Remettez le dossier des clés (CPTS_KEYS_DIR) à sa place. Si la clé est perdue, les réponses scellées avec elle le "
    "sont aussi : cpts-sessions boxes renew fait repartir l’urne, vide."
)
LONGEST_SILENCE: Final = timedelta(seconds=60)
LONGEST_WAIT: Final = timedelta(hours=1)
_UPGRADE = "Lancez cpts-sessions db upgrade, puis redémarrez le service."


def examine_database() -> list[Finding]:
    """Look at the database itself; what cannot be looked at without it is left out."""
    try:
        with db.engine.connect() as connection:
            return list(_of_connection(connection))
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        advice = "Vérifiez DATABASE_URL, que le serveur de bases tourne, et les droits sur le dossier des données."
        return [wrong(f"La base de données ne répond pas : {reason}", advice)]


def is_usable() -> bool:
    """Whether the tables of this version can be read."""
    try:
        with db.engine.connect() as connection:
            return schema.stored(connection) == schema.known()[0]
    except SQLAlchemyError:
        return False


def _of_connection(connection: Connection) -> Iterator[Finding]:
    stored, known = schema.stored(connection), schema.known()
    if stored is None:
        yield wrong("La base est vide : elle n’a pas encore ses tables.", _UPGRADE)
        return
    if stored not in known:
        advice = "Réinstallez la version la plus récente de l’application : un retour en arrière n’est pas possible."
        yield wrong(f"La base vient d’une version plus récente (schéma {stored}).", advice)
        return
    if stored != known[0]:
        yield wrong(f"La base est au schéma {stored}, l’application attend {known[0]}.", _UPGRADE)
        return
    yield good(f"La base répond ({connection.dialect.name}, schéma {stored}).")
    missing = sorted(set(triggers.SQLITE) - triggers.names(connection))
    if missing:
        advice = "Restaurez une sauvegarde, ou écrivez à qui maintient l’application : les places ne sont plus gardées."
        yield wrong(f"Il manque des garde-fous dans la base : {', '.join(missing)}.", advice)
    else:
        yield good("Les garde-fous des places sont dans la base.")
    yield from _soundness(connection)


def _soundness(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        said = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if said != "ok":
            yield wrong(f"Le fichier de la base est abîmé : {said}.", "Arrêtez le service et restaurez une sauvegarde.")
        else:
            yield good("Le fichier de la base est sain.")
        return
    skew = connection.execute(select(func.clock_timestamp())).scalar_one() - now()
    if abs(skew) > timedelta(seconds=60):
        advice = "Mettez les deux machines à l’heure (NTP)."
        yield wrong("L’horloge du serveur de bases et celle de cette machine diffèrent de plus d’une minute.", advice)


def examine_worker() -> list[Finding]:
    """Look at the worker by its beat, and at the messages that should have left."""
    return [_beat(), *_messages()]


def examine_key_of_start(settings: Settings) -> list[Finding]:
    """Look whether the master key is the one that the links already sent were made with."""
    if master_key.has_changed():
        return [wrong(master_key.CHANGED.format(path=settings.master_key_file), master_key.ADVICE)]
    return []


def examine_boxes() -> list[Finding]:
    """Look whether every box that still collects has its key."""
    return [
        wrong(f"La clé d’une urne manque ou ne se lit pas : {box.programme.name}, {box.year}.", _LOST_KEY)
        for box in boxes_without_key()
    ]


def _beat() -> Finding:
    beat = mail.last_beat()
    if beat is None:
        return careful("Le travail de fond n’a encore jamais tourné.", "Lancez cpts-sessions serve (ou worker).")
    silence = now() - beat
    if silence < -LONGEST_SILENCE:
        return wrong("Le dernier signe du travail de fond est dans le futur.", "L’horloge a reculé : remettez-la.")
    if silence > LONGEST_SILENCE:
        since = duration(max(silence, timedelta(minutes=1)))
        return wrong(
            f"Le travail de fond ne donne plus signe de vie depuis {since} : aucun message ne part.",
            "Lancez cpts-sessions serve (ou worker), et regardez ses messages d’erreur.",
        )
    return good("Le travail de fond tourne.")


def _messages() -> Iterator[Finding]:
    late = select(func.count()).where(
        OutboxMessage.status.in_((MessageStatus.QUEUED.value, MessageStatus.SENDING.value)),
        OutboxMessage.not_before < now() - LONGEST_WAIT,
    )
    waiting = db.session.execute(late).scalar_one()
    if waiting:
        told = counted(waiting, "message attend", "messages attendent")
        yield careful(f"{told} depuis plus d’une heure.", "Voyez SMTP_URL ci-dessous, et la page des messages.")
    failed = db.session.execute(
        select(func.count()).where(OutboxMessage.status == MessageStatus.FAILED.value)
    ).scalar_one()
    if failed:
        told = counted(failed, "message n’est pas parti", "messages ne sont pas partis")
        yield careful(f"{told}.", "La page des messages dit pourquoi, et permet de les renvoyer.")
