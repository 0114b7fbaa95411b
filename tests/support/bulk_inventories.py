# -*- coding: utf-8 -*-
"""Public inventories as a person reads them, their models, and a gateway that they go through."""

from __future__ import absolute_import, division, print_function

import collections
import csv
import io
import json
import os

from bulk_importing import Heard
from programs import HERE
from sandbox_models import attribute, text
from served_app import ServedApp
from tornado.escape import native_str

from waterspout_cmdb.bulk.exporting import export
from waterspout_cmdb.bulk.importing import Import, ImportOptions
from waterspout_cmdb.bulk.targets import GatewayTarget
from waterspout_cmdb.gateway.app import make_app as make_gateway
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sdk import CMDBSDK

#: Seconds after which an import is taken to hang.
PATIENCE = 60


class Inventory(collections.namedtuple("Inventory", "file encoding model key read")):
    """A file of a public inventory.

    Attributes:
        file (str): its name.
        encoding (str): of its text.
        model (dict): of its rows.
        key (str): the attribute that tells instances apart.
        read (callable): returns what a person reads in a row, as a document.
    """

    __slots__ = ()

    @property
    def path(self):
        return os.path.join(HERE, "inventories", self.file)

    def text(self):
        """Return its text, with its line ends."""
        with io.open(self.path, encoding=self.encoding, newline="") as file:
            return file.read()

    def rows(self):
        """Return its rows, the header first."""
        return rows_of(self.text())

    def documents(self, rows):
        """Return what a person reads in rows, by the key."""
        return by(self.key, [self.read(row) for row in rows])


def rows_of(text):
    """Return the rows of CSV text as Python's csv reads them, the header first."""
    if str is bytes:  # py2: its csv reads bytes.
        lines = io.BytesIO(text.encode("utf-8"))
        return [[cell.decode("utf-8") for cell in row] for row in csv.reader(lines)]
    return list(csv.reader(io.StringIO(text, newline="")))


def named(attribute, name):
    return dict(attribute, name=name)


def choice(name, title, *choices):
    return named(attribute(name, "enum", regex=list(choices)), title)


_STANDARD = {
    "objectId": "STANDARD",
    "name": u"IT standard",
    "attrList": [
        named(text("name", required="true", unique="true"), u"Standard Name"),
        named(text("about"), u"Description"),
        named(attribute("category", "enums", regex=[
            u"Other", u"Windows Tool", u"Programming Environment", u"Software Development",
            u"Workplace Productivity", u"Building Automation", u"Vulnerabilities Scanning",
            u"PDF Software", u"Programming Language", u"Electronic Publishing",
            u"Multimedia Content Management", u"Reporting and Analysis", u"Data Management",
        ]), u"Category"),
        choice("status", u"Status", u"approved", u"pilot", u"exception", u"denied"),
        choice("deployment", u"Deployment Type", u"Desktop", u"Server", u"Other"),
        named(attribute("expires", "date"), u"Approval expiration date"),
    ],
}

_DOMAIN = {
    "objectId": "DOMAIN",
    "name": u"Domain",
    "attrList": [
        named(text("name", required="true", unique="true"), u"Domain Name"),
        choice("kind", u"Domain Type", u"Native Sovereign Nation", u"Federal Agency"),
        named(text("agency"), u"Agency"),
        named(text("city"), u"City"),
        choice("state", u"State", u"AK", u"AZ", u"CA", u"LA", u"ME", u"NY", u"OK", u"SD", u"TX",
               u"WA"),
    ],
}

_REGION = {
    "objectId": "REGION",
    "name": u"行政区划",
    "attrList": [
        named(attribute("code", "int"), u"id"),
        named(attribute("parent", "int"), u"pid"),
        named(attribute("depth", "int"), u"deep"),
        text("name"),
        text("pinyin_prefix"),
        text("pinyin"),
        named(text("ext_id"), u"ext_id"),
        named(text("ext_name"), u"ext_name"),
    ],
}


