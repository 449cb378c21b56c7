# SPDX-License-Identifier: MIT
"""Files from readers, a hundred odd ones of each kind; ``python -m tests.faults.fuzz`` has more."""

import pytest
from faults.fuzz import TARGETS, Broken, campaign, try_one

from minelib.errors import BadInput


@pytest.mark.parametrize("kind", TARGETS)
def test_an_odd_file_ends_in_a_value_or_in_a_sentence(kind):
    campaign(kind, 100)


def test_a_raw_error_is_seen():
    def raw(case):
        return {}[case]

    with pytest.raises(Broken, match="KeyError"):
        try_one(raw, "x")


def test_an_error_without_a_sentence_is_seen():
    def silent(_case):
        raise BadInput("")

    with pytest.raises(Broken, match="without a sentence"):
        try_one(silent, "x")


@pytest.mark.parametrize("sign", ["1", "[", "a1", "(a", "1.0", "= "])
def test_one_endless_cell_of_a_class_list_is_told_at_once(sign):
    """Patterns that look back at every sign would take minutes."""
    try_one(TARGETS["class lists"][1], sign.encode() * (130_000 // len(sign)))
