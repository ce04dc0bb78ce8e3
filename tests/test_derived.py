from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

from topics._derived import derived


class Record:
    pass


def test_one_value_of_a_name_is_kept_until_it_is_asked_for_with_something_else():
    record, other = Record(), Record()
    assert derived(record, "a", make=lambda: 1) == derived(record, "a", make=lambda: 2) == 1
    assert derived(other, "a", make=lambda: 3) == 3
    assert derived(record, "b", make=lambda: 4, of="x") == derived(record, "b", make=lambda: 5, of="x") == 4
    assert derived(record, "b", make=lambda: 6, of="y") == 6
    assert derived(record, "b", make=lambda: 7, of="x") == 7


def test_what_was_derived_goes_with_its_record():
    class Value:
        pass

    record = Record()
    gone = weakref.ref(derived(record, "a", make=Value))
    gc.collect()
    assert gone() is not None
    del record
    gc.collect()
    assert gone() is None


def test_threads_that_ask_at_once_wait_for_one_of_them():
    record, made = Record(), []

    def make() -> int:
        made.append(len(made))
        return len(made)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: derived(record, "a", make=make), range(64))) == {1}


def test_an_error_is_raised_and_nothing_kept():
    record = Record()

    def fail() -> int:
        raise ValueError("no")

    for _ in range(2):
        try:
            derived(record, "a", make=fail)
        except ValueError:
            continue
        raise AssertionError("expected the error")
    assert derived(record, "a", make=lambda: 1) == 1
