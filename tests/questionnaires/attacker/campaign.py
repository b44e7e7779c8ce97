"""One year of a circle of ten: they answer in an order that the attacker knows, then the box is opened."""

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import opening
from cpts_sessions.questionnaires.definition import Kind
from cpts_sessions.questionnaires.models import Box, Slot
from tests.factories import make_person
from tests.questionnaires.attacker.evidence import Evidence, copy
from tests.questionnaires.boxes import CIRCLES, held_session, make_asking_programme, token_of

PEOPLE = 10
#: Sends one form to the path of a page, and says the status of what came back.
Send = Callable[[str, dict[str, object]], int]


def attacked(organisation: Organisation, send: Send, chance: random.Random) -> tuple[Evidence, list[bytes]]:
    """Let ten people answer, each by her link, copying everything after each; return that, and the truth."""
    box, tokens = _collecting(organisation)
    chance.shuffle(tokens)
    answered = texts_of(chance)
    slots = {row.token_hash: str(row.id) for row in db.session.execute(select(Slot.token_hash, Slot.id))}
    db.session.commit()
    evidence = Evidence(Slot.__tablename__, "answer", snapshots=[copy()], texts=sorted(answered))
    for token, one in zip(tokens, answered, strict=True):
        status = send(f"/questionnaire/{token}", form(one.decode(), chance))
        if status != 303:
            raise RuntimeError(f"the page answered {status}")
        evidence.snapshots.append(copy())
    evidence.slot_of = [_key(slots[links.digest(token)]) for token in tokens]
    _end_of_time(box)
    evidence.opened = copy()
    return evidence, answered


def texts_of(chance: random.Random, longest: int = 250) -> list[bytes]:
    """Texts unlike any other, each of a length of its own."""
    lengths = chance.sample(range(longest), PEOPLE)
    return [f"{chance.randbytes(12).hex()} {'mot ' * length}fin".encode() for length in lengths]


def form(words: str, chance: random.Random) -> dict[str, object]:
    """What a browser sends: one of the options everywhere, and these words."""
    fields: dict[str, object] = {}
    for item in CIRCLES.items:
        if item.kind is Kind.LONG:
            fields[item.id] = words
        elif item.kind is Kind.MATRIX:
            fields |= {f"{item.id}-{n}": str(chance.randrange(len(item.options))) for n in range(len(item.rows))}
        else:
            fields[item.id] = str(chance.randrange(len(item.options) - 1))
    return fields


def _collecting(organisation: Organisation) -> tuple[Box, list[str]]:
    programme = make_asking_programme(organisation)
    persons = [make_person(organisation) for _ in range(PEOPLE)]
    held_session(programme, persons, now() - timedelta(days=1))
    box = db.session.execute(select(Box).where(Box.programme_id == programme.id)).scalar_one()
    return box, [token_of(box, person) for person in persons]


def _end_of_time(box: Box) -> None:
    """Let its 31 January come, and the job of the worker look."""
    with transaction():
        box.year = 2001
    opening.look_at_boxes()
    db.session.commit()


def _key(public: str) -> bytes:
    """The bytes under which a copy knows a slot."""
    if db.engine.dialect.name == "sqlite":
        return public.replace("-", "").encode()
    return public.encode()
