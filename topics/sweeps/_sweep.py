"""A sweep worked through, setting by setting and trial by trial."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._locks import BusyError
from topics.config import ConfigError
from topics.graph import Explained, Runner
from topics.store import StoreError, check_writable
from topics.sweeps._beside import OnState, n_processes, try_beside, try_setting
from topics.sweeps._optuna import import_optuna, next_trials
from topics.sweeps._plan import Plan
from topics.sweeps._settings import Setting, settings_from, settings_of, study_of
from topics.sweeps._study import Study
from topics.sweeps._tuning import Trial, Tuning, tuning_of
from topics.sweeps._work import Work

if TYPE_CHECKING:
    from topics import embed

OnSetting = Callable[[Setting, Mapping[str, Any]], object]
_WAIT_SECONDS = 0.5
_WRITE_SECONDS = 1.0  # between writings of the results as they grow


def sweep(
    articles: Any,
    study: Mapping[str, Any] | str | Path,
    *,
    out: str | Path = "runs",
    name: str = "study",
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
    jobs: int | None = None,
    progress: bool = True,
    on_setting: OnSetting | None = None,
) -> Study:
    """A study worked through: every setting under every seed, what they share computed once.

    A setting that fails is recorded with its whole error and the rest goes on. What was stopped goes on when the same
    study is asked for again, settings and trials may be added, and several processes may work on one study.

    Parameters
    ----------
    articles : str, Path, table, list or Corpus
        As for :func:`topics.run`.
    study : mapping, str or Path
        What is tried, or a TOML file of it: ``config``, ``grid``, ``random``, ``settings``, ``tune`` and ``seeds``; see
        :func:`topics.sweeps.settings_of`. Or the folder of another study, whose settings and trials are repeated as
        they were recorded.
    out : str or Path
        Folder of runs; the study's folder and the store lie in it.
    name : str
        Folder of the study.
    embeddings, encoder
        As for :func:`topics.run`, for all settings.
    jobs : int or None
        Number of processes that try settings side by side, with the same results. None takes ``TOPICS_THREADS`` where
        it is set, else the processors, as far as memory goes. They are forks: outside Linux, in a notebook, and where
        torch is loaded and embeddings are still to be computed, settings are tried one after another.
    progress : bool
        Whether to show a progress bar where standard error is a terminal.
    on_setting : callable or None
        Called with each setting that was tried and what came of it: ``state`` and ``values`` or ``error``; in the order
        in which they are done.

    Raises
    ------
    TopicsError
        If the study, the articles or the folder cannot be used, the disk refuses, or ``tune`` is asked for and Optuna
        is not installed; or a process was ended from outside (:class:`topics.sweeps.LostProcessError`).

    Examples
    --------
    >>> import topics
    >>> found = topics.sweep("articles.jsonl", {"grid": {"cluster.min_samples": [5, 10]}, "seeds": 3})  # doctest: +SKIP
    >>> found.summary()  # doctest: +SKIP
    """
    if jobs is not None and jobs < 1:
        raise ConfigError(f"expected jobs, a number of processes of at least 1, got {jobs!r}")
    check_writable(out)
    asked = study_of(study)
    settings, tuning = settings_of(asked), tuning_of(asked)
    folder, work = Path(out) / name, Work(articles, Path(out), embeddings=embeddings, encoder=encoder)
    work.check_articles(settings)
    plan = Plan.make(folder, settings, tuning=tuning or asked.get("tuned"), trials=asked.get("trials", ()))
    if tuning and len(plan.trials) < tuning.n_trials:
        import_optuna()  # before anything is computed in vain
    _work_through(plan, work, jobs=jobs, progress=progress, on_setting=on_setting)
    while tuning and len(plan.trials) < tuning.n_trials:
        plan = _with_next_trials(plan, asked, tuning)
        _work_through(plan, work, jobs=jobs, progress=progress, on_setting=on_setting)
    found = Study(plan)
    found.write_results()
    return found


def _work_through(plan: Plan, work: Work, *, jobs: int | None, progress: bool, on_setting: OnSetting | None) -> None:
    """Try every setting that is not tried yet; one that another process holds is waited for."""
    from tqdm import tqdm

    wanted = [setting for setting in plan.settings if not work.is_tried(setting, plan.state(setting))]
    work.expect(wanted)
    study, written = Study(plan), 0.0
    with tqdm(total=len(wanted), desc="settings", leave=False, disable=None if progress else True) as bar:

        def note(setting: Setting, state: Mapping[str, Any] | None) -> None:
            nonlocal written
            if state is not None and time.monotonic() - written > _WRITE_SECONDS:
                study.write_results()
                written = time.monotonic()
            if state is not None and on_setting:
                on_setting(setting, state)
            bar.update()

        try:
            n = n_processes(jobs, len(wanted), uses_torch=not all(map(work.has_embeddings, wanted)))
            if n > 1:
                busy = try_beside(plan, work, settings=wanted, n=n, on_state=note)
            else:
                busy = _try_here(plan, work, settings=wanted, note=note)
            while busy:
                time.sleep(_WAIT_SECONDS)
                busy = _try_here(plan, work, settings=busy, note=note)
        finally:
            if written:
                with suppress(StoreError):  # of a full disk; what was finished is kept beside it
                    study.write_results()


def _try_here(plan: Plan, work: Work, *, settings: Sequence[Setting], note: OnState) -> list[Setting]:
    """Try settings one after another; those that another process holds are given back."""
    busy = []
    for setting in settings:
        try:
            note(setting, try_setting(plan, work, setting=setting))
        except BusyError:
            busy.append(setting)
    return busy


def _with_next_trials(plan: Plan, asked: Mapping[str, Any], tuning: Tuning) -> Plan:
    """The plan with the trials that the sampler proposes next, unless there are as many as were asked for."""

    def propose(now: Plan) -> tuple[Sequence[Setting], Sequence[Trial]]:
        if len(now.settings) > len(plan.settings) or len(now.trials) >= tuning.n_trials:
            return (), ()  # those of another process are there to be worked on, or there are enough
        proposed = next_trials(tuning, now.trials, values=[_values_of(now, trial) for trial in now.trials])
        settings = [settings_from(asked, [trial.params], refuse=False) for trial in proposed]
        trials = [trial.of(group) for trial, group in zip(proposed, settings, strict=True)]
        return [setting for group in settings for setting in group], trials

    return plan.extended(propose)


def _values_of(plan: Plan, trial: Trial) -> dict[str, float | None]:
    """Mean of each score over a trial's seeds; empty where one of them failed."""
    by_key = {setting.key: setting for setting in plan.settings}
    rows = [plan.state(by_key[key]).get("values") for key in trial.settings]
    if not rows or not all(rows):
        return {}
    scores = [{"n_topics": row["n_topics"], **row["metrics"]} for row in rows if row]
    means: dict[str, float | None] = {}
    for name in scores[0]:
        column = [float(row[name]) for row in scores if row.get(name) is not None]
        means[name] = sum(column) / len(column) if len(column) == len(scores) else None
    return means


def explain_sweep(
    articles: Any,
    study: Mapping[str, Any] | str | Path,
    *,
    out: str | Path = "runs",
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
) -> list[Explained]:
    """How many records of each stage a study needs, how many of them are stored, and why others are new.

    Trials that a sampler would propose are not among them: they hang on the results of earlier ones.

    Parameters
    ----------
    articles, study, out, embeddings, encoder
        As for :func:`sweep`; nothing is computed.
    """
    work = Work(articles, Path(out), embeddings=embeddings, encoder=encoder)
    settings = [setting for setting in settings_of(study_of(study)) if not setting.problem]
    nodes = [node for setting in settings for node in work.nodes(setting)]
    return Runner(work.store).explain(*nodes)
