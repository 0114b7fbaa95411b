"""Measure what policies cost for each call, and print a table.

    python -m benchmarks.policies                 a minute
    python -m benchmarks.policies --rounds 5      a look
"""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks import call_costs
from benchmarks.policies import ways

if __name__ == "__main__":
    sys.exit(call_costs.main(sys.argv[1:], "benchmarks.policies", __doc__, ways.of))
