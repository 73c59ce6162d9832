"""Names of conditions, and what is known of music that was played from notes."""

from __future__ import annotations

import numpy as np
from recipes.diffusion.conditions import (
    COUNT,
    FAMILIES,
    HEARD_BY_NETWORKS,
    PLAYED,
    condition_names,
    played,
    unknown,
)
from recipes.diffusion.measured import MEASURED


def test_each_condition_has_a_name_of_its_own():
    names = condition_names()
    assert len(names) == len(set(names)) == COUNT
    assert names.index("brightness") == HEARD_BY_NETWORKS
    assert tuple(names[-len(PLAYED) :]) == PLAYED
    assert names[HEARD_BY_NETWORKS : HEARD_BY_NETWORKS + len(MEASURED)] == list(MEASURED)


def test_no_program_is_of_two_families():
    programs = [program for family in FAMILIES.values() for program in family]
    assert len(programs) == len(set(programs))
    assert all(0 <= program < 128 for program in programs)


def test_a_flute_and_a_piano():
    known = dict(zip(PLAYED, played([73, 0], drums=True, minor=False), strict=True))
    assert {name for name, value in known.items() if value == 1} == {"drums", "piano", "woodwind"}
    assert np.isnan(played([73], drums=False)[0]), "its mode is not known"
    assert np.isnan(unknown()).all()
