"""Giving and taking roles, from the pages and from the command line."""

import re

import pytest
from sqlalchemy import select

from cpts_sessions.accounts import queries, services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.cli.main import cli
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from tests.factories import make_coordinator, make_organisation, make_person


def written() -> list[tuple[str, str, dict[str, str]]]:
    rows = db.session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars()
    return [(row.kind, row.to_address, row.values) for row in rows]


def test_a_role_can_be_given_to_somebody_new_who_is_told_once(app, clock):
    organisation = make_organisation(name="CPTS des Pins")
    actor = make_coordinator(organisation, first_name="Eva", last_name="Martin")

    for _ in range(2):
        person = services.grant(
            organisation, "Lucie@Example.org", RoleName.COORDINATOR, name="Lucie Le Goff", actor=actor
        )

    assert (person.first_name, person.last_name, person.email) == ("Lucie", "Le Goff", "lucie@example.org")
    assert queries.roles_of(person).names == {RoleName.COORDINATOR}
    assert written() == [
        (
            "role_accorde",
            "lucie@example.org",
            {
                "auteur": "Eva Martin",
                "droits": "Vous y préparez la saison, suivez les inscriptions et rédigez le rapport d’activité.",
                "espace": "coordination",
                "lien_entree": "http://localhost/connexion",
                "prenom": "Lucie",
            },
        )
    ]
    entries = db.session.execute(select(AuditEntry)).scalars().all()
    assert [(e.kind, e.actor_id, e.person_id, e.values) for e in entries] == [
        ("role_granted", actor.id, person.id, {"role": "coordinator"})
    ]


def test_the_name_is_asked_when_the_address_does_not_say_who(app, clock):
    organisation = make_organisation()
    for name in ("Roux", "Blanc"):
        make_person(organisation, email="cabinet@example.org", first_name="Anne", last_name=name)

    for email, sentence in (
        ("cabinet@example.org", "Plusieurs personnes partagent"),
        ("inconnue@example.org", "Personne n’a encore"),
    ):
        with pytest.raises(RuleBroken, match=sentence):
            services.grant(organisation, email, RoleName.ANIMATOR)

    person = services.grant(organisation, "cabinet@example.org", RoleName.ANIMATOR, name="anne BLANC")
    assert person.last_name == "Blanc"


def test_a_role_taken_back_is_gone_at_once(app, clock):
    organisation = make_organisation()
    person = make_coordinator(organisation)
    way_in = services.links_for(organisation, person.email or "")[0]
    secret = services.open_by_token(organisation.id, way_in.url.rpartition("/")[2], None, "")
    with pytest.raises(RuleBroken, match="Personne d’autre ne coordonne"):
        services.revoke(person, RoleName.COORDINATOR)
    make_coordinator(organisation)

    services.revoke(person, RoleName.COORDINATOR)

    assert (queries.roles_of(person).is_staff, queries.signed_in(secret, organisation.id)) == (False, None)


def test_an_administrator_may_all_that_a_coordinator_may(app, clock):
    organisation = make_organisation()
    person = make_person(organisation)
    services.give(person, RoleName.ADMINISTRATOR)

    roles = queries.roles_of(person)

    assert (roles.is_administrator, roles.is_coordinator, roles.is_animator) == (True, True, False)


def test_giving_a_role_without_a_word_says_whether_it_is_new(app, clock):
    person = make_person(make_organisation())

    assert [services.give(person, RoleName.ANIMATOR) for _ in range(2)] == [True, False]
    assert written() == []


def run(app, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(cli, arguments)
    return result.exit_code, result.output


def test_login_link_prints_one_link_for_each_person_of_the_address(app, clock):
    organisation = make_organisation(slug="pins")
    make_person(organisation, email="cabinet@example.org", first_name="Anne", last_name="Roux")
    make_coordinator(organisation, email="cabinet@example.org", first_name="Eva", last_name="Blanc")

    code, output = run(app, "login-link", "cabinet@example.org")

    hidden = re.sub(r"[\w-]{43}", "…", output.replace("\u00a0", " "))
    assert (code, hidden.splitlines()) == (
        0,
        [
            "Anne Roux, 60 minutes : http://localhost/connexion/…",
            "Eva Blanc, 15 minutes : http://localhost/connexion/…",
        ],
    )
    tokens = re.findall(r"[\w-]{43}", output)
    assert [bool(services.open_by_token(organisation.id, token, None, "")) for token in tokens] == [True, True]
    assert [entry.kind for entry in db.session.execute(select(AuditEntry)).scalars()] == ["login_link_made"] * 2


def test_commands_ask_which_organisation_when_there_are_several(app, clock):
    first = make_organisation(slug="ambre")
    make_organisation(slug="pins", public_url="http://autre.example.org")
    make_person(first, email="anne@example.org")

    refused = run(app, "login-link", "anne@example.org")
    named = run(app, "login-link", "anne@example.org", "--organisation", "ambre")
    unknown = run(app, "login-link", "anne@example.org", "--organisation", "sable")

    assert [code for code, _ in (refused, named, unknown)] == [1, 0, 1]
    assert "précisez --organisation SLUG parmi ambre et pins." in refused[1]
    assert "Aucune CPTS ne s’appelle sable." in unknown[1]


def test_role_grant_makes_the_person_and_says_so(app, clock):
    organisation = make_organisation()

    code, output = run(app, "role", "grant", "lucie@example.org", "administrator", "--name", "Lucie Roy")

    assert (code, output) == (0, "Accès donné à Lucie Roy.\n")
    assert [p.email for p in queries.staff_of(organisation.id, RoleName.ADMINISTRATOR)] == ["lucie@example.org"]
