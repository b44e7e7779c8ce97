"""The house keeps its shape: sizes, names, and the few things that only one file may do.

The direction of imports is held by import-linter (`make check`, contracts in pyproject.toml).
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from cpts_sessions.cli.main import FILES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cpts_sessions"
ARCHITECTURE = ROOT / "docs" / "architecture.md"

LINES_IN_A_MODULE = 300
LINES_IN_A_FUNCTION = 40
#: What may be longer, and why. A line here is a room that does not want dividing.
LONGER = {
    "migrations/versions/*.py": "a schema is one list of facts, written once and never changed",
}

#: The files every feature may have, always with the same meaning (the same words in docs/architecture.md).
FEATURE_FILES = {"__init__.py", "models.py", "rules.py", "queries.py", "services.py", "messages.py"}
NEVER_NAMES = {"utils", "helpers", "common", "util", "helper", "misc", "session"}

#: The settings are read in one place; these two hand the whole environment on to a child process, and a pipe with it.
ENVIRONMENT = {"config.py", "cpts_sessions/cli/lifeline.py", "cpts_sessions/cli/supervisor.py"}

#: Reads of the clock, as attributes of the classes and modules they are called on.
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def modules(*folders: str) -> list[Path]:
    """Return every Python file of these folders of the repository, and the files named."""
    found = [ROOT / name for name in folders if name.endswith(".py")]
    for folder in folders:
        found += sorted((ROOT / folder).rglob("*.py"))
    return found


OURS = modules("cpts_sessions", "config.py", "wsgi.py")
EVERYTHING = [*OURS, *modules("migrations", "scripts", "tests")]


def name_of(path: Path) -> str:
    """Return the path as the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def may_be_longer(path: Path) -> bool:
    """Say whether the exceptions name this file."""
    return any(fnmatch(name_of(path), pattern) for pattern in LONGER)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method, nested ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines from `def` to the last one, docstring included, decorators not."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return (what, method) of every call `….what.method(…)`, or ("", name) of a bare one."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield (getattr(owner, "attr", getattr(owner, "id", "")), node.func.attr)
        elif isinstance(node.func, ast.Name):
            yield ("", node.func.id)


def declared_files() -> dict[str, str]:
    """Return the files of the table "Other files" of docs/architecture.md, and what each is for."""
    section = ARCHITECTURE.read_text(encoding="utf-8").partition("\n## Other files\n")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    return {row[1].strip().strip("`"): row[2].strip() for row in rows}


def test_no_module_is_longer_than_a_room():
    too_long = {
        name_of(path): lines
        for path in EVERYTHING
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_IN_A_MODULE and not may_be_longer(path)
    }

    assert too_long == {}


def test_no_function_is_longer_than_a_page():
    too_long = {
        f"{name_of(path)}:{node.lineno} {node.name}": length(node)
        for path in EVERYTHING
        if not may_be_longer(path)
        for node in functions(tree_of(path))
        if length(node) > LINES_IN_A_FUNCTION
    }

    assert too_long == {}


def test_every_exception_to_the_sizes_is_still_needed():
    needed = {
        pattern: any(
            len(path.read_text(encoding="utf-8").splitlines()) > LINES_IN_A_MODULE
            or any(length(node) > LINES_IN_A_FUNCTION for node in functions(tree_of(path)))
            for path in EVERYTHING
            if fnmatch(name_of(path), pattern)
        )
        for pattern in LONGER
    }

    assert needed == dict.fromkeys(LONGER, True)


def test_every_other_file_has_its_line_in_the_architecture():
    patterns = declared_files()
    others = [path.relative_to(PACKAGE).as_posix() for path in modules("cpts_sessions")]
    undeclared = [
        other
        for other in others
        if Path(other).name not in FEATURE_FILES and not any(fnmatch(other, pattern) for pattern in patterns)
    ]

    assert undeclared == []


def test_every_line_of_the_architecture_has_its_file_and_its_reason():
    written = [path.relative_to(PACKAGE).as_posix() for path in modules("cpts_sessions")]
    empty = [
        pattern
        for pattern, reason in declared_files().items()
        if not reason or ("*" not in pattern and pattern not in written)
    ]

    assert empty == []


def test_the_table_of_packages_names_the_packages_that_exist():
    section = ARCHITECTURE.read_text(encoding="utf-8").partition("\n## The stack\n")[2].partition("\n## ")[0]
    named = [line.split("|")[1].strip().strip("`") for line in section.splitlines() if line.startswith("| `")]
    existing = [path.parent.name for path in PACKAGE.glob("*/__init__.py")] + ["extensions"]

    assert sorted(named) == sorted(existing)


def test_no_name_says_nothing():
    named = [name_of(path) for path in EVERYTHING]

    assert [name for name in named if NEVER_NAMES & set(Path(name).with_suffix("").parts)] == []


def test_only_the_transaction_commits():
    committing = [name_of(path) for path in OURS if any(method == "commit" for _, method in calls(tree_of(path)))]

    assert committing == ["cpts_sessions/core/transaction.py"]


def test_only_the_clock_says_what_time_it_is():
    reading = [name_of(path) for path in OURS if CLOCKS & set(calls(tree_of(path)))]

    assert reading == ["cpts_sessions/core/clock.py"]


def test_only_the_settings_read_the_environment():
    reading = [
        name_of(path)
        for path in OURS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and ast.unparse(node.value) == "os"
    ]

    assert set(reading) == ENVIRONMENT


def test_the_application_without_pages_knows_every_table():
    holding = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in modules("cpts_sessions")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and "Base" in [ast.unparse(base) for base in node.bases]
    }
    loaded = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree_of(PACKAGE / "installation/application.py"))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert (sorted(holding - loaded), "cpts_sessions.people.models" in holding) == ([], True)


def test_every_command_is_found_by_its_name():
    registered = {
        node.args[0].value: path.stem
        for path in modules("cpts_sessions/cli")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("cli.command", "cli.group")
    }

    assert registered == FILES


def test_packages_are_empty_or_a_blueprint():
    heavy = [
        name_of(path)
        for path in modules("cpts_sessions")
        if path.name == "__init__.py"
        for node in tree_of(path).body
        if not isinstance(node, ast.Assign | ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]

    assert heavy == []


@pytest.mark.parametrize("source", ["now = datetime.now()", "day = datetime.date.today()", "x = time.time()"])
def test_a_read_of_the_clock_is_recognised(source: str):
    assert CLOCKS & set(calls(ast.parse(source)))


def test_the_length_of_a_function_counts_its_docstring_and_not_its_decorators():
    (function,) = functions(ast.parse('@decorated\ndef f():\n    """Say.\n\n    More.\n    """\n    return 1\n'))

    assert length(function) == 6
