"""A backup becomes the database again: checked before, all or nothing, on either engine, nothing sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, bindparam, column, delete, func, insert, select, table, text, update

import config
from cpts_sessions.accounts.models import OpenSignIn, SignInLink
from cpts_sessions.core import audit, database, links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import listing, typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.public_version import PublicVersion
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation import schema
from cpts_sessions.installation.archive import TYPES, Archive, Manifest, TableEntry, kind_of
from cpts_sessions.installation.backup import write_archive
from cpts_sessions.installation.master_key import key_fingerprint
from cpts_sessions.mail.models import EMPTIED, MessageStatus, OutboxMessage, WorkerBeat
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import Installation, Organisation
from cpts_sessions.polls.models import PollInvitation
from cpts_sessions.registrations.models import DateAlert, Enrolment, PersonalFeed, Registration

ROWS_AT_A_TIME = 500
STOPPED = (
    "Sauvegarde restaurée : ce message attendait au moment de la sauvegarde, il est peut-être déjà parti depuis. "
    "Renvoyez-le s’il manque."
)
_STANDS = (
    "Une CPTS est en place ici ({names}) : rien n’a été restauré. Sauvegardez-la d’abord, "
    "puis ajoutez --replace pour la remplacer."
)
_NEWER = "Cette sauvegarde vient d’une version plus récente ({version}) : mettez d’abord l’application à jour."
_OTHER_SHAPE = "Cette sauvegarde n’a pas les tables de cette version ({what}) : rien n’a été restauré."


@dataclass(kw_only=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    replaced: list[str] = field(default_factory=list)  # names of the real CPTS that stood here
    stopped: int = 0  # messages that waited, and will not leave by themselves
    same_key: bool = True  # the master key is the one of the backup


def restore(path: Path, *, replace: bool = False, keep_queued: bool = False) -> Restored:
    """Put every row of a backup in the place of those of the database, in one transaction.

    Whoever was signed in signs in again. Messages that waited do not leave by themselves unless `keep_queued`: they
    may have left since. With another master key, the links already sent open nothing any more; the next ones do.
    Those of questionnaires are the other way round: no slot tells whose it is, so none can be given another link.

    Raises:
        RuleBroken: it is no backup, damaged, or of a newer version; a real CPTS stands here and `replace` is false.
    """
    archive = Archive(path)
    try:
        archive.check()
        revisions = schema.known()
        if archive.manifest.revision not in revisions:
            raise RuleBroken(typo(_NEWER.format(version=archive.manifest.version)))
        schema.bring_up_to_date()
        with _modern(archive, revisions[0]) as modern:
            _check_shape(modern.manifest)
            return _put_in_place(modern, replace=replace, keep_queued=keep_queued)
    finally:
        archive.close()


@contextmanager
def _modern(archive: Archive, newest: str) -> Iterator[Archive]:
    """Give the backup at the newest schema: one of an older schema goes through a database of its own, migrated."""
    if archive.manifest.revision == newest:
        yield archive
        return
    settings: config.Settings = current_app.config["SETTINGS"]
    with TemporaryDirectory(dir=settings.data_dir, prefix=".restauration-") as folder:
        migrated = Path(folder) / "migrated"
        _migrate_apart(archive, Path(folder) / "staging.db", migrated)
        modern = Archive(migrated)
        modern.manifest.key_fingerprint = archive.manifest.key_fingerprint
        modern.manifest.made_at = archive.manifest.made_at
        try:
            yield modern
        finally:
            modern.close()


def _migrate_apart(archive: Archive, staging: Path, migrated: Path) -> None:
    app = Flask("staging")
    url = f"sqlite:///{staging}"
    app.config.update(
        MASTER_KEY=current_app.config["MASTER_KEY"],
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(url),
    )
    db.init_app(app)
    schema.bind(app, schema.folder())
    database.prepare(app)
    with app.app_context():
        try:
            schema.upgrade(archive.manifest.revision)
            with db.engine.begin() as connection:
                for name, entry in archive.manifest.tables.items():
                    _fill(connection, archive, name, entry)
            schema.upgrade()
            with db.engine.connect() as connection, migrated.open("wb") as file:
                write_archive(connection, file)
        finally:
            db.engine.dispose()


def _check_shape(manifest: Manifest) -> None:
    ours = {
        one.name: {column.name: kind_of(column.type) for column in one.columns} for one in Base.metadata.sorted_tables
    }
    theirs = {name: entry.columns for name, entry in manifest.tables.items()}
    wrong = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    if wrong:
        raise RuleBroken(typo(_OTHER_SHAPE.format(what=listing(wrong))))


def _put_in_place(archive: Archive, *, replace: bool, keep_queued: bool) -> Restored:
    manifest = archive.manifest
    with transaction():
        connection = db.session.connection()
        _keep_others_out(connection)
        standing = [one.name for one in queries.every() if not one.is_demonstration]
        if standing and not replace:
            raise RuleBroken(typo(_STANDS.format(names=listing(standing))))
        version = db.session.execute(select(func.max(PublicVersion.version))).scalar_one() or 0
        db.session.expunge_all()
        for one in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(one))
        for one in Base.metadata.sorted_tables:  # parents first
            entry = manifest.tables[one.name]
            _fill(connection, archive, one.name, entry)
            _count_on(connection, one.name, entry)
        done = Restored(
            manifest=manifest,
            replaced=standing,
            stopped=_stop_messages(keep_queued=keep_queued),
            same_key=manifest.key_fingerprint == key_fingerprint(),
        )
        _begin_again(version)
        if not done.same_key:
            _link_anew()
    db.session.expire_all()
    queries.forget_sites()
    return done


def _keep_others_out(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer, and it is us
        names = ", ".join(one.name for one in Base.metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _fill(connection: Connection, archive: Archive, name: str, entry: TableEntry) -> None:
    """Write the rows of one table, and count what the database then holds.

    Raises:
        RuleBroken: it does not hold as many rows as the backup.
    """
    target = table(name, *(column(one, TYPES[kind]) for one, kind in entry.columns.items()))
    rows = archive.rows(name)
    while batch := list(islice(rows, ROWS_AT_A_TIME)):
        connection.execute(insert(target), batch)
    held = connection.execute(select(func.count()).select_from(target)).scalar_one()
    if held != entry.rows:
        raise RuleBroken(typo(f"Table {name} : {held} lignes au lieu de {entry.rows}. Rien n’a été restauré."))


def _count_on(connection: Connection, name: str, entry: TableEntry) -> None:
    """Let the next id be one that was never given, here or where the backup was made."""
    if entry.columns.get("id") != "integer":
        return
    highest: int | None = connection.execute(select(func.max(Base.metadata.tables[name].c.id))).scalar_one()
    following = max((highest or 0) + 1, entry.next_id or 1)
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name}).scalar_one()
        if sequence is not None:
            connection.execute(text("SELECT setval(:sequence, :id, false)"), {"sequence": sequence, "id": following})
    elif Base.metadata.tables[name].dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        values = {"name": name, "seq": following - 1}
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)


def _stop_messages(*, keep_queued: bool) -> int:
    """Settle the messages that waited when the backup was made.

    Returns:
        How many do not leave by themselves.
    """
    waited = OutboxMessage.status.in_((MessageStatus.QUEUED.value, MessageStatus.SENDING.value))
    of_sign_in = update(OutboxMessage).where(waited, OutboxMessage.is_sign_in)
    _run(of_sign_in.values(status=MessageStatus.OBSOLETE.value, lease_until=None, **EMPTIED))
    others = update(OutboxMessage).where(waited)
    if keep_queued:
        _run(others.values(status=MessageStatus.QUEUED.value, lease_until=None))
        return 0
    return _run(others.values(status=MessageStatus.FAILED.value, lease_until=None, last_error=typo(STOPPED)))


def _begin_again(version: int) -> None:
    """Sign everybody out, forget the worker's beat and the cached pages, keep the present key, and note the act."""
    for model in (OpenSignIn, SignInLink, WorkerBeat):
        _run(delete(model))
    _run(update(Installation).values(key_fingerprint=key_fingerprint()))
    restored = db.session.execute(select(func.max(PublicVersion.version))).scalar_one() or 0
    _run(update(PublicVersion).values(version=max(version, restored) + 1))
    for organisation_id in db.session.execute(select(Organisation.id)).scalars().all():
        audit.record(organisation_id, "sauvegarde_restauree")


def _link_anew() -> None:
    """Let the links of the messages to come open what they name: their hashes are those of the present master key."""
    for model, purpose in (
        (Registration, Purpose.REGISTRATION),
        (Enrolment, Purpose.ENROLMENT),
        (EveningLink, Purpose.EVENING),
        (PollInvitation, Purpose.POLL),
        (DateAlert, Purpose.ALERT),
        (PersonalFeed, Purpose.FEED),
    ):
        rows = db.session.execute(select(model.id, model.public_id)).all()
        hashes = [{"row": row.id, "hash": links.digest_for(purpose, row.public_id)} for row in rows]
        target = Base.metadata.tables[model.__tablename__]
        statement = update(target).where(target.c.id == bindparam("row")).values(link_hash=bindparam("hash"))
        if hashes:
            db.session.connection().execute(statement, hashes)


def _run(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
