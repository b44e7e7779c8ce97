"""What the registers of actions 27, 28 and 31 say of a year, and the part variable."""

from collections.abc import Sequence
from datetime import date

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, capitalised, quantity


def requests_sentence(requests: int, tools: int, year: int) -> str:
    """« 31 sollicitations ont été reçues en 2025, pour 8 outils ».

    Raises:
        ValueError: more tools than requests, or requests for no tool.
    """
    if not min(requests, 1) <= tools <= requests:
        raise ValueError(f"{requests} requests for {tools} tools")
    told = _done(requests, "sollicitation", "sollicitations", "reçue", year)
    if requests < 2:
        return told
    return f"{told}, pour {french.number(tools)} outils" if tools > 1 else f"{told}, toutes pour le même outil"


def supported_sentence(people: int | None, year: int) -> str:
    """« 4 professionnels ont été accompagnés en 2025 »; None: nobody noted the number, which is not « aucun »."""
    if people is None:
        return french.punctuate(f"Le nombre de professionnels accompagnés en {year} n'est pas renseigné")
    if people == 0:
        return french.punctuate(f"Aucun accompagnement n'a été signalé en {year}")
    verb = french.plural(people, "a été accompagné", "ont été accompagnés")
    return f"{quantity(people, 'professionnel', 'professionnels', Gender.MASCULINE)} {verb} en {year}"


def communications_sentence(communications: Sequence[str], year: int) -> str:
    """« 2 communications ont été réalisées en 2025 : page du site et lettre d'information (mai 2025) ».

    Args:
        communications: what each was, its first letter already as it goes in a list.
        year: of them all.
    """
    n = len(communications)
    if n == 0:
        return french.punctuate(f"Aucune communication n'a été notée en {year}")
    done = _done(n, "communication", "communications", "réalisée", year)
    return french.punctuate(f"{done} : {french.listing(communications)}")


def step_sentence(day: date, title: str) -> str:
    """« 12 mai 2025 : rencontre avec les internes »: one line of the journal of action 31."""
    return french.punctuate(f"{french.day(day)} : {title.rstrip('.')}")


def no_step_sentence(year: int) -> str:
    """« Aucune étape n'a été notée en 2025 »."""
    return french.punctuate(f"Aucune étape n'a été notée en {year}")


def part_variable_sentence(amounts: Sequence[int]) -> str:
    """« 2 000 + 4 000 = 6 000 € »: the amounts in euros, in the order of their actions; empty without any."""
    if not amounts:
        return ""
    told = " + ".join(french.number(amount) for amount in amounts)
    total = f" = {french.number(sum(amounts))}" if len(amounts) > 1 else ""
    return french.punctuate(f"{told}{total} €")


def _done(n: int, one: str, many: str, participle: str, year: int) -> str:
    """« 31 sollicitations ont été reçues en 2025 », « Aucune sollicitation n'a été reçue en 2025 »."""
    negation = "" if n else "n'"
    verb = f"ont été {participle}s" if n > 1 else f"{negation}a été {participle}"
    return french.punctuate(f"{capitalised(quantity(n, one, many, Gender.FEMININE))} {verb} en {year}")
