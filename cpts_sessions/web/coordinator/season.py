"""The sessions of a season: a list, or a month as a calendar, with filters that the address keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.attendance.came import numbers_at
from cpts_sessions.core import clock
from cpts_sessions.core.french import MONTHS
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations import desk, listed
from cpts_sessions.registrations.queries import season_bounds
from cpts_sessions.web.coordinator import asked, blueprint, month, typed
from cpts_sessions.web.coordinator.asked import Asked, Filter
from cpts_sessions.web.coordinator.season_form import SeasonForm

#: The filters of the list: the words of the address, what they are called, and the states they keep.
STATES = {
    "a-venir": ("À venir", ("open", "full", "below_minimum", "kept", "closed")),
    "brouillons": ("En préparation", ("draft",)),
    "a-clore": ("À clore", ("to_close",)),
    "tenues": ("Tenues", ("held",)),
    "annulees": ("Annulées", ("cancelled",)),
}
#: What is to come is listed whole, whatever the year.
OF_ANY_YEAR = "a-venir"
AS_MONTH = "mois"
EVERY_YEAR = "toutes"


@dataclass(frozen=True)
class Offered:
    """What the filters of an organisation may name, and what the address names of it."""

    programmes: Sequence[Programme]
    animators: Sequence[Person]
    places: dict[str, tuple[str, ...]]
    years: Sequence[int]

    @cached_property
    def programme(self) -> Programme | None:
        """The programme asked for."""
        return next((one for one in self.programmes if str(one.public_id) == request.args.get("dispositif")), None)

    @cached_property
    def animator(self) -> Person | None:
        """Who animates what is asked for."""
        return next((one for one in self.animators if str(one.public_id) == request.args.get("animation")), None)


@blueprint.get("/seances")
def group_sessions() -> ResponseReturnValue:
    """The sessions that the address asks for, as a list or as a month."""
    offered = _offered()
    address = _address(offered)
    if asked.is_untidy():
        return redirect(address.url())
    wanted = listed.Wanted(
        programme_id=offered.programme.id if offered.programme else None,
        animator_id=offered.animator.id if offered.animator else None,
        places=offered.places[address.filters["lieu"].value] if "lieu" in address.filters else None,
        ids=listed.holding(g.organisation.id, typed.words_asked(request.args.get("q"))),
    )
    page = _month_page if "vue" in address.filters else _list_page
    return page(address, wanted, offered)


def _offered() -> Offered:
    organisation_id = g.organisation.id
    return Offered(
        programmes.programmes_of(organisation_id, with_archived=True),
        desk.possible_animators(organisation_id),
        listed.places(organisation_id),
        sorted({clock.today().year, *programmes.season_years(organisation_id)}, reverse=True),
    )


def _address(offered: Offered) -> Asked:
    words, is_month = typed.words_asked(request.args.get("q")), request.args.get("vue") == AS_MONTH
    state = asked.choice("etat", dict.fromkeys(STATES, ""))
    is_dated = is_month or state is None or state.value != OF_ANY_YEAR
    programme, animator = offered.programme, offered.animator
    return asked.asked(
        ".group_sessions",
        [
            ("vue", Filter(AS_MONTH) if is_month else None),
            ("etat", state),
            *(_dates(offered.years, is_month=is_month, has_words=bool(words)) if is_dated else ()),
            ("dispositif", Filter(str(programme.public_id), programme.name) if programme else None),
            ("animation", Filter(str(animator.public_id), animator.full_name) if animator else None),
            ("lieu", asked.choice("lieu", {key: names[0] for key, names in offered.places.items()}, "Lieu : ")),
            ("q", Filter(words, f"« {words} »") if words else None),
        ],
    )


def _dates(years: Sequence[int], *, is_month: bool, has_words: bool) -> list[tuple[str, Filter | None]]:
    """The month, else the year; this year goes without saying, but when words are looked for in every year."""
    if first := asked.month("mois"):
        return [("mois", Filter(f"{first:%Y-%m}", "" if is_month else month_words(first)))]
    if request.args.get("annee") == EVERY_YEAR:
        return [("annee", None if is_month else Filter(EVERY_YEAR, "Toutes les années"))]
    year = asked.year("annee", years)
    is_silent = is_month or (year == clock.today().year and not has_words)
    return [("annee", Filter(str(year), "" if is_silent else str(year)) if year else None)]


def month_words(first: date) -> str:
    """« novembre 2026 »."""
    return f"{MONTHS[first.month - 1]} {first.year}"


def _list_page(address: Asked, wanted: listed.Wanted, offered: Offered) -> str:
    state, year = address.value("etat"), _list_year(address)
    first, end = _bounds(address, year)
    every = listed.listed(g.organisation.id, replace(wanted, first=first, end=end))
    to_come = listed.to_come(g.organisation.id, wanted)
    lines = to_come if state == OF_ANY_YEAR else every
    lines = [line for line in lines if not state or line.state in STATES[state][1]]
    return render_template(
        "coordinator/sessions.html",
        lines=lines,
        came=numbers_at([line.group_session.id for line in lines]),
        title="Séances à venir" if state == OF_ANY_YEAR else _title(address, year),
        this_year=year or clock.today().year,
        address=address,
        views=_views(address, year),
        form=_form(offered, address, year),
        state_links=_state_links(address, every, to_come, _of_when(address, year) if first else ""),
        to_open=_url_to_open(address, year, offered) if len(lines) > 1 else "",
    )


def _list_year(address: Asked) -> int | None:
    """The year of the list: the one asked for, else this one; none when every year is listed."""
    if said := address.value("mois")[:4] or address.value("annee"):
        return None if said == EVERY_YEAR else int(said)
    return None if "q" in address.filters or address.value("etat") == OF_ANY_YEAR else clock.today().year


def _title(address: Asked, year: int | None) -> str:
    if "mois" in address.filters:
        return f"Séances, {address.filters['mois'].words}"
    return f"Séances {year}" if year else "Séances de toutes les années"


def _bounds(address: Asked, year: int | None) -> tuple[datetime | None, datetime | None]:
    if month_asked := address.value("mois"):
        return asked.bounds_of_month(month_asked)
    return season_bounds(year or clock.today().year) if year or address.value("etat") == OF_ANY_YEAR else (None, None)


def _month_page(address: Asked, wanted: listed.Wanted, offered: Offered) -> str:
    today = clock.today()
    first = asked.month("mois") or _first_month(address, today)
    state, (begins, ends) = address.value("etat"), asked.bounds_of_month(f"{first:%Y-%m}")
    every = listed.listed(g.organisation.id, replace(wanted, first=begins, end=ends))
    lines = [line for line in every if not state or line.state in STATES[state][1]]
    begins, ends = season_bounds(first.year)
    counts = listed.count_by_month(g.organisation.id, replace(wanted, first=begins, end=ends))
    around = {
        name: (_month_url(address, one), month_words(one))
        for name, one in (("before", month.following(first, -1)), ("after", month.following(first)))
        if one.year in asked.YEARS
    }
    return render_template(
        "coordinator/sessions_month.html",
        weeks=month.weeks(first, lines, today),
        title=f"Séances, {month_words(first)}",
        month=month_words(first),
        count=len(lines),
        around=around,
        today_url=_month_url(address, today) if (first.year, first.month) != (today.year, today.month) else "",
        months=_year_links(address, first, counts),
        address=address,
        views=_views(address, first.year),
        form=_form(offered, address, first.year),
        state_links=_state_links(address, every, every, f" en {month_words(first)}"),
        year=first.year,
    )


def _first_month(address: Asked, today: date) -> date:
    """The month to open: this one, or the first of the year asked for."""
    year = int(address.value("annee") or today.year)
    return date(year, today.month if year == today.year else 1, 1)


def _month_url(address: Asked, one: date) -> str:
    return address.url(vue=AS_MONTH, mois=f"{one:%Y-%m}", annee=None)


def _year_links(address: Asked, first: date, counts: dict[int, int]) -> list[tuple[str, str, bool]]:
    months = [(date(first.year, n, 1), f"{MONTHS[n - 1]} ({counts[n]})") for n in sorted(counts)]
    return [(_month_url(address, one), words, one == first) for one, words in months]


def _views(address: Asked, year: int | None) -> list[tuple[str, str, bool]]:
    is_month = "vue" in address.filters
    of_year = year if year != clock.today().year else None
    as_list = address.url(vue=None, mois=None, annee=of_year) if is_month else address.url()
    return [
        (address.url(vue=AS_MONTH, annee=None if "mois" in address.filters else of_year), "Mois", is_month),
        (as_list, "Liste", not is_month),
    ]


def _of_when(address: Asked, year: int | None) -> str:
    """« en décembre 2026 », « en 2026 »."""
    if "mois" in address.filters:
        return f" en {address.filters['mois'].words}"
    return f" en {year or clock.today().year}"


def _state_links(
    address: Asked, every: list[desk.Line], to_come: list[desk.Line], of_when: str
) -> list[tuple[str, str, bool]]:
    """The states, each with how many it lists: those of `every`, but those to come, which go beyond its year.

    Both say so: « Toutes en 2026 (8) », « À venir, toutes années (9) ».
    """
    state, listed_ids = address.value("etat"), {line.group_session.id for line in every}
    links = [(address.url(etat=None), f"Toutes{of_when} ({len(every)})", not state)]
    for name, (words, states) in STATES.items():
        found = [line for line in (to_come if name == OF_ANY_YEAR else every) if line.state in states]
        is_beyond = any(line.group_session.id not in listed_ids for line in found)
        if found or name == state:
            which = f"{words}, toutes années" if is_beyond else words
            links.append((address.url(etat=name), f"{which} ({len(found)})", name == state))
    return links


def _url_to_open(address: Asked, year: int | None, offered: Offered) -> str:
    """The address that opens all those in preparation; empty when it would open others than those listed."""
    is_whole = set(address.filters) <= {"etat", "annee", "dispositif"} and address.value("etat") == "brouillons"
    programme = offered.programme
    if not is_whole or year is None:
        return ""
    return url_for(".open_all", annee=year, dispositif=programme.public_id if programme else None)


def _form(offered: Offered, address: Asked, year: int | None) -> SeasonForm:
    form = SeasonForm(formdata=None, data={name: one.value for name, one in address.filters.items()})
    form.offer(offered.programmes, offered.animators, offered.places, offered.years)
    form.annee.data = str(year or EVERY_YEAR)
    return form
