"""The worker as it runs: it opens by itself the box whose time has come, and sweeps the keys left behind."""

import random
from pathlib import Path

import httpx

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import keys, queries
from cpts_sessions.questionnaires.models import Box, BoxState
from tests.factories import make_organisation
from tests.faults.running import Site
from tests.processes import READY_SECONDS, free_port, until
from tests.questionnaires.attacker.campaign import form, texts_of
from tests.questionnaires.attacker.proof import installation
from tests.questionnaires.boxes import collecting, make_asking_programme


def test_the_worker_opens_what_is_due_and_removes_the_keys_of_what_is_opened(engine_name: str, tmp_path: Path) -> None:
    chance = random.Random(2026)
    with installation(engine_name, tmp_path) as (_, url):
        port = free_port()
        organisation = make_organisation(public_url=f"http://127.0.0.1:{port}")
        due, tokens = collecting(5, programme=make_asking_programme(organisation))
        left, _ = collecting(1, programme=make_asking_programme(organisation, slug="autre"))
        due_id, keys_ids = due.id, (due.key_id, left.key_id)
        texts = [text.decode() for text in texts_of(chance)[:5]]
        db.session.commit()

        with Site(tmp_path, url, port=port) as site:
            for token, text in zip(tokens, texts, strict=True):
                answered = httpx.post(
                    f"{site.url}/questionnaire/{token}", data=form(text, chance), timeout=READY_SECONDS
                )
                assert (answered.status_code, "set-cookie" in answered.headers) == (303, False)
        with transaction():
            db.session.get_one(Box, due_id).year = 2001
            db.session.get_one(Box, left.id).state = BoxState.OPENED.value  # killed before its key was removed
        with Site(tmp_path, url, port=port) as site:
            until(lambda: not any(map(keys.is_there, keys_ids)), "the keys to be removed")
            over = httpx.get(f"{site.url}/questionnaire/{tokens[0]}", timeout=READY_SECONDS)

        assert over.status_code == 410
        db.session.expire_all()
        assert db.session.get_one(Box, due_id).state == BoxState.OPENED
        assert sorted(queries.values_of(due_id, "c8")) == sorted(texts)
