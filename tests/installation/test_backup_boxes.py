"""A box in a backup: its slots come back as they were, on either engine; without its key nobody reads them."""

import pytest
from sqlalchemy import select

from cpts_sessions.cli.main import cli
from cpts_sessions.core import links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.restore import restore
from cpts_sessions.questionnaires import keys, opening, queries, services
from cpts_sessions.questionnaires.models import Box, QuestionnaireLink, Slot
from tests import databases
from tests.installation.databases_read import elsewhere
from tests.questionnaires.boxes import ballot, collecting


def sealed():
    return sorted((row.id, row.sealed) for row in db.session.execute(select(Slot.id, Slot.sealed)))


@pytest.mark.parametrize("to_engine", databases.ENGINES)
def test_sealed_ballots_come_back_and_are_lost_without_their_key(app, clock, tmp_path, to_engine):
    box, tokens = collecting(3)
    organisation_id = box.organisation_id
    services.seal_papers(box.id, [ballot("sur papier")], actor_id=None)
    before = sealed()
    back_up(tmp_path / "cpts.zip")
    db.session.remove()

    with elsewhere(to_engine, tmp_path / "autre", key_of=app):
        restore(tmp_path / "cpts.zip")

        assert sealed() == before
        box = db.session.execute(select(Box)).scalar_one()
        with pytest.raises(keys.KeyMissing):
            services.answer(organisation_id, tokens[0], ballot("perdu"))
        with pytest.raises(RuleBroken, match="n’est pas à sa place"):
            opening.close_year(box.id, actor_id=None)
        opening.renew(box.id)
        services.answer(organisation_id, tokens[0], ballot("de nouveau"))
        assert queries.paper_count(box.id) == 0


def test_under_another_master_key_only_the_links_already_received_lead_to_a_slot(app, clock, tmp_path):
    box, (received, *_) = collecting(3)
    organisation_id = box.organisation_id
    back_up(tmp_path / "cpts.zip")
    db.session.remove()

    with elsewhere("sqlite", tmp_path / "autre") as other:
        said = other.test_cli_runner().invoke(cli, ["restore", str(tmp_path / "cpts.zip")]).output

        opening.renew(db.session.execute(select(Box.id)).scalar_one())
        services.answer(organisation_id, received, ballot("de nouveau"))
        for link in db.session.query(QuestionnaireLink):
            to_come = links.token(Purpose.QUESTIONNAIRE, link.public_id)
            assert queries.box_by_token(organisation_id, to_come) is None
    assert "Les questionnaires en cours n'auront pas de nouveaux liens" in normalise(said)
