"""Measure what observers and request ids cost for each call, and print a table.

    python -m benchmarks.observers                 a minute
    python -m benchmarks.observers --rounds 5      a look

prometheus_client and opentelemetry-api are measured where they are installed.
"""

from __future__ import absolute_import, division, print_function

import os
import sys

from benchmarks import call_costs
from benchmarks.observers import variants

if __name__ == "__main__":
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)  # Values in files cost more.
    sys.exit(call_costs.main(sys.argv[1:], "benchmarks.observers", __doc__, variants.of))
