"""What every template can count on: French typography, static URLs, rings of seats, dates and numbers."""

import math
import re
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.paths import beside
from cpts_sessions.web.assets import STATIC, Assets, StaticFiles
from cpts_sessions.web.french_loader import FrenchLoader
from cpts_sessions.web.french_loader import french as french_value
from cpts_sessions.web.markdown import markdown

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_WEEKDAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")
# ten digits, or one of the short numbers of help (3xxx, 112, 114, 119, 15, 17, 18); never « 24 h »
_TELEPHONE = re.compile(r"(?<!\d)(?:0(?:[\s.]?\d){9}|3\d{3}|11[2459]|1[578])(?![\d/]|\sh\b)")


def install(app: Flask) -> None:
    """Give the templates of an application their loader, functions and filters; an unknown name is an error.

    To be called before the first page is rendered.
    """
    app.config["WTF_I18N_ENABLED"] = False  # the sentences of WTForms, not those of a translation package
    environment = app.jinja_env
    environment.loader = FrenchLoader(FileSystemLoader(beside("templates")))
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        static_url=assets().url, icon_url=icon_url, seats=seats, day_parts=day_parts, ordinal=french.ordinal_f
    )
    environment.filters.update(
        typo=french_value,
        held=french.held,
        markdown=markdown,
        day=french.day,
        weekday_day=french.weekday_day,
        short_day=french.short_day,
        hour=french.hour,
        hours=french.hours,
        when=french.when,
        number=french.number,
        counted=french.counted,
        of=french.of,
        places_words=places_words,
        telephones=telephones,
    )


def static_files(app: Flask) -> "WSGIApplication":
    """The application behind its static files: they are answered before it, from memory, and kept by browsers."""
    return StaticFiles(app.wsgi_app, assets())


@cache
def assets() -> Assets:
    """The static files of the application, read once per process."""
    return Assets()


@cache
def icon_names() -> frozenset[str]:
    """The icons a template may name."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons/icons.svg").read_text()))


def icon_url(name: str) -> str:
    """Where an icon is drawn from.

    Raises:
        LookupError: there is no such icon.
    """
    if name not in icon_names():
        raise LookupError(f"no icon is called {name}")
    return f"{assets().url('icons/icons.svg')}#{name}"


@cache
def seats(number: int) -> list[tuple[str, str]]:
    """The centres of `number` seats around the ring, the first at noon, in the 100 × 100 square of the drawing."""
    return [
        (
            f"{50 + 45.5 * math.sin(2 * math.pi * seat / number):.4g}",
            f"{50 - 45.5 * math.cos(2 * math.pi * seat / number):.4g}",
        )
        for seat in range(number)
    ]


def day_parts(instant: date | datetime) -> tuple[str, str, str]:
    """What is written inside the ring: « mar. », « 24 », « nov. »; an instant is read in Paris."""
    day = local(instant).date() if isinstance(instant, datetime) else instant
    return _WEEKDAYS[day.weekday()], "1er" if day.day == 1 else str(day.day), _MONTHS[day.month - 1]


def places_words(free: int, waiting: int = 0) -> str:
    """The places left, in words; those who wait are told only when nothing is free."""
    if free > 1:
        return french.counted(free, "place libre", "places libres")
    if free == 1:
        return "Dernière place"
    if waiting:
        return f"Complet, {french.counted(waiting, 'personne', 'personnes')} en attente"
    return "Complet, liste d’attente ouverte"


def telephones(text: str) -> Markup:
    """A sentence in which each French telephone number, short ones included, can be dialled."""
    spoken = french.typo(text)
    parts, end = [], 0
    for found in _TELEPHONE.finditer(spoken):
        digits = re.sub(r"\D", "", found.group())
        target = f"+33{digits[1:]}" if len(digits) == 10 else digits
        parts += [
            escape(spoken[end : found.start()]),
            Markup('<a class="nw" href="tel:{}">{}</a>').format(target, found.group()),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(spoken[end:])])
