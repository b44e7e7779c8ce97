"""What others do, to see that the attack works: it must find nearly everything here.

Either answers go to a table of their own, with random keys and no hour, beside a list of tickets that are burnt; or
they are sealed one at a time, at their own size, and opened in the order of the slots.
"""

import os
import random
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import text

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from tests.questionnaires.attacker.campaign import PEOPLE, texts_of
from tests.questionnaires.attacker.evidence import Evidence, copy


def apart_attacked(chance: random.Random) -> tuple[Evidence, list[bytes]]:
    """A table apart, random keys, no hour: a ticket is burnt by the transaction that writes the answer."""
    answered = texts_of(chance, longest=40)  # one page of the file holds them
    tickets = _make("naive_ticket (id TEXT PRIMARY KEY, used INTEGER)", "naive_ticket", {"used": 0})
    chance.shuffle(tickets)
    evidence = Evidence(
        "naive_ticket", "naive_answer", snapshots=[copy()], texts=sorted(answered), slot_of=_keys(tickets)
    )
    for ticket, one in zip(tickets, answered, strict=True):
        with transaction():
            _run("UPDATE naive_ticket SET used = 1 WHERE id = :id", id=ticket)
            _run("INSERT INTO naive_answer VALUES (:id, :value)", id=uuid4().hex, value=one.decode())
        evidence.snapshots.append(copy())
    evidence.opened = evidence.snapshots[-1]
    return evidence, answered


def sealed_attacked(chance: random.Random) -> tuple[Evidence, list[bytes]]:
    """Ballots sealed one at a time, each at its own size; opened in the order of the slots."""
    answered = texts_of(chance)
    cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
    binary = "BLOB" if db.engine.dialect.name == "sqlite" else "BYTEA"
    slots = _make(f"naive_slot (id TEXT PRIMARY KEY, sealed {binary})", "naive_slot", {"sealed": b"empty"})
    order = list(slots)
    chance.shuffle(order)
    evidence = Evidence("naive_slot", "naive_answer", snapshots=[copy()], texts=sorted(answered), slot_of=_keys(order))
    sealed = {}
    for slot, one in zip(order, answered, strict=True):
        nonce = os.urandom(12)
        sealed[slot] = (nonce, cipher.encrypt(nonce, one, None))
        with transaction():
            _run("UPDATE naive_slot SET sealed = :sealed WHERE id = :id", id=slot, sealed=nonce + sealed[slot][1])
        evidence.snapshots.append(copy())
    with transaction():
        for slot in slots:
            opened = cipher.decrypt(*sealed[slot], None)
            _run("INSERT INTO naive_answer VALUES (:id, :value)", id=slot, value=opened.decode())
    evidence.opened = copy()
    return evidence, answered


def forget() -> None:
    """Remove what these designs left."""
    with transaction():
        for name in ("naive_ticket", "naive_answer", "naive_slot"):
            _run(f"DROP TABLE IF EXISTS {name}")


def _make(columns: str, name: str, values: dict[str, object]) -> list[str]:
    forget()
    ids = sorted(uuid4().hex for _ in range(PEOPLE))
    with transaction():
        _run(f"CREATE TABLE {columns}")
        _run("CREATE TABLE naive_answer (id TEXT PRIMARY KEY, value TEXT)")
        for id_ in ids:
            (column,) = values
            _run(f"INSERT INTO {name} (id, {column}) VALUES (:id, :value)", id=id_, value=values[column])
    return ids


def _keys(ids: list[str]) -> list[bytes]:
    return [one.encode() for one in ids]


def _run(statement: str, **values: object) -> None:
    db.session.execute(text(statement), values)
