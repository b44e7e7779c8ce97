"""The count of a year under the names other programs rely on: `report show --format json`."""

from collections.abc import Mapping, Sequence
from typing import Any

from cpts_sessions.reports.by_profession import ProfessionLine
from cpts_sessions.reports.card_effects import CardEffects
from cpts_sessions.reports.evaluation import Evaluation, of_part
from cpts_sessions.reports.queries import SessionRow
from cpts_sessions.reports.season import Part, SeasonReport, days


def to_json(
    report: SeasonReport,
    evaluated: Mapping[int, Evaluation] | None = None,
    cards: Mapping[int, CardEffects] | None = None,
) -> dict[str, Any]:
    """Return the report as `report show --format json` prints it; only actions and trainings have a key of their own.

    Args:
        report: the count.
        evaluated: what the boxes of the year say, by programme; None without any.
        cards: what its cards « avant / après » say, by programme; None without any.
    """
    together = report.together
    return {
        "year": report.year,
        "as_of": report.as_of.isoformat(),
        "actions": {
            part.key: _part_json(part, of_part(part, evaluated or {}), cards or {})
            for part in report.parts
            if part.action
        },
        "trainings": {
            part.key: {
                **_part_json(part, of_part(part, evaluated or {}), cards or {}),
                "trained": part.counting.present_distinct,
                "trained_sentence": part.trained_sentence,
            }
            for part in report.parts
            if part.is_training
        },
        "together": {
            "enrolled_distinct": together.counting.enrolled_distinct,
            "present_distinct": together.counting.present_distinct,
            "attendances": together.counting.attendances,
            "unnamed_attendances": together.counting.unnamed_attendances,
            "sentence": together.sentence,
        },
    }


def _part_json(part: Part, evaluated: Sequence[Evaluation], cards: Mapping[int, CardEffects]) -> dict[str, Any]:
    counting = part.counting
    return {
        "held": _iso(counting.dates.held),
        "planned": _iso(counting.dates.planned),
        "discovery": _iso(counting.dates.discovery),
        "cancelled": _iso(counting.dates.cancelled),
        "dates_sentence": part.dates_sentence,
        "participants": {
            "enrolled_distinct": counting.enrolled_distinct,
            "present_distinct": counting.present_distinct,
            "attendances": counting.attendances,
            "unnamed_attendances": counting.unnamed_attendances,
            "without_animator": counting.without_animators,
            "by_profession": [_line_json(line) for line in part.lines],
            "unnamed_by_profession": [
                {"profession": line.profession, "attendances": line.attendances, "text": line.text}
                for line in part.nameless
            ],
            "sentence": part.sentence,
            "public_sentence": part.public_sentence,
        },
        "evaluation": _evaluation_json(evaluated) if evaluated else None,
        "effects": _effects_json([cards[one] for one in part.programme_ids if one in cards]),
    }


def _evaluation_json(evaluated: Sequence[Evaluation]) -> dict[str, Any]:
    """The rate first, then what they think; of several programmes, one after the other."""
    counted = [one for one in evaluated if one.respondents is not None]
    return {
        "invited": sum(one.invited for one in evaluated),
        "respondents": sum(one.respondents or 0 for one in counted) if counted else None,
        "paper": sum(one.paper or 0 for one in counted) if counted else None,
        "sentences": [sentence for one in evaluated for sentence in (one.rate, *one.sentences)],
        "paragraph": " ".join(one.paragraph for one in evaluated),
    }


def _effects_json(effects: Sequence[CardEffects]) -> dict[str, Any] | None:
    """What the cards say, the note that always follows at the end; None without five of them."""
    if not effects:
        return None
    return {
        "cards": sum(one.cards for one in effects),
        "sentences": [sentence for one in effects for sentence in (*one.sentences, one.note)],
    }


def _line_json(line: ProfessionLine) -> dict[str, Any]:
    return {
        "profession": line.profession,
        "count": line.count,
        "present": line.present,
        "attendances": line.attendances,
        "text": line.text,
    }


def _iso(held: Sequence[SessionRow]) -> list[str]:
    return [day.isoformat() for day in days(held)]
