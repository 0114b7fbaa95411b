"""Each file in ``deploy/`` is checked by the program that reads it."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import subprocess
import sys

import deploy_files
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def certificate(tmp_path):
    """The paths of a certificate, of its key, and of both in one file."""
    cert, key, both = [str(tmp_path / name) for name in ("cert.pem", "key.pem", "both.pem")]
    subprocess.check_call(
        [deploy_files.program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
         "-subj", "/CN=gateway.example", "-keyout", key, "-out", cert], stderr=subprocess.PIPE)
    with open(both, "wb") as file:
        for path in (cert, key):
            with open(path, "rb") as part:
                shutil.copyfileobj(part, file)
    return cert, key, both


def replaced(text, *pairs):
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def written(folder, name, text):
    path = os.path.join(str(folder), name)
    with open(path, "wb") as file:
        file.write(text.encode("utf-8"))
    return path


def test_systemd_accepts_the_units(tmp_path):
    """`systemd-analyze verify`: without a word, so that warnings count as well."""
    analyze = deploy_files.program("systemd-analyze")
    paths = []
    for name in sorted(os.listdir(deploy_files.path_of("systemd"))):
        text = deploy_files.read("systemd", name)
        # It looks whether the program is there.
        paths.append(written(tmp_path, name, text.replace(
            "/opt/waterspout/bin/python", sys.executable)))
    assert len(paths) == 2
    assert deploy_files.said(analyze, "verify", *paths) == (True, "")


def test_systemd_rates_the_service_as_well_protected(tmp_path):
    """`systemd-analyze security`: 0 is the best of 10; a service without protection has 9.6."""
    analyze = deploy_files.program("systemd-analyze")
    path = deploy_files.path_of("systemd", "waterspout-gateway.service")
    well, text = deploy_files.said(
        analyze, "security", "--offline=yes", "--threshold=15", "--no-pager", path)
    assert well, text


def test_nginx_accepts_the_site(tmp_path, certificate):
    nginx = deploy_files.program("nginx")
    site = written(tmp_path, "waterspout.conf", replaced(
        deploy_files.read("nginx", "waterspout.conf"),
        ("/etc/nginx/waterspout/fullchain.pem", certificate[0]),
        ("/etc/nginx/waterspout/key.pem", certificate[1])))
    config = written(tmp_path, "nginx.conf", (
        u"pid %s/nginx.pid;\nerror_log stderr;\nevents {}\nhttp { include %s; }\n" % (
            tmp_path, site)))
    well, text = deploy_files.said(nginx, "-t", "-p", str(tmp_path), "-c", config)
    assert well and "[warn]" not in text, text


def test_haproxy_accepts_its_configuration(tmp_path, certificate):
    haproxy = deploy_files.program("haproxy")
    config = written(tmp_path, "haproxy.cfg", replaced(
        deploy_files.read("haproxy", "haproxy.cfg"),
        ("/etc/haproxy/waterspout.pem", certificate[2])))
    well, text = deploy_files.said(haproxy, "-c", "-dW", "-f", config)
    assert well, text


def test_prometheus_accepts_its_configuration_and_the_alerts():
    promtool = deploy_files.program("promtool")
    well, text = deploy_files.said(
        promtool, "check", "config", deploy_files.path_of("prometheus", "prometheus.yml"))
    assert well and "11 rules found" in text, text


def test_each_alert_comes_when_it_should():
    """`promtool test rules`, on series that are written down."""
    promtool = deploy_files.program("promtool")
    well, text = deploy_files.said(promtool, "test", "rules", deploy_files.path_of(
        "prometheus", "waterspout-alerts-test.yml"))
    assert well, text


@pytest.mark.parametrize("version", ["1.27", "1.37"])
def test_kubernetes_schemas_accept_the_manifests(version):
    validate = deploy_files.program("kubernetes-validate")
    folder = deploy_files.path_of("kubernetes")
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    well, text = deploy_files.said(validate, "--strict", "-k", version, *paths)
    assert well and text.count("passed for resource") == len(paths), text


def test_hadolint_accepts_the_dockerfile():
    hadolint = deploy_files.program("hadolint")
    assert deploy_files.said(hadolint, deploy_files.path_of("container", "Dockerfile")) == (
        True, "")
