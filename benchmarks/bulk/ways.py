"""The ways to import a file, as commands."""

from __future__ import absolute_import, division, print_function

import os

from benchmarks.bulk import sites
from benchmarks.soak import programs

IMPORT, NAIVE = "waterspout-cmdb import", "pandas + requests"


def import_command(python, path, site, cluster=None):
    # type: (str, str, sites.Site, str | None) -> list[str]
    """Our command, as its page shows it."""
    command = [python, "-m", "waterspout_cmdb", "import", path, "--object=HOST", "--key=name"]
    command.append("--gateway=" + site.url if site.url else "--upstream=" + site.upstream)
    # As many batches as three workers with two threads can have under way.
    return command + (["--cluster=" + cluster, "--concurrency=6"] if cluster else [])


def naive_command(python, path, site):
    # type: (str, str, sites.Site) -> list[str]
    return [python, "-m", "benchmarks.bulk.py3.naive", path, site.url + "/cmdb/import/HOST"]


def environ(peers, packages):
    # type: (str | None, tuple[str, ...]) -> dict[str, str]
    """Return the environment of a way that needs these packages of ``peers``."""
    folders = [os.path.join(peers, package) for package in packages] if peers else []
    return programs.clean_environ(sites.sources(*folders))
