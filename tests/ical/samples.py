"""One date, one person and what the CPTS sends her."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from cpts_sessions.ical.changes import CalendarState, Change
from cpts_sessions.ical.invitation import Invitation
from cpts_sessions.ical.meeting import Mailbox, Meeting, invite
from cpts_sessions.ical.uids import derive_secret, uid

NOW = datetime(2027, 3, 1, 8, 30, 15, 250_000, tzinfo=UTC)
PUBLIC_ID = UUID("7c6f1f5e-52a4-4f0e-9a5b-0d2f1c3b4a59")
UID = uid(PUBLIC_ID, derive_secret(b"a key for the tests", PUBLIC_ID), "cpts.example.org")
LINK = "https://cpts.example.org/inscription/4f0mZ8q1-vLr2JxT9sWcKg"
CPTS = Mailbox(address="contact@cpts.example.org", name="CPTS du Pays d’Aval, Nord")
PERSON = Mailbox(address="zoe.noel@example.org", name="Zoé Noël-Durand")

GAPP = Meeting(
    title="GAPP",
    confidential=False,
    starts_at=datetime(2027, 3, 16, 19, 30, tzinfo=UTC),
    ends_at=datetime(2027, 3, 16, 21, 30, tzinfo=UTC),
    location="Maison de santé des Tilleuls, 3 rue des Lilas, 31999 Aval-sur-Garonne",
    hour="20\u00a0h\u00a030",
)
CIRCLE = replace(GAPP, title="Cercle de paroles", confidential=True)

NOTHING_SENT = CalendarState()
ACCEPTED = CalendarState(sequence=2, stamp=datetime(2027, 2, 20, 7, tzinfo=UTC), partstat="ACCEPTED", live=True)
CANCELLED = replace(ACCEPTED, live=False)


def first(meeting: Meeting = GAPP, **changed: object) -> Invitation:
    """Her first invitation, asked for on the web, with what a test changes."""
    state = CalendarState(sequence=0, stamp=NOW, partstat="ACCEPTED", live=True)
    invitation = invite(meeting, Change(state, "REQUEST"), uid=UID, link=LINK, cpts=CPTS, person=PERSON)
    return replace(invitation, **changed)  # type: ignore[arg-type]
