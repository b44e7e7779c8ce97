"""How many of those asked have answered, and what part of them said something.

Under five answers nothing is said of them but that: no number, no share.
"""

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, percent, quantity

FEWEST_SHOWN = 5
"""Fewer answers, or fewer cards, than that are never shown."""

CARRIED_OVER = french.punctuate("Moins de 5 réponses, reportées à l'année suivante")
WITHHELD = french.punctuate("Moins de 5 réponses : résultat non publié")


def response_rate(answers: int, invited: int, paper: int = 0) -> str:
    """« Taux de réponse : 6 sur 16 (38 %), dont 4 sur papier ».

    Args:
        answers: everybody who answered, on paper too.
        invited: those who were given a link or a paper; 0 when nobody counted them.
        paper: how many of the answers came on paper.

    Raises:
        ValueError: more paper than answers.
    """
    _check(answers, paper)
    if answers < FEWEST_SHOWN:
        return CARRIED_OVER
    if paper == answers or answers > invited:
        return french.punctuate(f"{_answers(answers)} reçues{_on_paper(answers, paper)}{_for(answers, invited, paper)}")
    return french.punctuate(f"Taux de réponse : {_out_of(answers, invited)}{_on_paper(answers, paper)}")


def response_sentence(answers: int, invited: int, paper: int = 0) -> str:
    """« 6 des 16 personnes invitées ont répondu (38 %) »: the same facts as `response_rate`, for a paragraph.

    Raises:
        ValueError: more paper than answers.
    """
    _check(answers, paper)
    if answers < FEWEST_SHOWN:
        return CARRIED_OVER
    told = _on_paper(answers, paper)
    if paper == answers or answers > invited:
        return french.punctuate(f"{_answers(answers)} ont été reçues{told}{_for(answers, invited, paper)}")
    if answers == invited:
        return french.punctuate(f"Les {_invited(invited)} ont toutes répondu{told}")
    share = percent(answers, invited)
    return french.punctuate(f"{french.number(answers)} des {_invited(invited)} ont répondu ({share} %){told}")


def share(part: int, whole: int) -> str:
    """« 5 sur 6 répondants (83 %) »; no percentage for all of them, « aucun des 6 répondants » for none.

    Raises:
        ValueError: the part is not within the whole, or the whole is nothing.
    """
    rate = percent(part, whole)
    respondents = french.plural(whole, "répondant", "répondants")
    if part == 0:
        return f"aucun des {french.number(whole)} {respondents}"
    told = f"{french.number(part)} sur {french.number(whole)} {respondents}"
    return told if part == whole else french.punctuate(f"{told} ({rate} %)")


def figure(part: int, whole: int) -> str:
    """The figure that goes with a word, between brackets: « 5 sur 6, 83 % », or « 6 sur 6 » for all of them."""
    rate = percent(part, whole)
    told = f"{french.number(part)} sur {french.number(whole)}"
    return told if part == whole else f"{told}, {rate} %"


def _out_of(answers: int, invited: int) -> str:
    told = f"{french.number(answers)} sur {french.number(invited)}"
    return told if answers == invited else f"{told} ({percent(answers, invited)} %)"


def _answers(answers: int) -> str:
    return quantity(answers, "réponse", "réponses", Gender.FEMININE)


def _invited(invited: int) -> str:
    return quantity(invited, "personne invitée", "personnes invitées", Gender.FEMININE)


def _on_paper(answers: int, paper: int) -> str:
    if not paper:
        return ""
    return ", toutes sur papier" if paper == answers else f", dont {french.number(paper)} sur papier"


def _for(answers: int, invited: int, paper: int) -> str:
    """Whom the answers came from, when no rate can be given; nothing on paper alone, which nobody was invited to."""
    if paper == answers or not invited:
        return ""
    return f"{',' if paper else ''} pour {_invited(invited)}"


def _check(answers: int, paper: int) -> None:
    if not 0 <= paper <= answers:
        raise ValueError(f"{paper} answers on paper out of {answers}")
