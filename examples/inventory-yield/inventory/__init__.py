"""A service that stores and finds hosts. Runs on Python 2.7 and 3."""
