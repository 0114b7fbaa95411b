"""A gateway with jobs in this process, without sockets and without a runner."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore


@pytest.fixture
def jobs_dir(tmp_path):
    folder = tmp_path / "jobs"
    folder.mkdir()
    return str(folder)


@pytest.fixture
def store(jobs_dir):
    """The store as another process has it open."""
    store = JobStore(jobs_dir)
    yield store
    store.close()


@pytest.fixture
def make_jobs_gateway(make_gateway, jobs_dir):
    """``make_jobs_gateway(most_per_tenant=, max_upload_bytes=, **of make_app)``."""
    def make(max_upload_bytes=1 << 20, most_per_tenant=0, **arguments):
        jobs = JobsAccess(jobs_dir, 1, max_upload_bytes, most_per_tenant)
        gateway = make_gateway(jobs=jobs, **arguments)
        gateway.jobs = jobs
        gateway.session.hooks["response"] = []
        return gateway

    return make
