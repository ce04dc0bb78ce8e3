"""Run the fast tests on the oldest and on the newest versions of the libraries that ``pyproject.toml`` allows.

    python scripts/versions.py                          # both, every direct dependency
    python scripts/versions.py oldest                   # one of the two
    python scripts/versions.py newest --only umap-learn # that one moves, others asked for stay pinned

For a weekly run: each makes a virtual environment of its own in a temporary folder (--keep FOLDER keeps it), installs
the toolkit with the extras "offline" and "test", runs ``pytest -m "not slow"`` (--tests "…" runs something else) and
says which versions were tried and what failed. torch stays as it is pinned: no other version has a small CPU build.
Exit status 1 where something failed. About 10 minutes each, most of it pip's (40 on a busy machine); nothing is kept.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pin import HELD, ROOT, asked_for, name_of, pinned

EXTRAS = ("offline", "test")


@dataclass(frozen=True)
class Outcome:
    """What became of one set of versions: an empty ``failed`` is success."""

    which: str
    tried: dict[str, str] = field(default_factory=dict)
    failed: str = ""
    said: str = ""


def lower_bounds() -> dict[str, str]:
    """The oldest series of each direct dependency that is allowed, such as "2.0.*" for ">=2"; "" where none is said."""
    asked = asked_for()
    bounds = {}
    for requirement in [*asked[""], *(one for extra in EXTRAS for one in asked[extra])]:
        found = re.search(r"[>=]=\s*([\w.]+)", requirement)
        series = (f"{found[1]}.*" if "." in found[1] else f"{found[1]}.0.*") if found else ""
        bounds[name_of(requirement)] = series
    return bounds


def constraints(which: str, only: list[str]) -> dict[str, str]:
    """The versions that pip is held to; packages that nobody asked for by name go along with those that were."""
    bounds, pins = lower_bounds(), pinned()
    unknown = set(only) - bounds.keys()
    if unknown:
        sys.exit(f"no direct dependency: {', '.join(sorted(unknown))}; there are {', '.join(sorted(bounds))}")
    moved = (set(only) or set(bounds)) - set(HELD)
    kept = {name: pins[name] for name in bounds if name not in moved} if only else {}
    kept |= {name: pins[name] for name in HELD}
    if which == "oldest":
        kept |= {name: bounds[name] for name in moved if bounds[name]}
    return kept


def attempt(which: str, *, only: list[str], tests: str, folder: Path) -> Outcome:
    """Install one set of versions and run the tests on it."""
    held = constraints(which, only)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "constraints.txt").write_text("".join(f"{n}=={v}\n" for n, v in sorted(held.items())), encoding="utf-8")
    venv.create(folder / "venv", with_pip=True, clear=True)
    python = str(folder / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    extras = f"{ROOT}[{','.join(EXTRAS)}]"
    print(f"{which}: installing into {folder} …", flush=True)
    done = run([*pip, "install", "-c", str(folder / "constraints.txt"), "--editable", extras])
    if done.returncode:
        reason = re.search(r"(ERROR: Cannot install|ERROR: |The conflict is caused by).*", done.stdout, re.DOTALL)
        return Outcome(
            which, failed="pip found no versions that go together", said=reason[0] if reason else done.stdout[-2000:]
        )
    listed = run([*pip, "list", "--format", "freeze"]).stdout
    found = dict(line.split("==") for line in listed.splitlines() if line.count("==") == 1)
    pins, direct = pinned(), lower_bounds()
    versions = {name_of(name): version.split("+")[0] for name, version in found.items()}
    tried = {name: version for name, version in sorted(versions.items()) if pins.get(name) not in (version, None)}
    print(f"{which}: {len(tried)} versions other than those pinned, testing …", flush=True)
    done = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *shlex.split(tests)])
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "pytest said nothing"
    print(f"{which}: {last}", flush=True)
    tried = {name: version for name, version in tried.items() if name in direct or done.returncode}
    return Outcome(which, tried, failed=last if done.returncode else "", said=summary(done.stdout))


def summary(printed: str) -> str:
    """Each error of pytest's output once, with how often it came, and the tests that failed by file."""
    errors = Counter(
        line[1:].strip()[:160] for line in printed.splitlines() if re.match(r"E +\w+(Error|Exception)\b", line)
    )
    tests = Counter(found[1] for found in re.finditer(r"^(?:FAILED|ERROR) (\S+?\.py)", printed, re.MULTILINE))
    lines = [f"{n:5} × {error}" for error, n in errors.most_common()]
    lines += [f"{n:5} of {file}" for file, n in sorted(tests.items())]
    return "\n".join(lines) or printed[-2000:]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """A command in the repository, with what it prints on either stream."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main(arguments: list[str] | None = None) -> None:
    """Try the versions and print what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="?", choices=["oldest", "newest"], help="default: both")
    parser.add_argument("--only", action="append", default=[], type=name_of, metavar="NAME", help="moves alone")
    parser.add_argument("--tests", default="-m 'not slow' --ignore tests/laws", help="arguments of pytest")
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER", help="where the environments stay")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        every = [options.which] if options.which else ["oldest", "newest"]
        outcomes = [attempt(w, only=options.only, tests=options.tests, folder=folder / w) for w in every]
    for outcome in outcomes:
        versions = ", ".join(f"{name} {version}" for name, version in outcome.tried.items()) or "those pinned"
        print(f"\n{outcome.which}: {outcome.failed or 'all passed'}\n  on {versions}")
        if outcome.failed:
            print(outcome.said)
    sys.exit(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    main()
