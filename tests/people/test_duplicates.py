"""Records that may be one person."""

import time
from hashlib import sha256

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.duplicates import Reason, mark_distinct, possible_pairs
from cpts_sessions.people.models import Person, identity_of
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def organisation(app):
    return make_organisation()


def person(organisation, first_name, last_name, email, **changes):
    return make_person(organisation, first_name=first_name, last_name=last_name, email=email, **changes)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (("ANNE", "Le-Roux", "autre@example.org"), Reason.ADDRESSES),
        (("Le Roux", "Anne", "autre@example.org"), Reason.ADDRESSES),
        (("Anne", "Le Roux", None), Reason.NO_EMAIL),
        (("Anne", "Le Rous", "anne@example.org"), Reason.SPELLING),
        (("Anne", "Le Roux-Martin", "anne@example.org"), Reason.SPELLING),
    ],
)
def test_two_records_that_look_alike_are_shown_together(organisation, other, reason):
    one, two = person(organisation, "Anne", "Le Roux", "anne@example.org"), person(organisation, *other)

    assert [(pair.lower_id, pair.higher_id, pair.reasons) for pair in possible_pairs(organisation.id)] == [
        (one.id, two.id, (reason,))
    ]


def test_one_rpps_number_is_one_person_whatever_the_names(organisation):
    one = person(organisation, "Anne", "Le Roux", "anne@example.org", rpps="10000000008")
    two = person(organisation, "A.", "Dupont", "dupont@example.org", rpps="10000000008")

    assert [(pair.lower_id, pair.higher_id, pair.reasons) for pair in possible_pairs(organisation.id)] == [
        (one.id, two.id, (Reason.RPPS,))
    ]


def test_colleagues_who_share_a_mailbox_are_not_alike(organisation):
    person(organisation, "Anne", "Le Roux", "cabinet@example.org")
    person(organisation, "Luc", "Petit", "cabinet@example.org")
    person(make_organisation(), "Anne", "Le Roux", "autre@example.org")

    assert possible_pairs(organisation.id) == []


def test_a_pair_found_distinct_is_shown_no_more(organisation):
    one = person(organisation, "Anne", "Le Roux", "anne@example.org")
    two = person(organisation, "Anne", "Le Roux", "autre@example.org")
    mark_distinct(two.id, one.id)
    mark_distinct(one.id, two.id)

    assert possible_pairs(organisation.id) == []


def test_five_thousand_persons_are_compared_in_less_than_a_second(organisation):
    told = [
        (f"cabinet{n % 500}@example.org", sha256(b"%d" % (n % 700)).hexdigest()[:7], sha256(b"%d" % n).hexdigest()[:9])
        for n in range(5000)
    ]
    with transaction():
        db.session.add_all(
            Person(
                organisation_id=organisation.id,
                email=email,
                first_name=first_name,
                last_name=last_name,
                identity=identity_of(email, first_name, last_name, None),
            )
            for email, first_name, last_name in told
        )
    began = time.process_time()
    possible_pairs(organisation.id)

    assert time.process_time() - began < 1
