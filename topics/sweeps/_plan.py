"""A study's folder: its plan, frozen when it is first made, and what became of each setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics._locks import BusyError, locked
from topics.config import RunConfig
from topics.store import StoreError, read_plain, sealed_bytes, unsealed, write_file
from topics.sweeps._settings import Setting

FORMAT = 1
PLAN_FILE = "plan.json"
STATES_FOLDER = "settings"
PENDING, RUNNING, DONE, FAILED = "pending", "running", "done", "failed"


@dataclass(frozen=True)
class Plan:
    """The settings of a study in their order, and the folder that they are worked through in.

    Attributes
    ----------
    folder : Path
        Of the study.
    settings : tuple of Setting
        Those of before first, then those that were added.
    """

    folder: Path
    settings: tuple[Setting, ...]

    @classmethod
    def load(cls, folder: str | Path) -> Plan:
        """The plan in a study's folder.

        Raises
        ------
        StoreError
            If there is none, or it was changed.
        """
        path = Path(folder) / PLAN_FILE
        try:
            plan = unsealed(read_plain(path))
            if plan["format"] != FORMAT:
                raise StoreError(f"{str(path)!r}: expected format {FORMAT}, got {plan['format']!r}")
            settings = [
                Setting(row["params"], row["seed"], RunConfig.from_dict(row["config"]), row["key"])
                for row in plan["settings"]
            ]
        except FileNotFoundError:
            raise StoreError(f"{str(folder)!r} holds no study: {PLAN_FILE} is missing") from None
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{str(path)!r} is not a plan as it was written ({error}): set it aside") from None
        return cls(Path(folder), tuple(settings))

    @classmethod
    def make(cls, folder: Path, settings: Sequence[Setting]) -> Plan:
        """The plan with these settings, kept in the folder; those that were planned before stay, in front.

        Parameters
        ----------
        folder : Path
            Of the study.
        settings : sequence of Setting
            That are wanted.
        """
        with locked(folder / PLAN_FILE):
            before = cls.load(folder).settings if (folder / PLAN_FILE).exists() else ()
            known = {setting.key for setting in before}
            plan = cls(folder, (*before, *(setting for setting in settings if setting.key not in known)))
            if len(plan.settings) > len(before):
                write_file(folder / PLAN_FILE, sealed_bytes({"format": FORMAT, "settings": plan._rows()}))
        return plan

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"params": dict(s.params), "seed": s.seed, "config": s.config.model_dump(mode="json"), "key": s.key}
            for s in self.settings
        ]

    def state(self, setting: Setting) -> dict[str, Any]:
        """What became of a setting: ``state`` and, of one that was tried, ``values`` or ``error``.

        Parameters
        ----------
        setting : Setting
            Of the plan.
        """
        try:
            return unsealed(read_plain(self._path(setting)))
        except FileNotFoundError:
            return {"state": RUNNING if self._is_held(setting) else PENDING}
        except ValueError:
            return {"state": PENDING}  # half written or damaged: it is done again

    def keep(self, setting: Setting, state: Mapping[str, Any]) -> None:
        """Keep what became of a setting.

        Parameters
        ----------
        setting : Setting
            Of the plan.
        state : mapping
            JSON-able.
        """
        write_file(self._path(setting), sealed_bytes(json.loads(json.dumps(state))))

    @contextmanager
    def held(self, setting: Setting) -> Iterator[None]:
        """Hold a setting, so that no other process works on it.

        Raises
        ------
        BusyError
            If another process holds it.
        """
        with locked(self._path(setting), wait_seconds=0):
            yield

    def _is_held(self, setting: Setting) -> bool:
        try:
            with self.held(setting):
                return False
        except BusyError:
            return True
        except StoreError:  # a folder that takes no lock file, such as one that is only read
            return False

    def _path(self, setting: Setting) -> Path:
        return self.folder / STATES_FOLDER / f"{setting.key}.json"
