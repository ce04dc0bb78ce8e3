"""What is known of embedding models by their name: ``topics/data/models.toml``, looked up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ModelTable:
    """Families of models, each known by a part of the name between word ends; the first that fits counts.

    Attributes
    ----------
    one_code : Mapping[str, str]
        Codes of languages that stand for another one here, such as ``nb`` for ``no``.
    prompts : Mapping[str, str]
        Pattern to the prompt before every document; "" for families that take none.
    families : Mapping[str, frozenset of str]
        Pattern to the languages that models of the family, and those made from it, know.
    models : Mapping[str, frozenset of str]
        Pattern of a whole name to the languages that this model knows, whatever it was made from.
    suggested : Mapping[str, frozenset of str]
        Names of models that a note may suggest, with their languages.
    """

    one_code: Mapping[str, str]
    prompts: Mapping[str, str]
    families: Mapping[str, frozenset[str]]
    models: Mapping[str, frozenset[str]]
    suggested: Mapping[str, frozenset[str]]

    def prompt_of(self, names: Iterable[str]) -> str | None:
        """The prompt of the first family that a name is of; None where no name is of any.

        Parameters
        ----------
        names : iterable of str
            In lower case, the most certain first.
        """
        return next((prompt for name in names for part, prompt in self.prompts.items() if _has(name, part)), None)

    def languages_of(self, names: Iterable[str], *, made_from: Iterable[str] = ()) -> frozenset[str] | None:
        """The languages of the first family or model that a name is of; None where no name is of any.

        Parameters
        ----------
        names : iterable of str
            Of the model, in lower case.
        made_from : iterable of str
            Names of the models that it was made from, which tell a family and no single model.
        """
        own = list(names)
        for name in (*own, *made_from):
            for part, codes in self.families.items():
                if _has(name, part):
                    return codes
            for whole, codes in self.models.items():
                if name in own and re.fullmatch(whole, name):
                    return codes
        return None


def _has(name: str, part: str) -> bool:
    return re.search(rf"(?<![a-z0-9])(?:{part})(?![a-z0-9])", name) is not None


@cache
def model_table() -> ModelTable:
    """The table, read once."""
    table = tomllib.loads(files("topics").joinpath("data", "models.toml").read_text(encoding="utf-8"))
    one_code = table["one_code"]

    def codes(text: str) -> frozenset[str]:
        return frozenset(one_code.get(code, code) for code in text.split())

    known = {name: codes(entry["codes"]) for name, entry in table["languages"].items()}

    def languages(entry: Mapping[str, str]) -> frozenset[str]:
        return known[entry["languages"]] if "languages" in entry else codes(entry["codes"])

    return ModelTable(
        one_code,
        {entry["pattern"]: entry["prompt"] for entry in table["prompts"]},
        {entry["pattern"]: languages(entry) for entry in table["families"]},
        {entry["pattern"]: languages(entry) for entry in table["models"]},
        {entry["model"]: languages(entry) for entry in table["suggested"]},
    )
