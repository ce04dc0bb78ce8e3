"""``topics export``: runs and sweeps in other tools' stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._say import count
from topics._terminal import visible
from topics.cli._app import group

app = group("export", "Runs and sweeps in other tools' stores.")


@app.command("mlflow")
def mlflow_command(
    source: Annotated[Path, typer.Argument(help="Folder of a run or a sweep.")],
    to: Annotated[
        str | None, typer.Option(help="MLflow's store, such as sqlite:///mlflow.db; by default beside the folder.")
    ] = None,
    experiment: Annotated[str, typer.Option(help="MLflow's experiment, made where it is not there.")] = "topics",
) -> None:
    """Write a run, or every setting of a sweep, to MLflow; what is there already is not written twice."""
    from topics.export import export_mlflow

    done = export_mlflow(source, to=to, experiment=experiment)
    print(f"{count(done.n_new, 'new run')}, {done.n_updated} updated, {done.n_same} as they were")
    print(visible(f"look:  mlflow server --backend-store-uri {done.store}"))
    print(visible(f"       then http://127.0.0.1:5000, Model training, {done.experiment}"))
