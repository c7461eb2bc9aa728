"""The course takes numbers for modules, and its motivations are silent until they are asked."""

from pebble.commands.export import resolve


def test_a_number_means_a_module():
    assert resolve("14") == "14_profiling"
    assert resolve("9") == "09_convolutional_networks"
    assert resolve("15_memoization") == "15_memoization"
    assert resolve("99") == "99"
