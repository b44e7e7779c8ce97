"""The registers of the demonstration: 2025 as it was, its steps invented; then something of the year under way."""

from datetime import date, timedelta

from cpts_sessions.core.clock import today
from cpts_sessions.registers import services
from cpts_sessions.registers.entries import Communicated, Done, Entry, Request
from cpts_sessions.registers.models import Channel

_YEAR = 2025
_SITE = "https://cpts.example.org"


def load_2025(organisation_id: int) -> None:
    """Note the communications and the steps of 2025, and how many professionals were supported."""
    for entry in (*_communications(), *_steps()):
        services.note(organisation_id, entry)
    services.note_supported(organisation_id, _YEAR, "4")


def load_now(organisation_id: int, *, actor_id: int) -> None:
    """Note a few things of the year under way; 2025 keeps exactly what it has."""
    if today().year == _YEAR:
        return
    for entry in _now():
        services.note(organisation_id, entry, actor_id=actor_id)
    services.note_supported(organisation_id, today().year, "2", actor_id=actor_id)


def _communications() -> list[Entry]:
    """Five, as the report of 2025 lists them; only the newsletter says its month."""
    return [
        Communicated(
            day=date(_YEAR, 1, 20),
            is_month_only=False,
            channel=Channel.SITE,
            what="page du site",
            link=f"{_SITE}/soutien-psychologique",
        ),
        Communicated(
            day=date(_YEAR, 5, 1), is_month_only=True, channel=Channel.NEWSLETTER, what="lettre d’information"
        ),
        Communicated(day=date(_YEAR, 6, 12), is_month_only=False, channel=Channel.STAND, what="stand au Colloque"),
        Communicated(
            day=date(_YEAR, 6, 28), is_month_only=False, channel=Channel.WORKSHOP, what="atelier à la Kermesse"
        ),
        Communicated(
            day=date(_YEAR, 9, 1), is_month_only=True, channel=Channel.LEAFLETS, what="dépliants aux nouveaux membres"
        ),
    ]


def _steps() -> list[Entry]:
    return [
        Done(
            day=date(_YEAR, 2, 6),
            title="Rencontre avec les internes de médecine générale",
            text="Présentation du territoire et des lieux de stage, au centre hospitalier. Douze internes présents.",
        ),
        Done(
            day=date(_YEAR, 4, 10),
            title="Livret d’accueil des nouveaux professionnels",
            text="Annuaire, dispositifs de la CPTS, aides à l’installation. Remis à chaque nouveau membre.",
            link=f"{_SITE}/livret-d-accueil",
        ),
        Done(
            day=date(_YEAR, 6, 19),
            title="Soirée d’accueil des nouveaux installés",
            text="Avec la mairie d’Ambreville et la maison de santé. Six installations dans l’année.",
        ),
        Done(day=date(_YEAR, 10, 14), title="Stand au forum des métiers de la faculté de médecine"),
        Done(
            day=date(_YEAR, 11, 20),
            title="Journée de découverte du territoire",
            text="Trois cabinets ont ouvert leurs portes aux écoles d’orthophonie et de kinésithérapie.",
        ),
    ]


def _now() -> list[Entry]:
    return [
        Communicated(day=_ago(70), is_month_only=False, channel=Channel.SITE, what="page du site refaite", link=_SITE),
        Request(
            day=_ago(40),
            tool="ICCOPE",
            asker="CPTS des Trois Rivières",
            natures="Formation, stratégie de communication",
            needs="Lancer le dépistage dans deux pharmacies",
        ),
        Communicated(
            day=_ago(33).replace(day=1), is_month_only=True, channel=Channel.NEWSLETTER, what="lettre d’information"
        ),
        Done(
            day=_ago(25),
            title="Accueil de deux internes",
            text="Visite des cabinets et repas avec l’équipe de la CPTS.",
        ),
        Request(
            day=_ago(12),
            tool="Insuffisance cardiaque",
            asker="Maison de santé du Moulin",
            natures="Invitation aux formations",
            needs="Un parcours commun avec l’hôpital",
        ),
    ]


def _ago(days: int) -> date:
    """A day lately, of the year under way."""
    return max(today() - timedelta(days=days), date(today().year, 1, 1))
