"""The messages of the CPTS: those that wait, left, failed or are held back, exactly as they leave."""

from uuid import UUID

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form as PlainForm
from wtforms import SearchField, SelectField

from cpts_sessions.attendance.papers import paper_of
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.mail import queries, wording
from cpts_sessions.mail.envelope import compose, preview
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.queries import Box
from cpts_sessions.mail.rendering import Rendered
from cpts_sessions.mail.services import resend as let_leave_again
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.queries import by_ids
from cpts_sessions.people.written_to import written_to
from cpts_sessions.questionnaires.words import count_waiting
from cpts_sessions.registrations import letters
from cpts_sessions.web.coordinator import asked, blueprint, typed
from cpts_sessions.web.coordinator.asked import Filter
from cpts_sessions.web.headers import CONTENT_SECURITY_POLICY

#: An e-mail shown inside our page: its own styles, nothing else, and no way out (CSP level 3, 6.3.2: sandbox).
_OF_A_MAIL = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_UNREADABLE = "Ce message ne peut plus être composé : son texte a changé depuis."
_TABS = (
    (Box.WAITING, "À envoyer"),
    (Box.SENT, "Envoyés"),
    (Box.FAILED, "En échec"),
    (Box.WITHHELD, "Retenus (démonstration)"),
    (Box.OBSOLETE, "Devenus inutiles"),
)


class MessagesForm(PlainForm):
    """Which messages to show; it changes nothing, hence no token."""

    q = SearchField("À qui", description="Un nom ou une adresse.")
    mois = SelectField("Écrits en")


@blueprint.get("/messages")
def messages() -> ResponseReturnValue:
    """Show one list of messages; sign-in messages are on none."""
    months = asked.last_months(g.organisation.message_months)
    words = typed.words_asked(request.args.get("q"))
    q = ("q", Filter(words, f"À « {words} »") if words else None)
    mine = asked.asked(".messages", [q, ("mois", asked.choice("mois", months))])
    also = [written_to(g.site.id, words)] if words else []
    if first := mine.value("mois"):
        also += queries.written_between(*asked.bounds_of_month(first))
    counts = queries.counts(g.site.id, also)
    chosen = request.args.get("boite", "")
    box = Box(chosen) if chosen in list(Box) else _first_box(counts)
    address = asked.asked(".messages", [("boite", Filter(box.value)), *mine.filters.items()])
    if asked.is_untidy():
        return redirect(address.url())
    found = queries.messages(g.site.id, box, page=asked.page_number(), also=also)
    frame, moment = frame_of(g.site.id), now()
    form = MessagesForm(formdata=None, data={"q": words, "mois": mine.value("mois")})
    form.mois.choices = typed.choices([("", "Tous les mois"), *months.items()])
    return render_template(
        "coordinator/messages.html",
        box=box.value,
        counts={name.value: number for name, number in counts.items()},
        tabs=[
            (address.url(boite=one.value), f"{words} : {counts[one]}", one is box)
            for one, words in _TABS
            if counts[one] or one in (Box.WAITING, Box.SENT, Box.FAILED)
        ],
        found=found,
        lines=[(row, wording.subject_of(row, frame), wording.standing(row, moment)) for row in found.messages],
        address=address,
        form=form,
        words_waiting=count_waiting(g.site.id),
        letters_waiting=letters.count_waiting(g.site.id),
        has_server=current_app.config["SETTINGS"].smtp_url is not None,
    )


@blueprint.get("/messages/<uuid:public_id>")
def message(public_id: UUID) -> ResponseReturnValue:
    """Show one message, its text and how it looks, its personal links masked."""
    row = _message_or_404(public_id)
    frame = frame_of(g.site.id)
    text, why_not = _text(row)
    people = by_ids(g.site.id, [row.person_id] if row.person_id else [])
    page = render_template(
        "coordinator/message.html",
        row=row,
        person=people.get(row.person_id or 0),
        subject=wording.subject_of(row, frame),
        standing=wording.standing(row, now()),
        paragraphs=text.text.strip().split("\n\n") if text else [],
        why_not=why_not,
        is_masked=_is_masked(row),
    )
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return answer


@blueprint.get("/messages/<uuid:public_id>/apercu")
def message_preview(public_id: UUID) -> ResponseReturnValue:
    """Give the HTML of a message to the frame of its page, under a policy of its own."""
    text, _ = _text(_message_or_404(public_id))
    if text is None:
        abort(404)
    return Response(text.html, headers={"Content-Security-Policy": _OF_A_MAIL})


@blueprint.get("/messages/<uuid:public_id>/message.eml")
def message_file(public_id: UUID) -> ResponseReturnValue:
    """Give the whole message as a mail program would receive it, its personal links masked."""
    row = _message_or_404(public_id)
    try:
        paper = paper_of(row.attachment) if row.attachment else None
        whole = compose(row, frame_of(g.site.id), paper, masked=_is_masked(row))
    except (RuleBroken, KeyError, FileNotFoundError, ValueError):
        abort(404)
    answer = Response(whole.as_bytes(), mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = 'attachment; filename="message.eml"'
    return answer


@blueprint.post("/messages/<uuid:public_id>/renvoyer")
def resend(public_id: UUID) -> ResponseReturnValue:
    """Let a message that failed leave again."""
    try:
        let_leave_again(_message_or_404(public_id))
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Message remis dans la file d’envoi.", "ok")
    return redirect(url_for(".message", public_id=public_id), 303)


def _first_box(counts: dict[Box, int]) -> Box:
    """The list to open: what waits, or in a demonstration what is held back."""
    return Box.WITHHELD if g.site.is_demonstration and counts[Box.WITHHELD] else Box.WAITING


def _message_or_404(public_id: UUID) -> OutboxMessage:
    return queries.get(g.site.id, public_id) or abort(404)


def _is_masked(row: OutboxMessage) -> bool:
    """Whether its personal links are hidden: always, but for the invented persons of the demonstration."""
    return not (g.site.is_demonstration and row.status == MessageStatus.WITHHELD)


def _text(row: OutboxMessage) -> tuple[Rendered | None, str]:
    """The texts of a message, or why there are none any more."""
    try:
        return preview(row, frame_of(g.site.id), masked=_is_masked(row)), ""
    except RuleBroken as refusal:
        return None, str(refusal)
    except (KeyError, FileNotFoundError):
        return None, _UNREADABLE
