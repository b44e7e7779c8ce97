"""From the name of an e-mail and its values to what is sent: subject, preview, text and HTML.

The same function serves the sending and the page where the coordination reads what left: only `masked` differs.
Values arrive already put in French (see `core.french`) and are never read as Markdown, HTML or variables.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cpts_sessions.core.french import elides
from cpts_sessions.mail import html_part
from cpts_sessions.mail.html_part import Palette
from cpts_sessions.mail.template import Line, Paragraph, Template, filled, is_address, kept, load, parse

#: Addresses that open something to whoever holds them: never shown to anyone but the addressee.
PERSONAL_LINKS = frozenset(
    {
        "lien_inscription",
        "lien_suivi",
        "lien_connexion",
        "lien_soir",
        "lien_questionnaire",
        "lien_sondage",
        "lien_arret",
    }
)
MASKED_LINK = "lien personnel masqué"
MASKED_CODE = "code masqué"

FRAME_VARIABLES = frozenset({"cpts", "contact", "aide", "lien_page"})
FOOT: Paragraph = tuple(
    map(
        parse,
        (
            "Vous recevez ce message {{ parce_que }}{{ motif }}.",
            "Une question ? Répondez à ce message, il arrive à la coordination.",
            "Ma page : {{ lien_page }}",
            "{{ aide }}",
            "{{ cpts }}, {{ contact }}",
        ),
    )
)
DEMONSTRATION = parse("**Message de démonstration : il n’a pas été envoyé.**")
_DASHES = "-" * 30


@dataclass(frozen=True)
class Frame:
    """What surrounds every e-mail of one CPTS.

    `page_link` is the address of « Ma page » and `help_phrase` the sentence for who is in distress; either may be
    empty, and then its line is not written. `help_phrase` may hold `**bold**`.
    """

    cpts: str
    contact: str
    public_url: str
    page_link: str = ""
    help_phrase: str = ""
    demonstration: bool = False
    palette: Palette = field(default_factory=Palette)


@dataclass(frozen=True)
class Rendered:
    """One e-mail ready to be put in MIME: `subject` and `preview` hold no line break."""

    subject: str
    preview: str
    text: str
    html: str


def variables_of(name: str) -> frozenset[str]:
    """Return the variables that a sender of this e-mail must give; those of the frame are not among them."""
    return load(name).variables - FRAME_VARIABLES


def render(name: str, values: Mapping[str, str], frame: Frame, *, masked: bool = False) -> Rendered:
    """Write one e-mail.

    Args:
        masked: for any other eye than the addressee's: personal links and sign-in codes are replaced by words.

    Raises:
        KeyError: a variable of the text has no value; it is named.
        FileNotFoundError: no e-mail has this name.
    """
    template = load(name)
    given = _values(template, values, frame, masked=masked)
    foot = (FOOT if template.offers_page else _without_page(FOOT)) + ((DEMONSTRATION,) if frame.demonstration else ())
    subject, preview = _on_one_line(filled(template.subject, given)), _on_one_line(filled(template.preview, given))
    html_values = given | {"subject": subject, "preview": preview, "public_url": frame.public_url}
    return Rendered(
        subject=subject,
        preview=preview,
        text=_text(template, foot, given),
        html=html_part.render(template, foot, frame.palette, html_values),
    )


def _values(template: Template, values: Mapping[str, str], frame: Frame, *, masked: bool) -> dict[str, str]:
    given = {
        **values,
        "cpts": frame.cpts,
        "contact": frame.contact,
        "aide": frame.help_phrase,
        "lien_page": frame.page_link,
    }
    missing = sorted(template.variables - given.keys())
    if missing:
        raise KeyError(f"{template.name}: {', '.join(missing)}")
    if masked:
        given |= {link: MASKED_LINK for link in PERSONAL_LINKS if given.get(link)}
        given |= {"code": MASKED_CODE} if given.get("code") else {}
    reason = filled(template.reason, given)
    return given | {"motif": reason, "parce_que": "parce qu’" if elides(reason) else "parce que "}


def _text(template: Template, foot: Paragraph, values: Mapping[str, str]) -> str:
    empty = frozenset(name for name, value in values.items() if not value)
    body = ["\n".join(_text_line(line, values) for line in lines) for lines in kept(template.paragraphs, empty)]
    under = [
        _text_line(line, values).replace("**", "")
        for lines in kept([(line,) for line in foot], empty)
        for line in lines
    ]
    return "\n\n".join([*body, f"{_DASHES}\n" + "\n".join(under)]) + "\n"


def _text_line(line: Line, values: Mapping[str, str]) -> str:
    """Addresses stand on a line of their own, so that every mail reader makes them a link."""
    written = ""
    for piece in line:
        value = values[piece.variable] if piece.variable else piece.words
        if piece.variable == "message_libre":  # its bold shows in the HTML
            value = value.replace("**", "")
        alone = bool(written) and bool(piece.variable) and is_address(value)
        written = f"{written.rstrip()}\n{value}" if alone else written + value
    return written


def _without_page(foot: Paragraph) -> Paragraph:
    return tuple(line for line in foot if all(piece.variable != "lien_page" for piece in line))


def _on_one_line(text: str) -> str:
    """A line break in a value must never begin a new header."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).strip(" ")
