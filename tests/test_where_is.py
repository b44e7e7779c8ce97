"""What the documents name is there: a newcomer who follows them arrives."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))]
#: What stands at the top of the repository: a word in `code` that begins with one of these is a path of ours.
TOPS = sorted(path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "instance")

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_PLACEHOLDER = re.compile(r"<\w+>|NNNN_slug")


def text_of(document: str) -> str:
    """Return a document without its blocks of commands."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def paths_in(text: str) -> list[str]:
    """Return what is written in `code` and is a path of the repository; `<name>` stands for anything."""
    words = [word for code in _CODE.findall(text) for word in code.split()]
    return sorted({word for word in words if word.split("/")[0] in TOPS})


def is_there(path: str) -> bool:
    """Say whether a file or folder has this path, which may hold stars and placeholders."""
    return any(ROOT.glob(_PLACEHOLDER.sub("*", path).rstrip("/")))


def rows_of_where_is() -> list[tuple[str, str, list[str]]]:
    """Return (what is looked for, file, names) of every line of docs/where-is.md."""
    rows = []
    for line in (ROOT / "docs/where-is.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[1].startswith("`"):
            rows.append((cells[0], cells[1].strip("`"), _CODE.findall(cells[2])))
    return rows


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_a_document_names_is_there(document: str):
    assert [path for path in paths_in(text_of(document)) if not is_there(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_of_a_document_leads_to_a_file(document: str):
    links = [link for link in _LINK.findall(text_of(document)) if not re.match(r"[a-z]+:", link)]

    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_every_name_is_defined_in_the_file_it_is_looked_for_in():
    undefined = [
        (path, name)
        for _, path, names in rows_of_where_is()
        for name in names
        if not re.search(
            rf"^(?:def |class )?{re.escape(name)}\b(?:\(|:| =)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]

    assert undefined == []


def test_any_rule_is_looked_for_once_and_there_are_enough_of_them():
    looked_for = [what for what, _, _ in rows_of_where_is()]

    assert len(looked_for) >= 40
    assert sorted(set(looked_for)) == sorted(looked_for)


def test_a_path_that_is_gone_is_found():
    assert paths_in("see `config.py` and `make run`, or `cpts_sessions/gone.py`") == [
        "config.py",
        "cpts_sessions/gone.py",
    ]
    assert [is_there(path) for path in ("config.py", "templates/email/<name>.md", "cpts_sessions/gone.py")] == [
        True,
        True,
        False,
    ]