def _standard(row):
    """Return what a person reads in a row of the standards; its categories are a list."""
    name, about, categories, status, deployment, expires = row
    return {
        "name": name, "about": about, "category": categories.split(u","),
        "status": status.lower(), "deployment": deployment, "expires": expires}


def _domain(row):
    """Return what a person reads in a row of the domains: no spaces at the ends."""
    return dict(zip(["name", "kind", "agency", "city", "state"], [each.strip() for each in row]))


def _region(row):
    """Return what a person reads in a row of the regions: three numbers, and texts."""
    names = ["code", "parent", "depth", "name", "pinyin_prefix", "pinyin", "ext_id", "ext_name"]
    return dict(zip(names, [int(each) for each in row[:3]] + row[3:]))


STANDARDS = Inventory("it-standards-2021.csv", "utf-8-sig", _STANDARD, "name", _standard)
DOMAINS = Inventory("domains-2015.csv", "utf-8", _DOMAIN, "name", _domain)
REGIONS = Inventory("regions.csv", "gb18030", _REGION, "ext_id", _region)


class Place(object):
    """A sandbox and its gateway on sockets; each test takes an organization of its own.

    Attributes:
        heard (Heard): of the last import.
    """

    def __init__(self, database):
        store = Store.open(database)  # The application closes it.
        self._sandbox = ServedApp(lambda: make_sandbox(store))
        address = "127.0.0.1:%d" % self._sandbox.port
        self._gateway = ServedApp(lambda: make_gateway(
            CMDBSDK(address, org=1, user="easyops"), accept_org_header=True))
        self.url = "http://127.0.0.1:%d" % self._gateway.port
        self.heard = None
        self._last_org = 100

    def new_org(self, *models):
        """Return the number of an organization, after its models are made."""
        self._last_org += 1
        for model in models:
            self._post(self._last_org, "/object", model)
        return self._last_org

    def _post(self, org, path, body):
        with self._sandbox.connect() as connection:
            answer = connection.post(
                path, json.dumps(body).encode("ascii"),
                headers=[("org", str(org)), ("user", "easyops")]).json
        assert answer["code"] == 0, answer
        return answer["data"]

    def run(self, io_loop, org, source, object_id, keys=(u"name",), **options):
        """Import a file through the gateway; return the Summary."""
        self.heard = Heard()
        target = GatewayTarget(self.url, org=org)
        options = ImportOptions(**options)
        job = Import(str(source), object_id, list(keys), target, options, self.heard)
        try:
            return io_loop.run_sync(job.run, PATIENCE)
        finally:
            io_loop.run_sync(target.close, PATIENCE)

    def export(self, io_loop, org, object_id, path):
        """Export all instances through the gateway; return their number."""
        target = GatewayTarget(self.url, org=org)
        try:
            return io_loop.run_sync(
                lambda: export(target, object_id, path=str(path)), PATIENCE)
        finally:
            io_loop.run_sync(target.close, PATIENCE)

    def stored(self, org, model, key="name"):
        """Return what the CMDB itself has: the attributes of each instance, by the key."""
        data = self._post(org, "/object/%s/instance/_search" % model["objectId"], {
            "page": 1, "page_size": 3000, "query": {}})
        names = [each["id"] for each in model["attrList"]]
        found = {each[key]: {name: each[name] for name in names if each.get(name) is not None}
                 for each in data["list"]}
        assert len(found) == len(data["list"]) == data["total"]
        return found

    def close(self):
        self._gateway.__exit__(None, None, None)
        self._sandbox.__exit__(None, None, None)


def write(path, text, encoding="utf-8"):
    """Write a file with the line ends that the text has; return its path."""
    with io.open(str(path), "w", encoding=encoding, newline="") as file:
        file.write(text)
    return native_str(str(path))


def by(key, documents):
    return {each[key]: each for each in documents}
