"""Pin every package that any extra asks for, directly or not, in ``constraints.txt``.

    python scripts/pin.py             # what is pinned stays, what is new is added, what nobody asks for goes
    python scripts/pin.py --upgrade   # the newest versions that go together; torch and exact pins stay
    python scripts/pin.py --check     # changes nothing; fails where the file is not what would be written

pip resolves ``.[every extra]`` and the build system in an empty environment and downloads metadata; nothing is
installed. About a minute. Run it under the oldest Python that is supported, on Linux: another system may ask for a few
packages more (colorama on Windows), which stay unpinned there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = ROOT / "constraints.txt"
HELD = ("torch",)  # another version than the one that is pinned has no small CPU build and pulls gigabytes
HEAD = """\
# Made by `make pins` (scripts/pin.py) under Python {python} on Linux: every package that the toolkit or an extra asks
# for, directly or not. A run is repeatable by someone else only on the same versions. torch 2.13.0 has a small CPU
# build; an unpinned torch pulls gigabytes.
"""


def normal(name: str) -> str:
    """A package's name as PyPI compares them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    """The package that a requirement is for."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    assert found, f"not a requirement: {requirement!r}"
    return normal(found[0])


def asked_for() -> dict[str, list[str]]:
    """The requirements of ``pyproject.toml`` by extra; "" is what is always installed, "build" the build system."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = declared["project"]
    return {
        "": project["dependencies"],
        **project["optional-dependencies"],
        "build": declared["build-system"]["requires"],
    }


def pinned() -> dict[str, str]:
    """Versions in ``constraints.txt`` by package."""
    lines = (line.split("#")[0].strip() for line in PINS.read_text(encoding="utf-8").splitlines())
    return {normal(name): version for name, _, version in (line.partition("==") for line in lines if line)}


def resolve(requirements: list[str], pins: dict[str, str]) -> dict[str, str]:
    """The version of every package that the requirements need, where those in ``pins`` are as they say."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        venv.create(folder / "venv", with_pip=True)  # of an environment with packages, pip would take what is there
        (folder / "pins.txt").write_text("".join(f"{n}=={v}\n" for n, v in pins.items()), encoding="utf-8")
        (folder / "asked.txt").write_text("\n".join(requirements) + "\n", encoding="utf-8")
        command = [
            str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "-qq", "--dry-run", "--ignore-installed",
            "--report", str(folder / "report.json"), "-c", str(folder / "pins.txt"), "-r", str(folder / "asked.txt"),
        ]  # fmt: skip
        if subprocess.run(command).returncode:
            sys.exit("pip found no versions that go together; what it says is above")
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    found = (item["metadata"] for item in report["install"])
    return {normal(item["name"]): item["version"].split("+")[0] for item in found}  # 2.13.0+cpu is a build of 2.13.0


def written(versions: dict[str, str], direct: set[str]) -> str:
    """The text of ``constraints.txt``."""
    parts = [HEAD.format(python=".".join(map(str, sys.version_info[:2])))]
    for title, names in (("asked for by name", direct), ("asked for by those", versions.keys() - direct)):
        parts.append(f"\n# {title}\n" + "".join(f"{name}=={versions[name]}\n" for name in sorted(names)))
    return "".join(parts)


def main(arguments: list[str] | None = None) -> None:
    """Resolve, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="the newest versions that go together")
    parser.add_argument("--check", action="store_true", help="change nothing, fail where something would change")
    options = parser.parse_args(arguments)
    requirements = [requirement for some in asked_for().values() for requirement in some]
    before = pinned()
    pins = {name: version for name, version in before.items() if not options.upgrade or name in HELD}
    versions = resolve(requirements, pins)
    text = written(versions, {name_of(requirement) for requirement in requirements})
    for name in sorted(versions.keys() | before.keys()):
        if versions.get(name) != before.get(name):
            print(f"{name}: {before.get(name, 'not pinned')} → {versions.get(name, 'asked for by nobody')}")
    if not options.check:
        PINS.write_text(text, encoding="utf-8")
    elif text != PINS.read_text(encoding="utf-8"):
        sys.exit(f"{PINS.name} is not what `make pins` writes: run it")


if __name__ == "__main__":
    main()
