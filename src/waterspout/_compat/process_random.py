"""Random numbers of our own, other ones in each process."""

from __future__ import absolute_import, division, print_function

import os
import random

if hasattr(os, "register_at_fork"):
    # Not those of the module, which programs seed. And not those of the system, which is asked for
    # each number: that can take longer than all else that is done for it.
    _random = random.Random()
    os.register_at_fork(after_in_child=_random.seed)
else:  # py2, Windows
    _random = random.SystemRandom()

random_bits = _random.getrandbits

#: A float from 0 to 1, without 1.
random_share = _random.random
