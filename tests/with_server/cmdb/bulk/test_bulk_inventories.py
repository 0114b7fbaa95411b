# -*- coding: utf-8 -*-
"""Public inventories through the gateway: what comes back is what a person reads in the files."""

from __future__ import absolute_import, division, print_function

import io
import shutil

import pytest
from bulk_inventories import DOMAINS, REGIONS, STANDARDS, rows_of


@pytest.fixture
def copy(tmpdir):
    """Copies an inventory to where an import may write beside it; returns the path."""

    def copy(inventory):
        path = str(tmpdir.join(inventory.file))
        shutil.copy(inventory.path, path)
        return path

    return copy


def read(path):
    with io.open(path, "rb") as file:
        return file.read()


#: The number of the line, and what is wrong there.
NO_VALUES = [
    (13, u'Deployment Type: "-" is not one of Desktop, Server, Other; '
         u"if it stands for no value, leave the cell empty"),
    (14, u'Approval Expiration Date: "-" is not a date; write for example 2024-02-29; '
         u"if it stands for no value, leave the cell empty"),
]


def test_standards(place, run, copy):
    """All but two are in; those two have a "-" where there is no value."""
    path, org = copy(STANDARDS), place.new_org(STANDARDS.model)
    summary = run(org, path, "STANDARD")
    assert (summary.exit_code, summary.counts.inserted, summary.counts.rejected) == (1, 13, 2)
    assert list(summary.problems) == NO_VALUES
    found = place.stored(org, STANDARDS.model)
    rows = STANDARDS.rows()[1:]
    assert found == STANDARDS.documents(row for row in rows if u"-" not in row)

    # By hand, as they stand in the file.
    assert {name: found[name]["expires"] for name in found} == {
        u"AcroPlot Suite": u"2023-07-20",
        u"MBAM (Microsoft BitLocker Administration and Monitoring 2.x": u"2022-03-01",
        u"R statistical programming software 4.x": u"2022-09-01",
        u".net Core 5": u"2022-12-29",
        u"7-Zip 16.x": u"2021-08-27",
        u"7-Zip 18.x": u"2021-08-27",
        u"ABBYY FlexiCapture": u"2021-08-26",
        u"ABT Site Commissioning Tool 3.x": u"2023-05-29",
        u"Acunetix Web Vulnerability Scanner 10.x": u"2021-10-01",
        u"Adobe Flash Player v 29": u"2022-05-01",
        u"Advanced Port Scanner": u"2022-10-21",
        u"ag-Grid": u"2021-09-09",
        u"Alteryx Designer-Pilot": u"2021-12-10",
    }
    assert found[u".net Core 5"] == {
        "name": u".net Core 5",
        "about": u".net Core is needed to build a new application which fulfills PBS business "
                 u"requirements.",
        "category": [u"Software Development"],
        "status": u"approved", "deployment": u"Other", "expires": u"2022-12-29"}
    # A cell of two lines stays one, and two categories are two.
    assert found[u"ABT Site Commissioning Tool 3.x"]["about"] == (
        u"The Siemens ABT Site Tool is the PC based tool to engineer and commission building "
        u"automation\r\nsystems from Siemens.")
    assert found[u"Adobe Flash Player v 29"]["category"] == [
        u"Electronic Publishing", u"Multimedia Content Management"]
    assert u"classification, clustering, …) and" in (
        found[u"R statistical programming software 4.x"]["about"])


def test_rejected_standards_are_corrected(place, run, copy, tmpdir):
    """Their file has the encoding, the columns and the cells of the inventory."""
    path, org = copy(STANDARDS), place.new_org(STANDARDS.model)
    rejects = run(org, path, "STANDARD").files.rejects
    content = read(rejects)
    text = content.decode("utf-8")
    assert text.startswith(u"\ufeff")
    original = STANDARDS.rows()
    rejected = [row for row in original[1:] if u"-" in row]
    written = rows_of(text[1:])
    assert written[0] == original[0] + [u"reason"]
    assert [row[:-1] for row in written[1:]] == rejected
    assert [row[-1] for row in written[1:]] == [reason for _, reason in NO_VALUES]

    for wrong, right in ((b",Approved,-,", b",Approved,Desktop,"), (b",Server,-,", b",Server,,")):
        assert content.count(wrong) == 1
        content = content.replace(wrong, right)
    with io.open(rejects, "wb") as file:
        file.write(content)
    summary = run(org, rejects, "STANDARD")
    assert (summary.exit_code, summary.counts.inserted, summary.counts.updated) == (0, 2, 0)
    found = place.stored(org, STANDARDS.model)
    assert len(found) == 15
    # An apostrophe that was decoded wrongly, once, by those who wrote the file, stays theirs.
    assert found[u"Adobe Acrobat Pro DC v 0.x"] == {
        "name": u"Adobe Acrobat Pro DC v 0.x",
        "about": u"Convert, sign, and send documents on any device with the world\u00e2\u20ac\u2122"
                 u"s best PDF solution.",
        "category": [u"PDF Software"],
        "status": u"approved", "deployment": u"Desktop", "expires": u"2021-12-01"}
    cold = found[u"Adobe ColdFusion Enterprise 2016 Release"]
    assert cold["status"] == u"denied" and "expires" not in cold


