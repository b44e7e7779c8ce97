"""How long a sheet to sign takes to print: the first one of a process, and those after it."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

from cpts_sessions.documents import pdf
from cpts_sessions.organisations.brand import logo_svg

AGAIN = 20


def sheets() -> Iterator[tuple[str, float, str, None]]:
    """Print the sheet of twelve people, then sheets of forty, each of other names; nothing was printed before."""
    yield "PDF sheet, 12 people, first of the process", _milliseconds(_values(12, "A")), "ms", None
    took = [_milliseconds(_values(40, f"B{n}")) for n in range(AGAIN)]
    yield "PDF sheet, 40 people, median", median(took), "ms", None
    yield "PDF sheet, 40 people, slowest", max(took), "ms", None


def _milliseconds(values: dict[str, Any]) -> float:
    started = perf_counter()
    pdf.compile("sign_in_sheet", values)
    return (perf_counter() - started) * 1000


def _values(people: int, name: str) -> dict[str, Any]:
    logo = {"logo": logo_svg("#11645b").encode(), "logo_kind": "svg", "accent": "#11645b", "soft": "#e2f4f1"}
    texts = dict.fromkeys(("heading", "walk_ins", "total", "signature", "certification", "rights", "kept"), "Texte")
    return {
        "head": {"name": "CPTS du Val d’Ambre", "details": "", **logo},
        "title": f"Feuille {name}",
        "texts": {**texts, "columns": ["Nom", "Prénom", "Profession", "Signature"]},
        **dict.fromkeys(("action", "programme", "when", "place", "animation"), "Texte"),
        "people": [
            {"last_name": f"Œuvrard{n} {name}", "first_name": "Łucja", "profession": "sage-femme"}
            for n in range(people)
        ],
        "blank": 3,
    }
