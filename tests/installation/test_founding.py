"""A CPTS starts: what it begins with, what is refused, and the demonstration that goes away."""

import pytest
from sqlalchemy import func, select

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts import services as sign_in
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core import public_version
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.founding import found, free_slug
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people import nomenclature
from cpts_sessions.people.models import Person, Profession
from cpts_sessions.programmes.models import Programme
from tests.factories import make_organisation

ELSEWHERE = {"public_url": "https://autre.example.org"}


def names():
    return db.session.execute(select(Organisation.name).order_by(Organisation.id)).scalars().all()


def test_a_cpts_starts_with_its_addresses_professions_programmes_and_coordinator(app, clock):
    founded = found("CPTS du Val d’Ambre", "eva.martin@example.org")

    organisation = founded.organisation
    assert (organisation.slug, organisation.public_url, organisation.mail_address, organisation.is_demonstration) == (
        "val-d-ambre",
        "http://127.0.0.1:8000",
        "contact@cpts.example.org",
        False,
    )
    professions = select(func.count()).select_from(Profession).where(Profession.organisation_id == organisation.id)
    assert db.session.execute(professions).scalar_one() == len(nomenclature.professions())
    facts = select(
        Programme.slug,
        Programme.action,
        Programme.duration_minutes,
        Programme.capacity,
        Programme.minimum,
        Programme.is_confidential,
        Programme.counts_animators,
        Programme.audience,
    )
    assert [tuple(row) for row in db.session.execute(facts.order_by(Programme.sort_order))] == [
        ("gapp", 29, 120, 12, 4, False, True, "all"),
        ("cercle-de-paroles", 30, 90, 12, 4, True, True, "members"),
    ]
    assert public_version.current(organisation.id) >= 1
    (person,) = db.session.execute(select(Person)).scalars()
    assert (person.full_name, accounts.roles_of(person).names) == (
        "Eva Martin",
        frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
    )
    assert db.session.execute(select(OutboxMessage.kind)).scalars().all() == ["role_accorde"]


def test_the_link_it_gives_lets_the_coordinator_in(app, clock):
    founded = found("CPTS du Val d’Ambre", "contact@example.org", coordinator="Anne-Sophie Le Goff")

    (way_in,) = founded.ways_in
    assert (way_in.person.first_name, way_in.person.last_name, way_in.minutes) == ("Anne-Sophie", "Le Goff", 15)
    secret = sign_in.open_by_token(founded.organisation.id, way_in.url.rpartition("/")[2], None, "Firefox")
    assert accounts.signed_in(secret, founded.organisation.id).person_id == way_in.person.id


def test_the_demonstration_goes_away_in_the_same_act_and_stays_when_it_is_refused(app, clock):
    demonstration.load()
    with pytest.raises(RuleBroken):
        found("CPTS des Trois Vallées", "pas une adresse")
    assert names() == ["CPTS du Val d’Ambre"]

    founded = found("CPTS des Trois Vallées", "eva.martin@example.org")

    assert (names(), founded.replaced_demonstration, founded.organisation.slug) == (
        ["CPTS des Trois Vallées"],
        True,
        "trois-vallees",
    )
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 1


def test_the_demonstration_may_have_the_very_name_of_the_cpts_that_starts(app, clock):
    demonstration.load()
    founded = found("CPTS du Val d'Ambre", "eva.martin@example.org")
    assert (names(), founded.organisation.slug) == (["CPTS du Val d'Ambre"], "val-d-ambre")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "eva.martin"}, "« eva.martin » n’est pas une adresse e-mail complète."),
        ({"mail_address": "contact@"}, "« contact@ » n’est pas une adresse e-mail complète."),
        ({"name": "  – "}, "Donnez le nom de votre CPTS, par exemple « CPTS du Val d’Ambre »."),
        (
            {"public_url": "cpts.example.org"},
            "« cpts.example.org » n’est pas l’adresse d’un site : écrivez-la comme https://cpts.example.org",
        ),
        (
            {"public_url": "https://cpts.example.org/site"},
            "« https://cpts.example.org/site » n’est pas l’adresse d’un site : "
            "écrivez-la comme https://cpts.example.org",
        ),
        ({"coordinator": "Eva"}, "Indiquez le prénom et le nom, séparés par une espace."),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(app, clock, given, sentence):
    with pytest.raises(RuleBroken) as refusal:
        found(**{"name": "CPTS des Trois Vallées", "email": "eva@example.org", **given})
    assert str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ") == sentence
    assert names() == []


def test_a_second_cpts_needs_an_address_and_a_name_of_its_own(app, clock):
    make_organisation(name="CPTS du Val d’Ambre", public_url="http://127.0.0.1:8000")

    with pytest.raises(RuleBroken, match=r"Une autre CPTS répond déjà à http://127\.0\.0\.1:8000"):
        found("CPTS des Trois Vallées", "eva@example.org")
    with pytest.raises(RuleBroken, match="Une CPTS s’appelle déjà"):
        found("cpts du val d'ambre", "eva@example.org", **ELSEWHERE)
    found("CPTS des Trois Vallées", "eva@example.org", **ELSEWHERE)

    assert names() == ["CPTS du Val d’Ambre", "CPTS des Trois Vallées"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("CPTS du Val d’Ambre", "val-d-ambre"),
        ("CPTS de l’Œil Étoilé", "oeil-etoile"),
        ("Santé en Plaine", "sante-en-plaine"),
        ("CPTS", "cpts"),
    ],
)
def test_the_short_name_is_what_makes_a_cpts_different(app, name, slug):
    assert free_slug(name) == slug


def test_a_short_name_already_taken_gets_a_number(app):
    make_organisation(slug="val-d-ambre")
    make_organisation(slug="val-d-ambre-2")
    assert free_slug("CPTS du Val d’Ambre") == "val-d-ambre-3"
