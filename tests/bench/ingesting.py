"""How many answers of agendas are read, applied and written to the disk in a second.

python -m tests.bench.ingesting [--mails 300]
"""

import argparse
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import current_app

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.ical.uids import derive_secret, uid
from cpts_sessions.registrations.answers import What, ingest
from cpts_sessions.registrations.models import Registration
from tests import databases
from tests.factories import make_group_session, make_organisation, make_programme, signed_up
from tests.questionnaires.attacker.proof import installation
from tests.registrations.agenda_mail import reply

MAILS = 300


def mails_per_second(engine: str, mails: int = MAILS) -> float:
    """Read as many answers, « peut-être » each from somebody else, each with the mail that confirms it."""
    with tempfile.TemporaryDirectory() as folder, installation(engine, Path(folder)):
        programme = make_programme(make_organisation())
        session = make_group_session(programme, starts_at=now() + timedelta(days=30), capacity=mails)
        people = [signed_up(session) for _ in range(mails)]
        raws = [_answer(one.public_id, one.person.email or "") for one in people]
        del people
        db.session.remove()  # whoever reads the mailbox holds nobody's rows from one mail to the next
        started = time.perf_counter()
        outcomes = {ingest(raw) for raw in raws}
        took = time.perf_counter() - started
        taken = db.session.query(Registration).filter_by(partstat="TENTATIVE").count()
        if outcomes != {What.TAKEN} or taken != mails:
            raise RuntimeError(f"{outcomes}: {taken} answers of {mails} were applied")
        return mails / took


def _answer(public_id: UUID, address: str) -> bytes:
    secret = derive_secret(current_app.config["MASTER_KEY"], public_id)
    return reply("TENTATIVE", uid=uid(public_id, secret, "cpts.example.org"), address=address)


def main() -> None:
    """Print the figure on each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=MAILS)
    given = parser.parse_args()
    for engine in databases.ENGINES:
        print(f"{engine}: {mails_per_second(engine, given.mails):.0f} mails per s", flush=True)


if __name__ == "__main__":
    main()
