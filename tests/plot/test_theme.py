"""Colors: texts are read on both grounds, and what is compared differs for color-blind readers and in gray."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from topics.plot._theme import COLORS, DARK, DIM, FIRST, INK, PAPER, SECOND, SYMBOLS, faded

# What a reader without one kind of cones sees, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "gray": [[0.2126, 0.7152, 0.0722]] * 3,
}  # fmt: skip


def linear(color: str) -> np.ndarray:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """By WCAG 2."""
    light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) + 0.05 for color in (one, other))
    return light[1] / light[0]


def over(color: str, ground: str, alpha: float) -> str:
    mixed = (alpha * int(color[i : i + 2], 16) + (1 - alpha) * int(ground[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


@pytest.mark.parametrize("turned", [lambda color: color, lambda color: DARK[color]], ids=["light", "dark"])
def test_texts_are_read_on_their_ground(turned):
    for text in (INK, DIM):
        assert contrast(turned(text), turned(PAPER)) >= 4.5
    for color in COLORS:  # a term on its bar, a name in its box
        assert contrast(turned(INK), over(turned(color), turned(PAPER), 0.35)) >= 4.5
    for color in (*COLORS, FIRST, SECOND):
        assert contrast(turned(color), turned(PAPER)) >= 1.8


@pytest.mark.parametrize("turned", [lambda color: color, lambda color: DARK[color]], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_what_is_compared_differs_for_every_reader(turned, kind):
    def seen(color: str) -> np.ndarray:
        return lab(np.array(BLIND[kind]) @ linear(turned(color)))

    assert np.linalg.norm(seen(FIRST) - seen(SECOND)) > 10
    if kind != "gray":  # groups differ in shape too
        near = [np.linalg.norm(seen(one) - seen(other)) for one, other in combinations(COLORS[:6], 2)]
        assert min(near) > 8, near


def test_shapes_are_as_many_as_groups():
    assert len(set(SYMBOLS)) == len(SYMBOLS) >= 8
    assert faded("#0b5394", 0.35) == "rgba(11,83,148,0.35)"
