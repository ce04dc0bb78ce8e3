"""The tests whose results hang on arithmetic, under other machines' kernels: ``make test-machines``.

Another make of CPU takes other kernels for matrix products, distances and layouts, so its sums differ in their last
digits and its layouts as another seed's do. Each row of the table is one fresh process with such kernels, or with other
seeds. What this CPU cannot run is said and left out. Words after the command go to pytest, such as names of files.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = (
    "cluster", "comparison", "embed/test_hybrid.py", "embed/test_lexical.py", "embed/test_transformer.py", "evaluate",
    "label/test_evenness.py", "label/test_stage.py", "replaying", "runs", "sweeps", "test_cli.py", "test_experiments.py", "test_model.py", "test_neighbors.py",
    "test_notebooks.py", "test_pipeline.py", "test_reduce.py",
)  # fmt: skip
SAME_EVERYWHERE = (
    "not approximate and not equal_vectors_do_not_push"  # NN-descent takes long to compile, and no kernel changes it
)
KERNELS = ("OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "NUMBA_CPU_NAME")
MACHINES: dict[str, dict[str, str] | None] = {
    "as it is": None,
    "nothing set": {},
    "OpenBLAS for Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS for SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "OpenBLAS for Zen": {"OPENBLAS_CORETYPE": "Zen"},
    "OpenBLAS for Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "torch without vector units": {"ATEN_CPU_CAPABILITY": "default"},
    "oneDNN up to AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    "numba for any CPU": {"NUMBA_CPU_NAME": "generic"},
    "other seeds": {"TOPICS_SEED_SHIFT": "1"},
    "yet other seeds": {"TOPICS_SEED_SHIFT": "2"},
}
PROBE = "import numpy as np; a = np.random.default_rng(0).normal(size=(300, 300)); a @ a"


def environment(changes: dict[str, str] | None) -> dict[str, str]:
    """This environment, or one with no kernel asked for but these."""
    if changes is None:
        return dict(os.environ)
    return {**{name: value for name, value in os.environ.items() if name not in KERNELS}, **changes}


def main(arguments: list[str]) -> int:
    """The number of environments in which a test failed."""
    wanted = arguments or [str(ROOT / "tests" / name) for name in TESTS]
    n_failed = 0
    for name, changes in MACHINES.items():
        env = environment(changes)
        if subprocess.run([sys.executable, "-c", PROBE], env=env, capture_output=True).returncode:
            print(f"{name:<28} this CPU cannot", flush=True)
            continue
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", SAME_EVERYWHERE, *wanted]
        found = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
        last = re.sub(r" in [\d.]+s.*|=+ ?", "", found.stdout.strip().rpartition("\n")[2])
        print(f"{name:<28} {last}, {time.monotonic() - started:.0f} s", flush=True)
        if found.returncode:
            n_failed += 1
            print("\n".join(line for line in found.stdout.split("\n") if line.startswith(("FAILED", "ERROR"))))
    return n_failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
