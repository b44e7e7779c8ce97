"""Fetch again what others wrote and we serve: the Pico stylesheet, the font, the icons, the QR encoder,
each with its licence.

    python scripts/refresh_vendor.py

Asks the npm client for the versions below, copies the files, draws icons/icons.svg again from the icons it already
names, and writes vendor/CHECKSUMS.txt, which a test compares with the files. To move to another version, change it
here, run, look at the components page.
"""

import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).parents[1] / "cpts_sessions" / "static"
CHECKSUMS = STATIC / "vendor" / "CHECKSUMS.txt"

PICO = "@picocss/pico@2.1.1"
FONT = "@fontsource-variable/atkinson-hyperlegible-next@5.3.0"
WOFF2 = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
ICONS = "lucide-static@1.62.0"
QR = "lean-qr@2.7.4"

# package -> {file in the package: file in static/}
COPIED = {
    PICO: {"css/pico.classless.min.css": "vendor/pico.min.css", "LICENSE.md": "vendor/PICO-LICENSE.md"},
    FONT: {
        f"files/{WOFF2}": f"fonts/{WOFF2}",
        "LICENSE": "fonts/OFL.txt",
    },
    ICONS: {"LICENSE": "icons/LICENSE.txt"},
    QR: {"nano.mjs": "vendor/lean-qr.js", "LICENSE": "vendor/LEAN-QR-LICENSE.txt"},
}
SPRITE = "icons/icons.svg"


def main() -> None:
    """Refresh every file and say which ones changed."""
    before = CHECKSUMS.read_text() if CHECKSUMS.exists() else ""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for package, files in COPIED.items():
            unpacked = fetch(package, Path(folder))
            for source, target in files.items():
                shutil.copyfile(unpacked / source, STATIC / target)
                lines.append(line(target, package))
            if package == ICONS:
                (STATIC / SPRITE).write_text(sprite(unpacked / "icons", names(STATIC / SPRITE)))
                lines.append(line(SPRITE, package))
    after = "".join(lines)
    CHECKSUMS.write_text(after)
    print("nothing changed" if after == before else after, end="\n" if after == before else "")


def fetch(package: str, folder: Path) -> Path:
    """Download a package with the npm client and unpack it.

    Raises:
        subprocess.CalledProcessError: npm could not; it has said why.
    """
    target = folder / re.sub(r"\W", "-", package)
    target.mkdir()
    packed = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(target), package],
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(target / packed.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def names(sprite_file: Path) -> list[str]:
    """The icons of the sprite, in their order. Add a line `<symbol id="name"></symbol>` to have one more."""
    return re.findall(r'<symbol id="([^"]+)"', sprite_file.read_text())


def sprite(icons: Path, wanted: list[str]) -> str:
    """One SVG of all the icons wanted, to be used as `icons.svg#name`."""
    symbols = []
    for name in wanted:
        drawing = (icons / f"{name}.svg").read_text()
        shapes = re.sub(r"\s*/>\s*", "/>", drawing.split(">", 2)[2].rsplit("</svg>", 1)[0].strip())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n')
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide (ISC), lucide.dev; see LICENSE.txt -->\n'
    return head + "".join(symbols) + "</svg>\n"


def line(target: str, package: str) -> str:
    """One line of the checksums: SHA-256, file, package and version."""
    return f"{hashlib.sha256((STATIC / target).read_bytes()).hexdigest()}  {target}  {package}\n"


if __name__ == "__main__":
    main()
