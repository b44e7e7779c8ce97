"""The trainings of a year: who was trained. Sentences have no full stop."""

from collections.abc import Sequence
from datetime import date

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, agree, capitalised, gender_of_all, quantity


def trained_sentence(came: Sequence[Gender | None], held: Sequence[date] = (), unnamed: int = 0) -> str:
    """« 7 professionnels ont été formés les 13 et 20 mai 2025 », feminine when everyone said « Mme ».

    Args:
        came: one entry per person who came at least once; None for whoever said neither « Mme » nor « M. ».
        held: one day per date held; without any, no day is said.
        unnamed: the largest number of people noted without their names at one date; the number is then a minimum.
    """
    n = len(came) or unnamed
    gender = gender_of_all(came)
    at_least = "au moins " if n and unnamed else ""
    noun = agree(gender, "professionnel", "professionnelle")
    people = capitalised(f"{at_least}{quantity(n, noun, f'{noun}s', gender)}")
    trained = agree(gender, "formé", "formée")
    done = f"ont été {trained}s" if n > 1 else f"a été {trained}" if n else "n'a été formé"
    days = f" {'les' if len(set(held)) > 1 else 'le'} {french.days(held)}" if held and n else ""
    return french.punctuate(f"{people} {done}{days}")
