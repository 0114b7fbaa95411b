"""The files in ``deploy/`` fit each other, the gateway, and what docs/operating.md says of them."""

from __future__ import absolute_import, division, print_function

import os
import re
import sys

import deploy_files
import pytest
import yaml

from benchmarks.soak import proxies
from waterspout import exceptions, service
from waterspout.service._operations.exposition import exposition
from waterspout.service._operations.worker_reports import WorkerReport
from waterspout.service._processes.slot import describe
from waterspout.service._server.draining_server import IDLE_TIMEOUT
from waterspout.service._server.server import Server
from waterspout_cmdb.gateway import sockets
from waterspout_cmdb.gateway.command import main
from waterspout_cmdb.gateway.jobs.running.runner_child import MORE_TIME
from waterspout_cmdb.gateway.jobs.running.runner_settings import STOP_TIMEOUT
from waterspout_cmdb.gateway.options.table import TABLE

CONFIG = deploy_files.values(deploy_files.read("config", "gateway.toml"))

#: Seconds that a stop takes beyond the drain: for clients and threads, and for ending itself.
STOP_MARGIN = 7

#: And for import jobs: their batches under way, and a runner that hangs.
JOBS_MARGIN = STOP_TIMEOUT + MORE_TIME


def number(pattern, *names):
    """The number in the group of a pattern, which stands once in a file, or the same each time."""
    found = set(re.findall(pattern, deploy_files.read(*names), re.MULTILINE))
    assert len(found) == 1, (pattern, found)
    return float(found.pop())


def nginx(name):
    return number(r"\b%s[ =](\d+)s;" % name, "nginx", "waterspout.conf")


def haproxy(name):
    return number(r"^\s*(?:default-server.* )?%s (\d+)s?\b" % name, "haproxy", "haproxy.cfg")


def pod():
    return deploy_files.manifests()["Deployment"]["spec"]["template"]["spec"]


def probe(name):
    found = pod()["containers"][0][name]
    return found["periodSeconds"] * found["failureThreshold"]


#: What the table in docs/operating.md names, and where it stands.
TIMES = {
    "gateway `timeout`": lambda: CONFIG["timeout"],
    "gateway `total_timeout`": lambda: CONFIG["total_timeout"],
    "gateway `drain_grace`": lambda: CONFIG["drain_grace"],
    "gateway `drain_timeout`": lambda: CONFIG["drain_timeout"],
    "gateway, a whole stop": lambda: (
        CONFIG["drain_grace"] + CONFIG["drain_timeout"] + STOP_MARGIN + JOBS_MARGIN),
    "gateway, idle connection": lambda: IDLE_TIMEOUT,
    "nginx `proxy_connect_timeout`": lambda: nginx("proxy_connect_timeout"),
    "nginx `proxy_next_upstream_timeout`": lambda: nginx("proxy_next_upstream_timeout"),
    "nginx `proxy_read_timeout`": lambda: nginx("proxy_read_timeout"),
    "nginx `keepalive_timeout` of the upstream": lambda: nginx("keepalive_timeout"),
    "nginx `fail_timeout`": lambda: nginx("fail_timeout"),
    "between the restarts of two machines": lambda: proxies.BETWEEN_RESTARTS,
    "HAProxy `timeout server`": lambda: haproxy("timeout server"),
    "HAProxy `inter` x `fall`": lambda: haproxy("inter") * haproxy("fall"),
    "HAProxy `hard-stop-after`": lambda: haproxy("hard-stop-after"),
    "Kubernetes readiness, period x failures": lambda: probe("readinessProbe"),
    "Kubernetes `terminationGracePeriodSeconds`": lambda: pod()["terminationGracePeriodSeconds"],
    "systemd `TimeoutStopSec`": lambda: number(
        r"^TimeoutStopSec=(\d+)$", "systemd", "waterspout-gateway.service"),
    "`docker stop --time`": lambda: number(r"docker stop --time=(\d+)", "container", "Dockerfile"),
}


def page():
    with open(os.path.join(deploy_files.ROOT, "docs", "operating.md"), "rb") as file:
        return file.read().decode("utf-8")


