"""Fetch the site's vendored JavaScript from npm by package name and check its hashes.

Run it with `--update` to take the versions named below and write the hashes anew, without
it to check that what is vendored is what npm serves.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "src" / "footnotary" / "assets" / "vendor"
MANIFEST = VENDOR / "manifest.json"
PACKAGES = {
    "mermaid@11.17.2": {
        "package/dist/mermaid.min.js": "mermaid.min.js",
        "package/LICENSE": "mermaid.LICENSE.txt",
    },
    "swagger-ui-dist@5.35.0": {
        "package/swagger-ui-bundle.js": "swagger-ui-bundle.js",
        "package/swagger-ui.css": "swagger-ui.css",
        "package/swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
        "package/LICENSE": "swagger-ui.LICENSE.txt",
        "package/NOTICE": "swagger-ui.NOTICE.txt",
    },
}


def main() -> int:
    """Compare or update; return 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    update = parser.parse_args().update
    manifest: dict[str, dict[str, str]] = {}
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package, wanted in PACKAGES.items():
            manifest[package] = {}
            for name, content in packed(package, wanted, Path(folder)).items():
                digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
                manifest[package][name] = f"sha384-{digest}"
                files[name] = content
    if update:
        VENDOR.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (VENDOR / name).write_bytes(content)
        MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
        return 0
    known = json.loads(MANIFEST.read_text())
    differing = [name for name, content in files.items() if (VENDOR / name).read_bytes() != content]
    if known != manifest or differing:
        print("differs from npm:", ", ".join(differing) or "manifest.json", file=sys.stderr)
        return 1
    return 0


def packed(package: str, wanted: dict[str, str], folder: Path) -> dict[str, bytes]:
    """Return the wanted files of an npm package, source-map comments removed."""
    answer = subprocess.run(
        ["npm", "pack", "--json", "--silent", package],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    name = json.loads(answer.stdout)[0]["filename"]
    found = {}
    with tarfile.open(folder / name) as archive:
        for source, target in wanted.items():
            stream = archive.extractfile(source)
            if stream is None:
                raise FileNotFoundError(source)
            # The maps are not shipped: a browser's tools would ask for them and find nothing.
            lines = stream.read().splitlines(keepends=True)
            maps = (b"//# sourceMappingURL", b"/*# sourceMappingURL")
            found[target] = b"".join(line for line in lines if not line.startswith(maps))
    return found


if __name__ == "__main__":
    sys.exit(main())
