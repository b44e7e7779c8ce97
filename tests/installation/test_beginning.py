"""« Commencer avec ma CPTS »: the demonstration gives its place up, to who was told the code, and to nobody else."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from cpts_sessions.core import public_version
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.public_version import PublicVersion
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.beginning import GONE, WRONG_CODE, Beginning, WrongCode, replace_demonstration
from cpts_sessions.installation.founding import add_organisation, lock_installation, remove_demonstration
from cpts_sessions.installation.starting_code import is_code_of, starting_code
from cpts_sessions.organisations.models import FirstSteps, Organisation
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.programmes.models import Programme
from tests.factories import make_organisation


def told(**changes):
    values = {
        "code": starting_code() or "",
        "name": "CPTS des Trois Vallées",
        "coordinator": "Nadia Roche",
        "email": "nadia.roche@example.org",
    }
    return Beginning(**{**values, **changes})


def invent():
    """A demonstration as far as this goes: the CPTS, its professions and programmes, nobody in it."""
    invented = Organisation(
        name="CPTS du Val d’Ambre",
        slug="val-d-ambre",
        public_url="http://localhost",
        mail_address="contact@cpts.example.org",
        is_demonstration=True,
    )
    with transaction():
        add_organisation(invented, lock_installation())
    forget_sites()


def names():
    db.session.rollback()
    return db.session.execute(select(Organisation.name).order_by(Organisation.id)).scalars().all()


def test_who_has_the_code_replaces_the_demonstration(app, clock):
    demonstration.load()

    founded = replace_demonstration(told())

    assert (names(), founded.replaced_demonstration) == (["CPTS des Trois Vallées"], True)
    assert [one.person.full_name for one in founded.ways_in] == ["Nadia Roche"]
    (steps,) = db.session.execute(select(FirstSteps)).scalars()
    assert (steps.organisation_id, steps.passed, steps.dismissed_at) == (founded.organisation.id, {}, None)


def test_what_was_read_of_the_demonstration_is_in_nobodys_way(app, clock):
    invent()
    read = [*db.session.query(Organisation), *db.session.query(PublicVersion), *db.session.query(Programme)]
    before = public_version.current(read[0].id)

    founded = replace_demonstration(told())

    assert (len(read) > 2, names()) == (True, ["CPTS des Trois Vallées"])
    assert (
        public_version.current(founded.organisation.id) > before
    )  # it may have the same number: nothing kept is shown


def test_the_code_is_three_groups_and_is_read_as_people_type_it(app, clock):
    invent()
    code = starting_code()

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code)
    typed = [code, code.lower(), code.replace("-", " "), f"  {code.replace('0', 'o').replace('1', 'l')} "]
    assert [is_code_of(demonstration.find(), one) for one in typed] == [True] * 4
    wrong = ["", "0", code[:-1], f"{code}0", code[::-1], "ÉÉÉÉ-ÉÉÉÉ-ÉÉÉÉ", "²" * 12]
    assert [is_code_of(demonstration.find(), one) for one in wrong] == [False] * 7


def test_another_demonstration_has_another_code(app, clock):
    invent()
    first = starting_code()
    with transaction():
        remove_demonstration()
    assert starting_code() is None
    invent()

    assert starting_code() != first
    with pytest.raises(WrongCode, match=re.escape(WRONG_CODE)):
        replace_demonstration(told(code=first))
    assert names() == ["CPTS du Val d’Ambre"]


def test_a_real_cpts_is_never_replaced_and_has_no_code(app, clock):
    invent()
    code = starting_code()
    replace_demonstration(told())

    assert starting_code() is None
    with pytest.raises(RuleBroken, match=re.escape(GONE)):
        replace_demonstration(told(code=code, name="CPTS d’à côté"))
    assert names() == ["CPTS des Trois Vallées"]


def test_a_real_cpts_beside_the_demonstration_is_enough_to_refuse(app, clock):
    invent()
    given = told()
    make_organisation(name="CPTS des Deux Rives", public_url="https://rives.example.org")

    assert starting_code() is None
    with pytest.raises(RuleBroken, match=re.escape(GONE)):
        replace_demonstration(given)


@pytest.mark.parametrize("given", [{"email": "nadia"}, {"name": " – "}, {"coordinator": "Nadia"}])
def test_what_cannot_be_used_leaves_the_demonstration_whole(app, clock, given):
    invent()
    with pytest.raises(RuleBroken):
        replace_demonstration(told(**given))
    assert names() == ["CPTS du Val d’Ambre"]


def test_of_two_at_once_one_begins(app):
    invent()
    given, together = [told(name=f"CPTS numéro {n}") for n in (1, 2)], Barrier(2)

    def begin(mine):
        with app.app_context():
            together.wait(60)
            try:
                replace_demonstration(mine)
            except RuleBroken as refusal:
                return str(refusal)
            finally:
                db.session.remove()
            return "begun"

    db.session.remove()
    with ThreadPoolExecutor(2) as both:
        ended = sorted(both.map(begin, given))

    assert ended == [GONE, "begun"]
    assert len(names()) == 1
