"""The guides say what is true: their links arrive, their pictures are there, their words are on the screens."""

import re
import runpy
from functools import cache
from pathlib import Path

import click
import pytest

from cpts_sessions.cli.main import cli
from cpts_sessions.web import guides

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/guide"
GUIDES = sorted(path.name for path in FOLDER.glob("*.md"))
LARGEST_BYTES = 200_000

_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
#: A title at the head of a paragraph, of an item or of a cell: in bold, and it ends with its stop.
_TITLE = re.compile(r"^(?:- |\d+\. )?\*\*[^*]+[.?]\*\*", re.MULTILINE)
_COMMAND = re.compile(r"`cpts-sessions ([^`]+)`")
_TAG_OF_TEMPLATE = re.compile(r"\{%.*?%\}", re.DOTALL)


def text_of(guide: str) -> str:
    """Return a guide as it is written."""
    return (FOLDER / guide).read_text(encoding="utf-8")


def plain(words: str) -> str:
    """Return words with one kind of apostrophe and of space."""
    return re.sub(r"\s+", " ", words.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " "))


@cache
def screens() -> str:
    """Return everything a screen may say: templates, with and without their logic, and the texts of the code."""
    found = [
        path.read_text(encoding="utf-8")
        for folder, pattern in (("templates", "*.html"), ("cpts_sessions", "*.py"), ("cpts_sessions/static/js", "*.js"))
        for path in sorted((ROOT / folder).rglob(pattern))
    ]
    return plain(" ".join([*found, *(_TAG_OF_TEMPLATE.sub("", text) for text in found)]))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document."""
    headings = _HEADING.findall(_BLOCK.sub("", path.read_text(encoding="utf-8")))
    return {guides.anchor(heading) for heading in headings}


def pictures_of(guide: str) -> list[tuple[str, str]]:
    """Return (alternative text, path) of each picture of a guide."""
    return [(alt, target) for mark, alt, target in _LINK.findall(text_of(guide)) if mark]


def labels_of(guide: str) -> set[str]:
    """Return what a guide says is written on a screen: its words in bold, the titles of paragraphs apart."""
    text = _TITLE.sub("", _BLOCK.sub("", text_of(guide)))
    return {plain(words).strip() for words in _BOLD.findall(text)}


def is_on_a_screen(label: str) -> bool:
    """Say whether some screen says these words, whole."""
    return re.search(rf"(?<!\w){re.escape(label)}(?!\w)", screens()) is not None


def command_of(words: list[str]) -> click.Command | None:
    """Return the command that these words name; None when there is no such command, or a group is named alone."""
    found: click.Command | None = cli
    context = click.Context(cli)
    for word in words:
        if not isinstance(found, click.Group):
            break  # what follows is an argument
        found = found.get_command(context, word)
    return None if isinstance(found, click.Group) else found


def unknown_options(said: str) -> list[str]:
    """Return the options of a command line that its command does not have; the whole line when there is no command."""
    command = command_of([word for word in said.split() if not word.startswith("-")])
    if command is None:
        return [said]
    known = {name for one in command.params for name in one.opts}
    return [word for word in said.split() if word.startswith("-") and word not in known]


def test_each_role_has_its_guide():
    assert GUIDES == ["README.md", "administration.md", "animation.md", "coordination.md", "participation.md"]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_arrives(guide: str):
    targets = [target.partition("#")[::2] for _, _, target in _LINK.findall(text_of(guide))]
    lost = [
        f"{path}#{anchor}"
        for path, anchor in targets
        if not (FOLDER / (path or guide)).is_file() or (anchor and anchor not in anchors(FOLDER / (path or guide)))
    ]

    assert lost == []


@pytest.mark.parametrize("guide", GUIDES)
def test_what_is_in_bold_is_written_on_a_screen(guide: str):
    assert [label for label in sorted(labels_of(guide)) if not is_on_a_screen(label)] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_exists_with_its_options(guide: str):
    assert [wrong for said in _COMMAND.findall(text_of(guide)) for wrong in unknown_options(said)] == []


def test_the_script_makes_every_picture_and_no_other():
    shown = [Path(target).stem for guide in GUIDES for _, target in pictures_of(guide)]
    made = sorted(one.name for one in runpy.run_path(str(ROOT / "scripts/guide_pictures.py"))["PICTURES"])
    kept = sorted(path.stem for path in (FOLDER / "images").iterdir())

    assert (sorted(shown), made) == (kept, kept)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_picture_is_described_and_light(guide: str):
    for described, target in pictures_of(guide):
        content = (FOLDER / target).read_bytes()

        assert len(described) > 25, target
        assert content[:8] == b"\x89PNG\r\n\x1a\n", target
        assert len(content) <= LARGEST_BYTES, target


def test_what_reads_the_guides_would_see_a_fault():
    assert not is_on_a_screen("Un bouton qui n'existe pas")
    assert unknown_options("doctor --partout") == ["--partout"]
    assert unknown_options("medecin") == ["medecin"]
    assert unknown_options("report") == ["report"]
    assert "le-rapport-dactivité" in anchors(FOLDER / "coordination.md")
