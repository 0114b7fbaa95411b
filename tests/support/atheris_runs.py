"""Runs a fuzz target under atheris, which guides the inputs by what they reach."""

from __future__ import absolute_import, division, print_function

import os
import sys


def run(check, seeds):
    """Call ``check(choices, data)`` with whatever atheris thinks of.

    Takes libFuzzer's options from the command line, and a corpus folder; an empty one is given
    the ``seeds`` to begin with.
    """
    import atheris

    for folder in sys.argv[1:]:
        if os.path.isdir(folder) and not os.listdir(folder):
            plant(seeds, folder)
    atheris.instrument_all()

    def one_input(raw):
        check(int.from_bytes(raw[:2], "little"), raw[2:])

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


def plant(seeds, folder):
    """Write the seeds, each with some choices in front."""
    for number, seed in enumerate(seeds):
        for choices in (0x00, 0x01, 0x02, 0x30, 0x70):
            path = os.path.join(folder, "seed-%d-%02x" % (number, choices))
            with open(path, "wb") as file:
                file.write(bytearray([choices, number]) + seed)
