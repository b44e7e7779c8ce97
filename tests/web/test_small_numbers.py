"""Questions answered by fewer than five persons: whatever they answered, every page, export and command says the same.

The attacker compares: two boxes that differ only by what very few persons answered must look alike, byte for byte,
wherever a box is spoken of. Then nothing of those few can be read, nor found by subtracting one figure from another.
"""

import random
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires.definition import COMPLEMENT, PRECISION, Item, Kind, default
from cpts_sessions.questionnaires.models import Answer
from cpts_sessions.questionnaires.rules import FEWEST
from tests.questionnaires.boxes import make_asking_programme
from tests.reports.opened import opened

YEAR = 2026
ROUNDS = 6
PAGES = (
    "/coordination/",
    "/coordination/questionnaires",
    "/coordination/compter?annee=2026",
    "/coordination/journal",
)
#: What differs from one visit to the next, whoever looks at whatever.
_CHANGING = re.compile(r'(name="csrf_token"[^>]* value="|nonce-)[^"]+')


@pytest.fixture
def chance():
    """Other answers at each run; a failure says which."""
    return random.Random(random.SystemRandom().getrandbits(64))


def closed_keys(slug: str) -> Iterator[tuple[str, Item, tuple[str, ...], bool]]:
    """The names under which ticked answers are kept: name, item, what may be ticked, whether several may."""
    for item in default(slug).items:
        if item.kind is Kind.MATRIX:
            yield from ((f"{item.id}/{row}", item, item.options, False) for row in item.rows)
        elif item.options:
            yield item.id, item, item.options, item.kind is Kind.MULTIPLE
        if item.complement:
            yield item.id + COMPLEMENT, item, item.complement, True


def values_of(slug, chance, answered):
    """So many answers to each question, by its name, at random."""
    values = {}
    for name, item, options, is_many in closed_keys(slug):
        values[name] = [ticked(options, is_many, chance) for _ in range(answered[name])]
        if item.precision and name == item.id:
            told = [one for one in values[name] if item.precision in (one if is_many else [one])]
            values[item.id + PRECISION] = [f"un mot {chance.getrandbits(32):x}" for _ in told]
    return values


def ticked(options, is_many, chance):
    return chance.sample(options, chance.randint(1, len(options))) if is_many else chance.choice(options)


def put(box, values):
    """Make these the answers to these questions of an opened box."""
    with transaction():
        db.session.execute(delete(Answer).where(Answer.box_id == box.id, Answer.question.in_(values)))
        db.session.add_all(
            Answer(box_id=box.id, question=name, value=value) for name, given in values.items() for value in given
        )


def everything_said(app, coordinator, box) -> dict[str, str]:
    """Every page that speaks of a box, every export, what the command prints."""
    its = f"/coordination/questionnaires/{box.public_id}"
    said = {}
    for path in (*PAGES, its, f"{its}/commentaires", f"/coordination/dispositifs/{box.programme.public_id}"):
        answer = coordinator.get(path)
        assert answer.status_code == 200, path
        said[path] = _CHANGING.sub("", answer.get_data().decode("latin-1"))
    for layout in ("text", "json"):
        shown = app.test_cli_runner().invoke(report_cli, ["show", "--year", str(YEAR), "--format", layout])
        assert shown.exit_code == 0, shown.output
        said[layout] = shown.output
    return said


@pytest.mark.parametrize("slug", ["cercle_eval", "gapp_eval"])
def test_what_fewer_than_five_answered_is_nowhere_whatever_is_compared(
    app, clock, coordinator, organisation, slug, chance
):
    programme = make_asking_programme(organisation, questionnaire_slug=slug)
    names = [name for name, *_ in closed_keys(slug)]
    box = opened(programme, {}, year=YEAR, slug=slug)
    for _ in range(ROUNDS):
        respondents = chance.randint(5, 12)
        with transaction():
            box.respondents, box.on_paper, box.invited = respondents, chance.randint(0, respondents), 16
        answered = {name: chance.choice([chance.randint(0, 4), chance.randint(5, respondents)]) for name in names}
        few = [name for name in names if answered[name] < FEWEST]
        values = values_of(slug, chance, answered)
        put(box, values)
        told = everything_said(app, coordinator, box)
        other = values_of(slug, chance, answered | {name: chance.randint(0, 4) for name in few})
        put(box, {name: given for name, given in other.items() if name.removesuffix(PRECISION) in few})

        again = everything_said(app, coordinator, box)

        assert {path for path in told if told[path] != again[path]} == set(), (answered, few)
