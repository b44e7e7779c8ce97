"""Links and codes: who gets one, what it opens, how long and how often."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cpts_sessions.accounts import queries, services
from cpts_sessions.accounts.models import LimitHit, OpenSignIn, RoleName, SignInLink
from cpts_sessions.accounts.refusals import LinkOver
from cpts_sessions.accounts.services import Asker
from cpts_sessions.core import links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from tests.conftest import NOW
from tests.factories import make_coordinator, make_organisation, make_person

HERE = Asker(browser="this browser", ask="first time")


def count(model) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def last_link() -> SignInLink:
    return db.session.execute(select(SignInLink).order_by(SignInLink.id.desc()).limit(1)).scalar_one()


def token_of(link: SignInLink) -> str:
    return links.token(Purpose.SIGN_IN, link.public_id)


def written() -> list[tuple[str, str, str]]:
    rows = db.session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars()
    return [(row.kind, row.to_name, row.to_address) for row in rows]


def test_everybody_who_shares_a_mailbox_gets_her_own_message(app, clock):
    organisation = make_organisation()
    make_person(organisation, email="cabinet@example.org", first_name="Anne", last_name="Roux")
    make_coordinator(organisation, email="cabinet@example.org", first_name="Eva", last_name="Blanc")

    services.ask_sign_in(organisation.id, " Cabinet@Example.org", HERE)

    assert written() == [
        ("connexion", "Anne Roux", "cabinet@example.org"),
        ("connexion_equipe", "Eva Blanc", "cabinet@example.org"),
    ]
    kept = db.session.execute(select(SignInLink).order_by(SignInLink.id)).scalars().all()
    assert [(link.is_staff, link.expires_at - NOW) for link in kept] == [
        (False, timedelta(minutes=60)),
        (True, timedelta(minutes=15)),
    ]


def test_neither_token_nor_code_is_in_the_database(app, clock):
    organisation = make_organisation()
    make_coordinator(organisation, email="eva@example.org")

    services.ask_sign_in(organisation.id, "eva@example.org", HERE)

    link, row = last_link(), db.session.execute(select(OutboxMessage)).scalar_one()
    everything = repr([vars(link), vars(row)])
    assert (token_of(link) in everything, links.code(link.public_id) in everything) == (False, False)
    assert (row.is_sign_in, row.useless_after, sorted(row.links)) == (True, link.expires_at, ["code", "lien_connexion"])
    assert row.values == {"prenom": "Eva"}


def test_an_unknown_address_is_counted_like_a_known_one_and_nobody_is_written_to(app, clock):
    organisation = make_organisation()

    services.ask_sign_in(organisation.id, "inconnue@example.org", HERE)

    assert (written(), count(LimitHit)) == ([], 1)


def test_a_mailbox_is_written_to_five_times_an_hour(app, clock):
    organisation = make_organisation()
    make_person(organisation, email="anne@example.org")

    for _ in range(7):
        services.ask_sign_in(organisation.id, "anne@example.org", HERE)
    assert len(written()) == 5

    clock.shift(timedelta(hours=1, seconds=1))
    services.ask_sign_in(organisation.id, "anne@example.org", HERE)
    assert len(written()) == 6


def test_a_link_opens_once(app, clock):
    organisation = make_organisation()
    person = make_person(organisation, email="anne@example.org")
    services.ask_sign_in(organisation.id, "anne@example.org", HERE)
    token = token_of(last_link())

    secret = services.open_by_token(organisation.id, token, None, "Firefox sur Android")
    with pytest.raises(LinkOver, match="a déjà servi"):
        services.open_by_token(organisation.id, token, None, "Firefox sur Android")

    who = queries.signed_in(secret, organisation.id)
    assert who is not None
    assert (who.person_id, who.roles.is_staff, count(OpenSignIn)) == (person.id, False, 1)
    assert person.active_at == NOW


@pytest.mark.parametrize(("is_staff", "minutes"), [(False, 60), (True, 15)])
def test_a_link_lasts_as_long_as_its_message_says(app, clock, is_staff, minutes):
    organisation = make_organisation()
    make = make_coordinator if is_staff else make_person
    make(organisation, email="qui@example.org")
    services.ask_sign_in(organisation.id, "qui@example.org", HERE)
    token = token_of(last_link())

    clock.shift(timedelta(minutes=minutes))
    with pytest.raises(LinkOver):
        services.open_by_token(organisation.id, token, HERE.browser, "")

    clock.shift(timedelta(seconds=-1))
    assert queries.signed_in(services.open_by_token(organisation.id, token, HERE.browser, ""), organisation.id)


def test_a_staff_link_opens_only_in_the_browser_that_asked(app, clock):
    organisation = make_organisation()
    make_coordinator(organisation, email="eva@example.org")
    services.ask_sign_in(organisation.id, "eva@example.org", HERE)
    token = token_of(last_link())

    for other in (None, "another browser"):
        with pytest.raises(RuleBroken, match="dans le navigateur où vous l’avez demandé"):
            services.open_by_token(organisation.id, token, other, "")

    assert services.open_by_token(organisation.id, token, HERE.browser, "")


def test_the_code_opens_the_page_of_whoever_received_it(app, clock):
    organisation = make_organisation()
    make_coordinator(organisation, email="equipe@example.org", last_name="Blanc")
    second = make_coordinator(organisation, email="equipe@example.org", last_name="Noir")
    services.ask_sign_in(organisation.id, "equipe@example.org", HERE)
    typed = links.code(last_link().public_id).replace("\u00a0", " ")

    who = queries.signed_in(services.open_by_code(organisation.id, typed, HERE, ""), organisation.id)

    assert who is not None
    assert who.person_id == second.id


def answers_to_wrong_codes(organisation_id: int, asker: Asker, times: int) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises(RuleBroken) as refusal:
            services.open_by_code(organisation_id, "no digit", asker, "")
        said.append(str(refusal.value))
    return said


def test_wrong_codes_get_the_same_answers_whether_a_code_was_sent_or_not(app, clock):
    organisation = make_organisation()
    make_coordinator(organisation, email="eva@example.org")
    make_person(organisation, email="anne@example.org")
    said = []
    for n, email in enumerate(("eva@example.org", "anne@example.org", "inconnue@example.org")):
        asker = Asker(browser=f"browser {n}", ask=f"ask {n}")
        services.ask_sign_in(organisation.id, email, asker)
        said.append(answers_to_wrong_codes(organisation.id, asker, 6))

    assert said[0] == [
        "Ce code n’est pas le bon. Il vous reste 4 essais.",
        "Ce code n’est pas le bon. Il vous reste 3 essais.",
        "Ce code n’est pas le bon. Il vous reste 2 essais.",
        "Ce code n’est pas le bon. Il vous reste 1 essai.",
        "Trop d’essais : ce code n’est plus valable. Demandez un nouveau lien.",
        "Trop d’essais : ce code n’est plus valable. Demandez un nouveau lien.",
    ]
    assert said == [said[0]] * 3


def test_the_right_code_comes_too_late_after_five_wrong_ones(app, clock):
    organisation = make_organisation()
    make_coordinator(organisation, email="eva@example.org")
    services.ask_sign_in(organisation.id, "eva@example.org", HERE)
    right = links.code(last_link().public_id)

    answers_to_wrong_codes(organisation.id, HERE, 5)

    with pytest.raises(RuleBroken, match="Trop d’essais"):
        services.open_by_code(organisation.id, right, HERE, "")
    again = Asker(browser=HERE.browser, ask="an invented second time")
    with pytest.raises(RuleBroken, match="n’est pas le bon"):
        services.open_by_code(organisation.id, right, again, "")


def test_a_sign_in_counts_only_in_its_organisation(app, clock):
    here = make_organisation()
    elsewhere = make_organisation(public_url="http://autre.example.org")
    make_person(here, email="anne@example.org")
    services.ask_sign_in(here.id, "anne@example.org", HERE)
    token = token_of(last_link())

    with pytest.raises(LinkOver):
        services.open_by_token(elsewhere.id, token, None, "")
    secret = services.open_by_token(here.id, token, None, "")

    assert queries.signed_in(secret, elsewhere.id) is None


def test_closing_everything_leaves_no_way_back(app, clock):
    organisation = make_organisation()
    person = make_person(organisation, email="anne@example.org")
    services.ask_sign_in(organisation.id, "anne@example.org", HERE)
    secret = services.open_by_token(organisation.id, token_of(last_link()), None, "")
    services.ask_sign_in(organisation.id, "anne@example.org", HERE)

    services.close_all_of(person.id)

    assert (count(OpenSignIn), count(SignInLink), queries.signed_in(secret, organisation.id)) == (0, 0, None)


def test_what_is_over_is_forgotten(app, clock):
    organisation = make_organisation()
    make_person(organisation, email="anne@example.org")
    services.ask_sign_in(organisation.id, "anne@example.org", HERE)
    services.open_by_token(organisation.id, token_of(last_link()), None, "")

    clock.shift(timedelta(hours=2))
    services.forget_old()
    assert (count(SignInLink), count(LimitHit), count(OpenSignIn)) == (0, 0, 1)

    clock.shift(timedelta(days=365))
    services.forget_old()
    assert count(OpenSignIn) == 0


def test_a_demonstration_lends_its_persons_and_a_real_organisation_never(app, clock):
    invented = make_organisation(is_demonstration=True)
    coordinator = make_coordinator(invented)
    participant = make_person(invented, email=queries.DEMONSTRATION_PARTICIPANT)
    real = make_organisation()
    make_coordinator(real)

    lent = [
        queries.signed_in(services.enter_demonstration(invented, role, ""), invented.id)
        for role in (RoleName.COORDINATOR, None)
    ]

    assert [who and who.person_id for who in lent] == [coordinator.id, participant.id]
    with pytest.raises(RuleBroken):
        services.enter_demonstration(real, RoleName.COORDINATOR, "")
