"""What respondents choose in a list, and what their comments are about."""

from collections.abc import Sequence

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, agree, capitalised
from cpts_sessions.reports.sentences.opinions import most_chosen, quoted
from cpts_sessions.reports.sentences.response_rate import FEWEST_SHOWN, WITHHELD


def citations(counts: Sequence[tuple[str, int]], whole: int, one: str, many: str, gender: Gender) -> str:
    """« Effets cités : « Prendre du recul » (9 sur 12, 75 %) et « … » »: most chosen first, none that nobody chose.

    Args:
        counts: each option and how many chose it, in the order of the questionnaire.
        whole: how many answered.
        one: what is cited, in the singular: « effet ».
        many: the same in the plural.
        gender: of that noun.

    Raises:
        ValueError: an option was chosen by more people than answered.
    """
    if whole < FEWEST_SHOWN:
        return WITHHELD
    chosen = most_chosen(counts)
    cited = agree(gender, "cité", "citée")
    if not chosen:
        return french.punctuate(
            f"{agree(gender, 'Aucun', 'Aucune')} {one} {cited} par les {french.number(whole)} répondants"
        )
    noun = french.plural(len(chosen), f"{one} {cited}", f"{many} {cited}s")
    return french.punctuate(f"{capitalised(noun)} : {quoted(chosen, whole)}")


def themes(counts: Sequence[tuple[str, int]]) -> str:
    """« Thèmes relevés dans les commentaires : salle trop froide (2), cadre plus chaleureux (1) »."""
    chosen = most_chosen(counts)
    if not chosen:
        return "Aucun thème relevé dans les commentaires"
    noun = french.plural(len(chosen), "Thème relevé", "Thèmes relevés")
    told = ", ".join(f"{theme} ({french.number(count)})" for theme, count in chosen)
    return french.punctuate(f"{noun} dans les commentaires : {told}")
