"""What the respondents think: four words of quantity and no other, each with its figure.

Unanimous is n out of n, a majority is more than half, half is half, a minority is less than half and at least two.
Under five answers no number is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, percent, quantity
from cpts_sessions.reports.sentences.response_rate import FEWEST_SHOWN, WITHHELD, figure, share

_VOWELS = "aeiouy"
_MENTION = "mention "


@dataclass(frozen=True)
class Statement:
    """What respondents say: a verb and what follows it, « souhaite », « souhaitent », « poursuivre ou revenir ».

    `complement_plural` is said after « les répondants » when it differs: « adapté à leur situation ».
    """

    singular: str
    plural: str
    complement: str
    complement_plural: str = ""


def opinion(part: int, whole: int, statement: Statement, detail: str = "") -> str:
    """« Une majorité souhaite poursuivre ou revenir : 5 sur 6 répondants (83 %), soit … ».

    Args:
        part: how many say it.
        whole: how many answered.
        statement: what they say.
        detail: the same counts option by option, from `against`; may be empty.

    Raises:
        ValueError: the part is not within the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if whole < FEWEST_SHOWN:
        return WITHHELD
    precision = f", soit {detail}" if detail else ""
    return french.punctuate(_opinion(part, whole, statement) + precision)


def _opinion(part: int, whole: int, statement: Statement) -> str:
    one = f"{statement.singular} {statement.complement}"
    if part == whole:
        many = f"{statement.plural} {statement.complement_plural or statement.complement}"
        return f"À l'unanimité, les répondants {many} ({figure(part, whole)})"
    if part == 0:
        return f"Aucun des {french.number(whole)} répondants {_negated(one)}"
    if part == 1:
        return f"1 répondant sur {french.number(whole)} ({percent(part, whole)} %) {one}"
    return f"{_who(part, whole)} {one} : {share(part, whole)}"


def _who(part: int, whole: int) -> str:
    if 2 * part == whole:
        return "La moitié"
    return "Une majorité" if 2 * part > whole else "Une minorité"


def against(positive: str, part: int, mentions: Sequence[tuple[str, int]]) -> str:
    """« 5 réponses « oui » contre 1 mention de durée « un peu longue » », for the middle of a sentence.

    Args:
        positive: the option that makes the sentence, in lower case.
        part: how many chose it.
        mentions: how each other option is said, and how many chose it, in the order of the questionnaire.
    """
    told = quantity(part, "réponse", "réponses", Gender.FEMININE) + f" « {positive} »"
    others = [_mention(text, count) for text, count in mentions if count]
    return french.punctuate(f"{told} contre {french.listing(others)}" if others else f"{told}, aucune autre")


def perception(counts: Sequence[tuple[str, int]], whole: int) -> str:
    """« L'animation est unanimement perçue comme « bienveillante et équilibrée » (6 sur 6) ».

    Args:
        counts: each word, in lower case, and how many chose it, in the order of the questionnaire.
        whole: how many answered.

    Raises:
        ValueError: a word was chosen by more people than answered.
    """
    if whole < FEWEST_SHOWN:
        return WITHHELD
    chosen = most_chosen(counts)
    unanimous = [word for word, count in chosen if count == whole]
    majority = [(word, count) for word, count in chosen if count < whole < 2 * count]
    if unanimous:
        told = f"L'animation est unanimement perçue comme « {french.listing(unanimous)} » ({figure(whole, whole)})"
        if majority:
            told += f" ; une majorité la dit aussi {quoted(majority, whole)}"
    elif majority:
        told = f"Une majorité perçoit l'animation comme {quoted(majority, whole)}"
    elif chosen:
        told = f"Pour qualifier l'animation, aucun mot ne réunit la majorité : {quoted(chosen, whole)}"
    else:
        told = f"Aucun mot n'est choisi par les {french.number(whole)} répondants pour qualifier l'animation"
    return french.punctuate(told)


def most_chosen(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those chosen at least once, most chosen first, then in the order of the questionnaire."""
    return sorted(((word, count) for word, count in counts if count), key=lambda one: -one[1])


def quoted(counts: Sequence[tuple[str, int]], whole: int) -> str:
    """« bienveillante » (5 sur 6, 83 %) et « équilibrée » (4 sur 6, 67 %)."""
    return french.listing([f"« {word} » ({figure(count, whole)})" for word, count in counts])


def _negated(verb: str) -> str:
    return f"n'{verb}" if french.fold(verb[0]) in _VOWELS else f"ne {verb}"


def _mention(text: str, count: int) -> str:
    """« 2 mentions de durée « un peu longue » »: « mention » agrees, words between quotation marks do not."""
    if count > 1 and text.startswith(_MENTION):
        text = f"mentions {text.removeprefix(_MENTION)}"
    return f"{french.number(count)} {text}"