def table():
    """The rows of docs/operating.md: what is shorter, seconds, what is longer, seconds."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([0-9.]+) \| ([^|]+) \| ([0-9.]+) \|", page(), re.MULTILINE)
    return [row for row in rows if row[0] in TIMES or row[2] in TIMES]


def test_the_page_names_each_time():
    named = {name for row in table() for name in (row[0], row[2])}
    assert named == set(TIMES)


@pytest.mark.parametrize("shorter, seconds, longer, more_seconds", table())
def test_a_time_is_shorter_than_the_one_outside_it(shorter, seconds, longer, more_seconds):
    """The page has the values of the files, and these fit."""
    assert TIMES[shorter]() == float(seconds)
    assert TIMES[longer]() == float(more_seconds)
    assert float(seconds) < float(more_seconds)


def config_map():
    return deploy_files.manifests()["ConfigMap"]["data"]["gateway.toml"]


def test_the_config_map_has_the_times_and_ports_of_the_example():
    values = deploy_files.values(config_map())
    assert values and all(CONFIG[name] == value for name, value in values.items())


def test_the_image_has_the_times_and_ports_of_the_example():
    dockerfile = deploy_files.read("container", "Dockerfile")
    flags = dict(re.findall(r'"--([a-z-]+)=([0-9]+)"', dockerfile))
    assert len(flags) >= 5
    assert all(CONFIG[name.replace("-", "_")] == float(value) for name, value in flags.items())


def options_of_the_image():
    return {name.replace("-", "_") for name in re.findall(
        r'"--([a-z-]+)=', deploy_files.read("container", "Dockerfile"))}


@pytest.mark.parametrize("names", [
    deploy_files.names(deploy_files.read("config", "gateway.toml")),
    deploy_files.names(config_map()),
    options_of_the_image(),
], ids=["config", "kubernetes", "container"])
def test_the_gateway_has_each_option(names):
    known = {option.name for option in TABLE.options}
    assert names and names <= known


def options_of_the_unit():
    text = deploy_files.read("systemd", "waterspout-gateway.service")
    command, = re.findall("^ExecStart=.* -m waterspout_cmdb(.*)$", text, re.MULTILINE)
    return command.split()


@pytest.mark.parametrize("text", [
    deploy_files.read("config", "gateway.toml"), config_map()], ids=["config", "kubernetes"])
def test_the_gateway_finds_nothing_wrong_with_a_configuration(text, tmp_path, capfd):
    """As an operator does it: `python -m waterspout_cmdb --check-config`."""
    pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "toml")
    path = tmp_path / "gateway.toml"
    path.write_bytes(text.encode("utf-8"))
    code = main(["--check-config", "--config=%s" % path], {})
    assert (code, capfd.readouterr()) == (0, (
        "waterspout_cmdb: the configuration is valid\n", ""))


def test_the_gateway_finds_nothing_wrong_with_the_command_of_the_image(capfd):
    dockerfile = deploy_files.read("container", "Dockerfile")
    flags = re.findall('"(--[^"]+)"', dockerfile.partition("ENTRYPOINT")[2])
    assert len(flags) >= 7
    code = main(["--check-config"] + flags, {})
    assert (code, capfd.readouterr().err) == (0, "")


def test_the_unit_starts_the_gateway_with_the_configuration_alone():
    """Everything else is in the file, which is checked."""
    assert options_of_the_unit() == ["--config=/etc/waterspout/gateway.toml"]


def test_import_jobs_have_a_place_under_systemd():
    """The unit may write nowhere else; what is uploaded is for the service alone."""
    text = deploy_files.read("systemd", "waterspout-gateway.service")
    assert re.findall("^State.*$", text, re.MULTILINE) == [
        "StateDirectory=waterspout", "StateDirectoryMode=0700"]
    with open(os.path.join(deploy_files.ROOT, "docs", "import-jobs.md"), "rb") as file:
        assert b'jobs_dir = "/var/lib/waterspout/jobs"' in file.read()


def test_a_socket_of_the_unit_is_for_clients():
    """One with another meaning would have the name "operations"."""
    text = deploy_files.read("systemd", "waterspout-gateway.socket")
    assert re.findall("^FileDescriptorName=(.*)$", text, re.MULTILINE) == ["gateway"] != [
        sockets.OPERATIONS]
    assert re.findall("^ListenStream=(.*)$", text, re.MULTILINE) == ["%d" % CONFIG["port"]]


def test_the_pods_are_those_that_services_and_rules_select():
    manifests = deploy_files.manifests()
    labels = manifests["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert manifests["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert manifests["Service"]["spec"]["selector"] == labels
    assert manifests["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels


def test_the_ports_that_are_named_are_those_of_the_gateway():
    manifests = deploy_files.manifests()
    ports = {port["name"]: port["containerPort"] for port in pod()["containers"][0]["ports"]}
    assert ports == {"http": CONFIG["port"], "operations": CONFIG["operations_port"]}
    used = [port["targetPort"] for port in manifests["Service"]["spec"]["ports"]]
    used += [port["port"] for rule in manifests["NetworkPolicy"]["spec"]["ingress"]
             for port in rule["ports"]]
    used += [pod()["containers"][0][name]["httpGet"]["port"]
             for name in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert set(used) == set(ports)


def test_nothing_in_a_pod_runs_as_root_or_writes_to_its_root():
    context = pod()["containers"][0]["securityContext"]
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    dockerfile = deploy_files.read("container", "Dockerfile")
    user = int(re.search(r"^USER (\d+):", dockerfile, re.MULTILINE).group(1))
    assert user == pod()["securityContext"]["runAsUser"]


def test_the_image_starts_the_gateway_as_process_1():
    """The exec form: a shell would not pass the signals on."""
    dockerfile = deploy_files.read("container", "Dockerfile")
    assert re.search(r'^ENTRYPOINT \["python", "-m", "waterspout_cmdb"', dockerfile, re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", dockerfile, re.MULTILINE)


def test_an_import_that_was_sent_is_never_sent_again_by_a_proxy():
    """Neither proxy repeats what may have been carried out; a search is repeated."""
    site = deploy_files.read("nginx", "waterspout.conf")
    search, rest = site.split("location /cmdb/search/ {")[1].split("location / {")
    assert "proxy_next_upstream error non_idempotent;" in search
    assert "proxy_next_upstream error;" in rest
    config = deploy_files.read("haproxy", "haproxy.cfg")
    defaults, imports = config.split("\nfrontend ")[0], config.split("\nbackend imports\n")[1]
    assert re.findall("retry-on (.*)", defaults) == ["conn-failure"]
    assert "retry-on" not in imports


def test_no_proxy_takes_a_larger_body_than_the_gateway():
    megabytes = number(r"client_max_body_size (\d+)m;", "nginx", "waterspout.conf")
    assert megabytes * 1024 * 1024 == CONFIG["max_body_bytes"]


def anchors():
    headings = re.findall(r"^#+ (.*)$", page(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def alerts():
    groups = yaml.safe_load(deploy_files.read("prometheus", "waterspout-alerts.yml"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_the_page_lists_the_alerts_and_which_of_them_wake_somebody():
    listed = dict(re.findall(r"^\| (Gateway\w+) \| .* \| (yes|no) \|$", page(), re.MULTILINE))
    assert listed == {
        rule["alert"]: "yes" if rule["labels"]["severity"] == "page" else "no"
        for rule in alerts()}


def test_each_alert_has_a_runbook():
    for rule in alerts():
        path, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert path == "docs/operating.md" and anchor in anchors(), rule["alert"]


def test_each_metric_of_an_alert_is_documented():
    with open(os.path.join(deploy_files.ROOT, "docs", "prometheus.md"), "rb") as file:
        documented = set(re.findall(r"^\| `(http_\w+)` \|", file.read().decode("utf-8"),
                                    re.MULTILINE))
    rules = deploy_files.read("prometheus", "waterspout-alerts.yml")
    used = {re.sub("_(bucket|count|sum)$", "", name)
            for name in re.findall(r"\bhttp_(?:client|server)_\w+", rules)}
    assert used and used <= documented


def test_each_number_of_workers_in_an_alert_is_in_the_metrics():
    """Under this name and with these labels, of a gateway as it is."""
    app = service.Application([])
    record = dict(WorkerReport(app, Server(app), is_serving=True).now(), worker=0)
    workers = [dict(record, uptime_seconds=1.0, report_age_seconds=0.0)]
    text = exposition(workers).decode("ascii")
    used = set(re.findall(r"\bwaterspout_work\w+", deploy_files.read(
        "prometheus", "waterspout-alerts.yml")))
    assert len(used) >= 4
    for name in used:
        assert re.search("^%s{(worker|state)=" % name, text, re.MULTILINE), name


@pytest.mark.parametrize("error", [
    exceptions.ConnectError("no"), exceptions.ReadTimeout("no"), exceptions.CircuitOpen("no"),
    exceptions.BulkheadFull("no")])
def test_the_runbooks_quote_what_clients_are_told(error):
    told = str(service.upstream_failure(error, "the CMDB")).split(", since")[0]
    assert "`%s`" % told in page()


def test_the_runbooks_quote_what_the_log_says_of_workers():
    for status in (9, 0):
        words = describe(status).rstrip("0123456789")
        assert re.search(u"`Worker \u2026 %s[9\u2026]; restarting it`" % words, page()), words
