"""The jobs runner as a program: started by the gateway, and ended with it."""

from __future__ import absolute_import, division, print_function

import sys

from waterspout_cmdb.gateway.jobs.running.runner_program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
