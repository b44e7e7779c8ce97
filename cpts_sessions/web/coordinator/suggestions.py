"""What lists, refusals and opened boxes suggest for the season, as cards of the desk."""

from collections.abc import Iterator

from flask import url_for

from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires.hints import box_hints
from cpts_sessions.registrations.hints import hints
from cpts_sessions.web.coordinator.decision import Decision


def suggestions(organisation_id: int) -> Iterator[Decision]:
    """Go through what is suggested for the season: dates to add, slots to ask for, the place."""
    for hint in hints(organisation_id):
        if hint.is_of_slots:
            yield _other_slots(hint.programme, hint.sentence)
            continue
        yield Decision(
            *("Conseil", "info", "calendar-plus"),
            f"Ajouter une date : {hint.programme.name}",
            hint.sentence,
            url_for("coordinator.new_session", dispositif=hint.programme.public_id),
            "Planifier une séance",
        )
    yield from _of_boxes(organisation_id)


def _other_slots(programme: Programme, sentence: str) -> Decision:
    return Decision(
        *("Conseil", "info", "calendar-days"),
        f"Proposer d’autres créneaux : {programme.name}",
        sentence,
        url_for("coordinator.new_poll", dispositif=programme.public_id),
        "Préparer un sondage",
    )


def _of_boxes(organisation_id: int) -> Iterator[Decision]:
    for hint in box_hints(organisation_id):
        programme = hint.box.programme
        if not hint.is_of_place:
            yield _other_slots(programme, hint.sentence)
            continue
        yield Decision(
            *("Conseil", "info", "sprout"),
            f"Revoir le lieu : {programme.name}",
            hint.sentence,
            url_for("coordinator.box", public_id=hint.box.public_id),
            "Voir les réponses",
        )
