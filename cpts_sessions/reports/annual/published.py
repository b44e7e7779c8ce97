"""Who came to one part of the season, and what may be published of it; pure.

Published, no number of people stands under three, and professions are said of those enrolled alone: said of those who
came too, the difference of the two would show one or two people.
"""

from dataclasses import replace

from cpts_sessions.reports.indicators import Counting
from cpts_sessions.reports.season import Part
from cpts_sessions.reports.sentences import figures, people
from cpts_sessions.reports.sentences.people import SMALLEST_SHOWN, Line, Took


def present_sentence(part: Part) -> str:
    """« 17 professionnels (2 kinés, …) ont participé à au moins une séance »: exact, by profession."""
    lines = []
    for line in part.lines:
        came = [
            one
            for one in part.counting.enrolled
            if one.profession_slug == line.profession and one.person_id in part.counting.presences
        ]
        if came:
            animating = tuple(one.gender for one in came if one.is_animator)
            lines.append(replace(line.line, people=tuple(one.gender for one in came), animators=animating))
    return people.participants_sentence(lines, Took.PRESENT, part.counting.unnamed)


def public_present_sentence(part: Part) -> str:
    """« 17 professionnels ont participé à au moins une séance »: the same without professions."""
    forms = {line.profession: line.line.forms for line in part.lines}
    each_alone = [
        Line(forms[one.profession_slug], (one.gender,))
        for one in part.counting.enrolled
        if one.person_id in part.counting.presences
    ]
    return people.public_sentence(each_alone, Took.PRESENT, part.counting.unnamed)


def public_figures_sentence(part: Part) -> str:
    """The three figures; as long as one counts one or two people, only that of the people enrolled."""
    if is_few(part.counting.enrolled_distinct) or few_came(part.counting):
        return public_enrolled_sentence(part)
    return part.figures_sentence


def public_attendances_sentence(part: Part) -> str:
    """« 77 présences cumulées en 13 séances, … »; of one or two people, no number."""
    return public_present_sentence(part) if few_came(part.counting) else part.attendances_sentence


def public_trained_sentence(part: Part) -> str:
    """« 7 professionnels ont été formés … »; of one or two people, no number."""
    return public_present_sentence(part) if few_came(part.counting) else part.trained_sentence


def public_enrolled_sentence(part: Part) -> str:
    """« 19 inscrits distincts », whoever animates among them unsaid; of one or two people, no number."""
    counting = part.counting
    if is_few(counting.enrolled_distinct):
        return part.public_sentence
    return figures.enrolled_sentence(counting.enrolled_distinct, counting.unnamed)


def few_came(counting: Counting) -> bool:
    """Whether those who came, noted with their names or not, are too few for their number to be published."""
    return is_few(counting.present_distinct or counting.unnamed)


def is_few(people_counted: int) -> bool:
    """Whether a number of people is too small to be published."""
    return 0 < people_counted < SMALLEST_SHOWN
