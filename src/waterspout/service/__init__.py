"""The kit for JSON services on Tornado: handlers, application, server and processes."""

from __future__ import absolute_import, division, print_function

from waterspout.service.app import Application
from waterspout.service.errors import InvalidInput
from waterspout.service.handlers import ErrorHandler, JSONHandler

__all__ = ["Application", "ErrorHandler", "InvalidInput", "JSONHandler"]
