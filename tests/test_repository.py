"""What the repository must say, and must never say."""

import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Folders that are not the repository's own words.
SKIPPED = {".git", ".venv", "instance", "build", "dist", "__pycache__", "vendor", "node_modules"}
#: Folders with files of others, each with the licence under which we may give them on.
VENDORED = (
    "cpts_sessions/static/vendor",
    "cpts_sessions/static/fonts",
    "cpts_sessions/static/icons",
    "tests/browser/vendor",
)

# written in pieces, so that this file does not say them
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("googleapis", "com"),
        ("gstatic", "com"),
        ("docker", "io"),
    ]
]
MACHINE_PATHS = re.compile(r"(?<![\w.}\])])/(?:home|root|work|Users|tmp|opt)" + r"/[\w.]")
ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[A-Za-z]{2,})")
INVENTED = re.compile(r"(?:.+\.)?(?:example\.org|exemple\.fr|example|invalid)", re.IGNORECASE)


def texts() -> dict[str, str]:
    """Return the text files of the repository by their names, without what others wrote."""
    found = {}
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT)
        hidden = any(part.startswith(".") and part not in (".ci", ".gitignore") for part in name.parts[:-1])
        if not path.is_file() or hidden or SKIPPED & set(name.parts) or name.name == "LICENSE":
            continue
        try:
            found[name.as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def rows(document: str, section: str = "") -> dict[str, str]:
    """Return the tables of a section of a document: what stands in the first column in `code`, and the last."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    if section:
        text = text.partition(f"\n## {section}\n")[2]
    lines = [line.strip("|").split("|") for line in text.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    return {cells[0].strip().strip("`"): cells[-1].strip() for cells in lines}


def names(requirements: list[str]) -> list[str]:
    """Return the names of the packages required, without the project itself."""
    found = [re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements]
    return sorted(name for name in found if name != "cpts-sessions")


def project() -> dict:
    """Return the `[project]` table of pyproject.toml."""
    found: dict = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_no_file_names_a_package_registry():
    naming = {name: host for name, text in texts().items() for host in REGISTRIES if host in text}

    assert naming == {}


def test_no_file_knows_the_machine_it_was_written_on():
    knowing = {name: found.group() for name, text in texts().items() if (found := MACHINE_PATHS.search(text))}

    assert knowing == {}


def test_no_file_stands_on_anything_beside_the_repository():
    beside = "../" + "shared"

    assert [name for name, text in texts().items() if beside in text] == []


def test_lock_files_hold_versions_and_hashes_and_no_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        strange = [
            line
            for line in lines
            if not re.fullmatch(
                r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+( ;[^:]*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
            )
        ]
        assert strange == []
    assert [path.name for pattern in ("uv.lock", "pylock*.toml") for path in ROOT.glob(pattern)] == []


def test_the_tests_run_on_the_versions_that_are_served():
    development = pins("requirements-dev.lock")

    assert {name: development.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


def test_every_dependency_is_locked():
    required = names(project()["dependencies"]) + names(project()["optional-dependencies"]["postgres"])

    assert [name for name in required if name not in pins("requirements.lock")] == []
    assert [
        name for name in names(project()["optional-dependencies"]["dev"]) if name not in pins("requirements-dev.lock")
    ] == []


def test_every_dependency_has_its_reason():
    extras = project()["optional-dependencies"]

    assert sorted(rows("dependances.md", "Runtime")) == names(project()["dependencies"])
    for extra in ("postgres", "build", "dev"):
        assert sorted(rows("dependances.md", f"Extra `{extra}`")) == names(extras[extra])


def test_every_setting_read_is_described_and_every_setting_described_is_read():
    read = re.findall(
        r"\benv(?:ironment)?(?:\.get\(|\[|, )\"([A-Z_]+)\"", (ROOT / "config.py").read_text(encoding="utf-8")
    )

    assert sorted(rows("settings.md")) == sorted(set(read))


def test_the_settings_of_make_and_of_the_tests_are_read_by_them():
    read_by = {"DEMO": "scripts/run.sh", "TEST_DATABASE_URL": "tests/databases.py"}

    assert sorted(rows("settings.md", "Read by `make` and by the tests only")) == sorted(read_by)
    assert [name for name, reader in read_by.items() if name not in (ROOT / reader).read_text(encoding="utf-8")] == []


def test_invented_people_have_invented_addresses():
    real = {
        name: sorted(set(domains))
        for name, text in texts().items()
        if (domains := [d for d in ADDRESS.findall(re.sub(r"\r?\n ", "", text)) if not INVENTED.fullmatch(d)])
    }

    assert real == {}


def test_every_folder_of_files_of_others_holds_their_licence():
    licences = {
        folder: [p.name for p in (ROOT / folder).iterdir() if re.search("LICENSE|OFL", p.name)] for folder in VENDORED
    }

    assert {folder for folder, found in licences.items() if not found} == set()


def test_the_accessibility_reader_is_the_one_we_took():
    folder = ROOT / "tests/browser/vendor"
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        checksum, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum


def test_the_licence_is_the_one_declared():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert project()["license"] == "AGPL-3.0-or-later"
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef"
    )