def test_domains(place, run, copy):
    """Capitals stay; the spaces behind "Seneca Falls" and "North Fork" are taken off."""
    path, org = copy(DOMAINS), place.new_org(DOMAINS.model)
    summary = run(org, path, "DOMAIN")
    assert (summary.exit_code, summary.counts.inserted) == (0, 18)
    found = place.stored(org, DOMAINS.model)
    assert found == DOMAINS.documents(DOMAINS.rows()[1:])
    assert {(each["name"], each["city"], each["state"]) for each in found.values()} == {
        (u"PHC-NSN.GOV", u"Princeton", u"ME"),
        (u"29PALMSBOMI-NSN.GOV", u"Coachella", u"CA"),
        (u"ABSENTEESHAWNEETRIBE-NSN.GOV", u"Shawnee", u"OK"),
        (u"AGUACALIENTE-NSN.GOV", u"Palm Springs", u"CA"),
        (u"BLUELAKERANCHERIA-NSN.GOV", u"Blue Lake", u"CA"),
        (u"BRB-NSN.GOV", u"LOLETA", u"CA"),
        (u"CAYUGANATION-NSN.GOV", u"Seneca Falls", u"NY"),
        (u"CHITIMACHA.GOV", u"Charenton", u"LA"),
        (u"COYOTEVALLEY-NSN.GOV", u"Redwood valley", u"CA"),
        (u"CRST-NSN.GOV", u"EAGLE BUTTE", u"SD"),
        (u"IIPAYNATION-NSN.GOV", u"santa ysabel", u"CA"),
        (u"MESAGRANDEBAND-NSN.GOV", u"SantaYsabel", u"CA"),
        (u"NORTHFORKRANCHERIA-NSN.GOV", u"North Fork", u"CA"),
        (u"SAUK-SUIATTLE-NSN.GOV", u"Darrington", u"WA"),
        (u"UPPERSKAGIT-NSN.GOV", u"Sedro-Woolley", u"WA"),
        (u"CHILKAT-NSN.GOV", u"Haines", u"AK"),
        (u"DINEH-NSN.GOV", u"Window Rock", u"AZ"),
        (u"YDSP-NSN.GOV", u"El Pas", u"TX"),
    }


def test_regions(place, run, copy):
    """GB18030 is found; codes that are numbers are, and those that are names keep their zeros."""
    path, org = copy(REGIONS), place.new_org(REGIONS.model)
    summary = run(org, path, "REGION", ["ext_id"])
    assert (summary.exit_code, summary.counts.inserted) == (0, 20)
    assert any(each.startswith(u"encoding GB18030") for each in summary.findings)
    found = place.stored(org, REGIONS.model, "ext_id")
    assert found == REGIONS.documents(REGIONS.rows()[1:])
    assert found[u"110000000000"] == {
        "code": 11, "parent": 0, "depth": 0, "name": u"北京", "pinyin_prefix": u"b",
        "pinyin": u"bei jing", "ext_id": u"110000000000", "ext_name": u"北京市"}
    assert [(each["code"], each["name"], each["ext_name"], each["pinyin"])
            for _, each in sorted(found.items())] == [
        (11, u"北京", u"北京市", u"bei jing"),
        (1101, u"北京", u"北京市", u"bei jing"),
        (110101, u"东城", u"东城区", u"dong cheng"),
        (110107, u"石景山", u"石景山区", u"shi jing shan"),
        (110109, u"门头沟", u"门头沟区", u"men tou gou"),
        (120115, u"宝坻", u"宝坻区", u"bao di"),
        (13, u"河北", u"河北省", u"he bei"),
        (1301, u"石家庄", u"石家庄市", u"shi jia zhuang"),
        (130107, u"井陉矿区", u"井陉矿区", u"jing xing kuang qu"),
        (130109, u"藁城", u"藁城区", u"gao cheng"),
        (130111, u"栾城", u"栾城区", u"luan cheng"),
        (130209, u"曹妃甸", u"曹妃甸区", u"cao fei dian"),
        (130321, u"青龙", u"青龙满族自治县", u"qing long"),
        (130531, u"广宗", u"广宗县", u"guang zong"),
        (130635, u"蠡县", u"蠡县", u"li xian"),
        (130681, u"涿州", u"涿州市", u"zhuo zhou"),
        (130804, u"鹰手营子矿区", u"鹰手营子矿区", u"ying shou ying zi kuang qu"),
        (130828, u"围场", u"围场满族蒙古族自治县", u"wei chang"),
        (140302, u"城区", u"城区", u"cheng qu"),
        (140322, u"盂县", u"盂县", u"yu xian"),
    ]  # fmt: skip


@pytest.mark.parametrize("inventory", [DOMAINS, REGIONS], ids=["domains", "regions"])
def test_the_same_file_once_more_changes_nothing(place, run, copy, inventory):
    model, key = inventory.model, inventory.key
    path, org = copy(inventory), place.new_org(model)
    run(org, path, model["objectId"], [key])
    before = place.stored(org, model, key)
    summary = run(org, path, model["objectId"], [key], restart=True)
    assert (summary.exit_code, summary.counts.inserted) == (0, 0)
    assert place.stored(org, model, key) == before
