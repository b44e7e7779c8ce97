"""What the agendas of the people of a story answer, in the midst of everything else."""

from typing import Any

from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.ical.uids import derive_secret, uid
from cpts_sessions.registrations.answers import ingest
from cpts_sessions.registrations.models import Registration
from tests.registrations.acts import Act
from tests.registrations.agenda_mail import reply


class Agendas(RuleBasedStateMachine):
    """Six people whose agendas answer for them."""

    @rule(
        who=st.integers(0, 5),
        partstat=st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"]),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def answer_by_agenda(self, who: int, partstat: str, behind: int) -> None:
        """Answer the last invitation, or the one before it: the agenda has not read the last one yet."""
        story: Any = self
        hers = story.of(who, story.look.registrations)
        mine = db.session.get_one(Registration, hers.id) if hers else None
        with Act(story, "answer"):
            if mine is not None and mine.sequence is not None and mine.person.email:
                secret = derive_secret(current_app.config["MASTER_KEY"], mine.public_id)
                named = uid(mine.public_id, secret, "cpts.example.org")
                stamp = f"{now():%Y%m%dT%H%M%SZ}"
                said = {"sequence": max(mine.sequence - behind, 0), "stamp": stamp, "address": mine.person.email}
                ingest(reply(partstat, uid=named, **said))
