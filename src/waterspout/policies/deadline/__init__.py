"""Deadline: the time that is left for a request, spent along its way."""

from __future__ import absolute_import, division, print_function

from waterspout.policies.deadline.deadline import Deadline as Deadline
from waterspout.policies.deadline.deadline_header import DeadlineHeader as DeadlineHeader
