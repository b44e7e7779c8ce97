"""A card « avant / après » filled by telephone, in the room: its marks wait, sealed, until five cards are complete.

The address on a card is derived from its session, and serves on its day. Nothing says who filled a card or when: one
sealed text of one size per programme and year is written anew at each passage, and the tables grow by five at least.
"""

import base64
import hmac
from datetime import time, timedelta
from typing import Final
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from sqlalchemy import Select, delete, select

from cpts_sessions.core import clock
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import weekday_day
from cpts_sessions.core.secrets import derive
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.programmes.queries import sessions_between
from cpts_sessions.questionnaires import cards, effect_counts, effects, keys, rules, tray
from cpts_sessions.questionnaires.effects import Marks, is_its_day
from cpts_sessions.questionnaires.models import WaitingCards
from cpts_sessions.questionnaires.sealed_box import EMPTY, Sealer
from cpts_sessions.questionnaires.tray import Tray

PATH: Final = "carte"
_TOKEN_BYTES: Final = 10
_LONGEST: Final = timedelta(days=2)
_NO_KEY: Final = "Le téléphone ne peut pas garder votre réponse ce soir : remplissez la carte en papier et rendez-la."


def token(group_session: GroupSession) -> str:
    """Return the 16 signs (80 bits) by which a telephone finds the session of a card."""
    mac = derive(f"cards:{group_session.public_id}")
    return base64.b32encode(mac[:_TOKEN_BYTES]).decode().lower()


def address(group_session: GroupSession, number: str = "") -> str:
    """Return what the QR code of a card opens; without number, the page where it is typed."""
    end = f"/{number}" if number else ""
    return f"{group_session.organisation.public_url}/{PATH}/{token(group_session)}{end}"


def cards_of(group_session: GroupSession) -> bytes:
    """Make the cards of a session, whole pages for as many as may come, each with its code for telephones.

    Raises:
        RuleBroken: there are no cards at this session.
    """
    if not takes_cards(group_session):
        raise RuleBroken("Cette séance n’a pas de cartes avant/après.")
    pages = -(-group_session.capacity // cards.PER_PAGE_WITH_CODES)
    return cards.card_sheet(
        group_session.organisation,
        effect_counts.asked_by(group_session.programme),
        count=min(pages * cards.PER_PAGE_WITH_CODES, effects.MOST),
        address=lambda number: address(group_session, number),
        days=f"Le code sert le {weekday_day(group_session.starts_at)}.",
    )


def takes_cards(group_session: GroupSession) -> bool:
    """Whether there are cards at this session: of a programme that has some, not a séance de découverte."""
    has_cards = effects.asked_on_cards(group_session.programme.questionnaire_slug) is not None
    return has_cards and not group_session.is_discovery and group_session.status != SessionStatus.CANCELLED


def session_of(organisation_id: int, given: str) -> GroupSession | None:
    """Return the session whose cards carry this token, on its day; None on any other day, or for any other token."""
    day = clock.today()
    first, end = clock.at(day, time()) - _LONGEST, clock.at(day + timedelta(days=1), time())
    found = None
    for one in sessions_between(organisation_id, first, end):
        if hmac.compare_digest(token(one).encode(), given.encode()) and _is_on(one):
            found = one
    return found


def _is_on(one: GroupSession) -> bool:
    is_announced = one.status in (SessionStatus.OPEN, SessionStatus.HELD)
    return is_announced and takes_cards(one) and is_its_day(one.starts_at, one.ends_at, clock.today())


def fill(group_session: GroupSession, number: str, marks: Marks, *, is_leaving: bool) -> None:
    """Keep the marks of one passage of a card; the fifth complete one counts all that wait.

    Closing the session is never waited for, nor does it wait for this.

    Args:
        group_session: as `session_of` found it.
        number: of the card, as printed.
        marks: one for each question.
        is_leaving: the second passage; else the first, which replaces an earlier first one.

    Raises:
        RuleBroken: the card is complete, or was never begun, or nothing can be kept.
    """
    programme, year = group_session.programme, group_session.season
    evening = tray.evening_key(local(group_session.starts_at).date(), group_session.id)
    with transaction():
        effect_counts.lock_programme(programme.id)
        row = db.session.execute(_row(programme.id, year)).scalar_one_or_none()
        held = _unsealed(row)
        held.forget_before(clock.today() - timedelta(days=1))
        (held.leave if is_leaving else held.arrive)(evening, number, dict(marks))
        if ready := held.take():
            effect_counts.add(programme, year, ready)
        if row is None:
            row = WaitingCards(
                organisation_id=programme.organisation_id, programme_id=programme.id, year=year, sealed=EMPTY
            )
            db.session.add(row)
        _seal(row, held)


def forget_old() -> None:
    """Drop what was never counted of a year that is over: on 31 January, with its key."""
    waiting = db.session.execute(select(WaitingCards.id, WaitingCards.key_id, WaitingCards.year)).all()
    for row_id, key_id, year in waiting:
        if clock.today() < rules.ends_on(year):
            continue
        keys.remove(key_id)  # first: killed in between, what is left can be read by nobody
        with transaction():
            db.session.execute(delete(WaitingCards).where(WaitingCards.id == row_id))


def _row(programme_id: int, year: int) -> Select[WaitingCards]:
    mine = WaitingCards.programme_id == programme_id, WaitingCards.year == year
    return select(WaitingCards).where(*mine).with_for_update().execution_options(populate_existing=True)


def _unsealed(row: WaitingCards | None) -> Tray:
    """What waits. Nothing any more when the key is lost: four cards at most, and the evening goes on."""
    if row is None:
        return Tray()
    try:
        return tray.read(Sealer(keys.load(row.key_id), row.key_id).unseal(row.id, row.sealed))
    except (keys.KeyMissing, InvalidTag):
        row.key_id = uuid4()
        return Tray()


def _seal(row: WaitingCards, held: Tray) -> None:
    try:
        key = keys.load(row.key_id) if keys.is_there(row.key_id) else keys.create(row.key_id)
    except keys.KeyMissing:
        raise RuleBroken(_NO_KEY) from None
    row.sealed = Sealer(key, row.key_id).seal(row.id, tray.write(held))
