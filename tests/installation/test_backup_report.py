"""The report in a backup: its texts, its amounts and its frozen copies come back as they were."""

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.restore import restore
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import reading
from tests import databases
from tests.installation.databases_read import elsewhere
from tests.reports.annual.years import Year


@pytest.mark.parametrize("to_engine", databases.ENGINES)
def test_a_frozen_report_and_a_text_come_back(app, clock, tmp_path, to_engine):
    year = Year()
    services.note_amounts(year.id, 2025, {"27": 2500}, actor_id=year.eva.id)
    year.write("Bien : {participants}, 19 professionnels.")
    services.freeze(year.id, 2025, actor_id=year.eva.id)
    year_id, before = year.id, reading.annual_report(year.id, 2025)
    said = reading.texts(year.id, 2025)["30"].said
    back_up(tmp_path / "cpts.zip")
    db.session.remove()

    with elsewhere(to_engine, tmp_path / "autre", key_of=app):
        restore(tmp_path / "cpts.zip")
        assert reading.annual_report(year_id, 2025) == before
        assert reading.texts(year_id, 2025)["30"].said == said
