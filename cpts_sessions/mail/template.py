"""The texts of the e-mails: one file per message under `templates/email/`, read once.

A file is a few `key: value` lines, a blank line, then the body. From this one source come the plain text and the
HTML of the message, so that both always say the same. Nothing in it is a condition: see `kept`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from cpts_sessions.core.french import typo
from cpts_sessions.core.paths import beside

FOLDER = beside("templates") / "email"
_KEYS = frozenset({"subject", "preview", "reason", "button", "link", "item", "page"})
_ADDRESS = re.compile(r"https?://\S+\Z")
_TOKEN = re.compile(r"(\{\{ *\w+ *\}\}|\*\*|~~)")


@dataclass(frozen=True)
class Piece:
    """Some words as they stand, or the place of one variable; bold and struck only show in HTML."""

    words: str = ""
    variable: str = ""
    bold: bool = False
    struck: bool = False


Line = tuple[Piece, ...]
Paragraph = tuple[Line, ...]


@dataclass(frozen=True)
class Link:
    """The words that stand, in HTML, for the address held by a variable."""

    words: Line
    variable: str


@dataclass(frozen=True)
class Template:
    """One kind of e-mail: `button` is its only full button, `item` the link offered beside each of its dates."""

    name: str
    subject: Line
    preview: Line
    reason: Line
    paragraphs: tuple[Paragraph, ...]
    button: Link | None
    links: tuple[Link, ...]
    item: Link | None
    offers_page: bool

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every variable named anywhere in the message, those of the frame included."""
        named = [self.button, self.item, *self.links]
        return variables_in([self.subject, self.preview, self.reason], *self.paragraphs) | {
            link.variable for link in named if link
        }

    def link_for(self, variable: str) -> Link:
        """Return the link whose words stand, in HTML, for this address.

        Raises:
            ValueError: the file gives no words for it.
        """
        for link in (*self.links, *COMMON_LINKS):
            if link.variable == variable:
                return link
        raise ValueError(f"{self.name}: no words for {variable}")


@cache
def load(name: str) -> Template:
    """Return the template of this name, typography applied.

    Raises:
        FileNotFoundError: no e-mail has this name.
        ValueError: a line of the head is not one of the known keys, or a needed one is missing.
    """
    head, _, body = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
    keys: dict[str, list[str]] = {key: [] for key in _KEYS}
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key not in _KEYS:
            raise ValueError(f"{name}: unknown key {key!r}")
        keys[key].append(value)
    for needed in ("subject", "preview", "reason"):
        if len(keys[needed]) != 1:
            raise ValueError(f"{name}: one {needed} is needed")
    return Template(
        name=name,
        subject=parse(keys["subject"][0]),
        preview=parse(keys["preview"][0]),
        reason=parse(keys["reason"][0]),
        paragraphs=tuple(tuple(map(parse, part.splitlines())) for part in body.strip().split("\n\n")),
        button=next(map(_link, keys["button"]), None),
        links=tuple(map(_link, keys["link"])),
        item=next(map(_link, keys["item"]), None),
        offers_page=keys["page"] != ["no"],
    )


def names() -> list[str]:
    """Return the name of every e-mail that can be sent, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.md"))


def parse(source: str) -> Line:
    """Read one line of text, plainly typed, with `{{ variable }}`, `**bold**` and `~~struck~~`."""
    pieces, bold, struck = [], False, False
    for token in _TOKEN.split(typo(source)):
        if token == "**":
            bold = not bold
        elif token == "~~":
            struck = not struck
        elif token.startswith("{{"):
            pieces.append(Piece(variable=token.strip("{} "), bold=bold, struck=struck))
        elif token:
            pieces.append(Piece(words=token, bold=bold, struck=struck))
    return tuple(pieces)


def sole_variable(line: Line) -> str:
    """Return the variable of a line that holds nothing else, or nothing."""
    return line[0].variable if len(line) == 1 else ""


def is_address(value: str) -> bool:
    """Whether a value can be opened in a browser: anything else, masked words for instance, is shown as it is."""
    return bool(_ADDRESS.match(value))


def is_link(variable: str) -> bool:
    """Whether a variable holds an address when it holds anything."""
    return variable.startswith("lien_") or variable == "visio"


def variables_in(*paragraphs: Iterable[Line]) -> frozenset[str]:
    """Return the names of the variables of these lines."""
    return frozenset(piece.variable for lines in paragraphs for line in lines for piece in line if piece.variable)


def kept(paragraphs: Iterable[Paragraph], empty: frozenset[str]) -> list[Paragraph]:
    """Return what is left to write when some variables are empty: the only logic a text has.

    A line that mixes words with an empty variable goes away alone; a line that is only an empty variable takes its
    paragraph with it, heading included.
    """
    left = []
    for lines in paragraphs:
        if any(sole_variable(line) in empty for line in lines):
            continue
        full = tuple(line for line in lines if not variables_in([line]) & empty)
        if full:
            left.append(full)
    return left


def filled(line: Line, values: Mapping[str, str]) -> str:
    """Return the line in plain text, bold and struck marks dropped."""
    return "".join(values[piece.variable] if piece.variable else piece.words for piece in line)


def _link(source: str) -> Link:
    words, _, variable = source.rpartition(" | ")
    return Link(parse(words), variable)


COMMON_LINKS = (_link("rejoindre la séance | visio"), _link("l’ouvrir | lien_page"))
