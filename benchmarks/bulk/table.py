"""The results as a table, and what they have to be."""

from __future__ import absolute_import, division, print_function

#: What the command may have of memory for a CSV file, whatever its size.
CSV_MIB = 150


def report(results):
    # type: (dict[str, Any]) -> str
    """Return the lines that are printed."""
    lines = ["%s, Python %s" % (results["machine"]["cpu"], results["python"]), "",
             "| | rows | rows/s | CPU s per million rows | peak MiB |",
             "|---|---:|---:|---:|---:|"]
    for run in results["runs"]:
        lines.append("| %s | {:,} | {:,.0f} | %.0f | %.0f |".format(
            run["rows"], run["rows"] / run["seconds"]) % (
                title(run), run["cpu_seconds"] / run["rows"] * 1e6, run["peak_mib"]))
    lines += ["", "CPU and memory are those of the command alone; with a cluster its workers have "
              "their own."]
    return "\n".join(lines + ["%s: %s" % ("met" if met else "NOT MET", text)
                              for met, text in checked(results)]) + "\n"


def title(run):
    # type: (dict[str, Any]) -> str
    return "%s, %s, into %s" % (run["way"], run["file"], run["site"])


def checked(results):
    # type: (dict[str, Any]) -> list[tuple[bool, str]]
    """Return whether each demand is met, with the numbers."""
    found = []
    for run in results["runs"]:
        if run["ours"] and "stored" in run:
            found.append((run["stored"] == run["rows"], "%s: %d of %d rows are in the CMDB" % (
                title(run), run["stored"], run["rows"])))
        if run["ours"] and run["file"] == "CSV":
            found.append((run["peak_mib"] <= CSV_MIB, "%s: %.0f MiB, at most %d" % (
                title(run), run["peak_mib"], CSV_MIB)))
    return found
