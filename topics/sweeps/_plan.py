"""A study's folder: its plan, frozen when it is first made, and what became of each setting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from dataclasses import replace as with_fields
from pathlib import Path
from typing import Any

from topics._locks import BusyError, locked
from topics.config import ConfigError, RunConfig
from topics.store import StoreError, read_plain, sealed_bytes, unsealed, write_file
from topics.sweeps._settings import PLAN_FILE, Setting
from topics.sweeps._tuning import Trial, Tuning

FORMAT = 1
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
    tuning : Tuning or None
        How trials are proposed.
    trials : tuple of Trial
        That were proposed; their settings are among the others.
    """

    folder: Path
    settings: tuple[Setting, ...]
    tuning: Tuning | None = None
    trials: tuple[Trial, ...] = ()

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
                Setting(
                    row["params"], row["seed"], RunConfig.from_dict(row["config"]), row["key"], row.get("problem", "")
                )
                for row in plan["settings"]
            ]
            tuning = Tuning(**plan["tune"]) if plan.get("tune") else None
            trials = [Trial(**{**row, "settings": tuple(row["settings"])}) for row in plan.get("trials", ())]
        except FileNotFoundError:
            raise StoreError(f"{str(folder)!r} holds no study: {PLAN_FILE} is missing") from None
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{str(path)!r} is not a plan as it was written ({error}): set it aside") from None
        return cls(Path(folder), tuple(settings), tuning, tuple(trials))

    @classmethod
    def make(
        cls, folder: Path, settings: Sequence[Setting], *, tuning: Tuning | None = None, trials: Sequence[Trial] = ()
    ) -> Plan:
        """The plan with these settings, kept in the folder; those that were planned before stay, in front.

        Parameters
        ----------
        folder : Path
            Of the study.
        settings : sequence of Setting
            That are wanted.
        tuning : Tuning or None
            How trials are proposed.
        trials : sequence of Trial
            That were proposed elsewhere and are repeated.

        Raises
        ------
        ConfigError
            If trials in the folder were proposed otherwise.
        """
        with locked(folder / PLAN_FILE):
            before = cls.load(folder) if (folder / PLAN_FILE).exists() else cls(folder, ())
            if tuning and before.tuning and before._header() != cls(folder, (), tuning)._header():
                raise ConfigError(
                    f"the trials in {str(folder)!r} were proposed by {before._header()!r}, not by "
                    f"{cls(folder, (), tuning)._header()!r}: give this study another name"
                )
            own = with_fields(before, tuning=tuning or before.tuning, trials=before.trials or tuple(trials))
            return own._kept(settings, before=before)

    def extended(self, propose: Callable[[Plan], tuple[Sequence[Setting], Sequence[Trial]]]) -> Plan:
        """The plan with further trials and their settings, kept in its folder.

        Parameters
        ----------
        propose : callable
            Given the plan as it is now, while no other process changes it, gives the settings and trials to add.
        """
        with locked(self.folder / PLAN_FILE):
            now = Plan.load(self.folder)
            settings, trials = propose(now)
            return with_fields(now, trials=(*now.trials, *trials))._kept(settings, before=now)

    def as_study(self) -> dict[str, Any]:
        """The study that repeats these settings and trials as they are recorded; see :func:`topics.sweeps.sweep`."""
        return {"planned": list(self.settings), "trials": list(self.trials), "tuned": self.tuning}

    def _kept(self, settings: Sequence[Setting], *, before: Plan) -> Plan:
        """The plan with settings at its end that are not there yet, written where it is another than before."""
        known = {setting.key for setting in self.settings}
        added = {setting.key: setting for setting in settings if setting.key not in known}
        plan = with_fields(self, settings=(*self.settings, *added.values()))
        if plan != before:
            rows: dict[str, Any] = {"format": FORMAT, "settings": plan._rows()}
            if plan.tuning or plan.trials:
                rows["tune"] = plan.tuning and plan.tuning.row()
                rows["trials"] = [asdict(trial) for trial in plan.trials]
            write_file(self.folder / PLAN_FILE, sealed_bytes(json.loads(json.dumps(rows))))
        return plan

    def _header(self) -> dict[str, Any]:
        """How trials are proposed, but for their number."""
        row = json.loads(json.dumps(self.tuning.row())) if self.tuning else {}
        return {name: value for name, value in row.items() if name != "n_trials"}

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "params": dict(s.params), "seed": s.seed, "config": s.config.model_dump(mode="json"), "key": s.key,
                **({"problem": s.problem} if s.problem else {}),
            }
            for s in self.settings
        ]  # fmt: skip

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
