"""Reads what a Prometheus server reads: the text format 0.0.4, by its specification.

Not by prometheus_client, whose output it is.
"""

from __future__ import absolute_import, division, print_function

import re

_LINE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z')
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|\Z)')
_ESCAPED = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


class Exposition(object):
    """
    Attributes:
        samples (list): (name, dict of labels, value), in order.
    """

    def __init__(self, text):
        self.samples = []
        for line in text.split("\n"):
            if line and not line.startswith("#"):
                match = _LINE.match(line)
                assert match, "not a sample: %r" % line
                name, labels, value = match.groups()
                self.samples.append((name, _labels(labels or ""), float(value)))
        seen = [(name, sorted(labels.items())) for name, labels, _ in self.samples]
        assert len(seen) == len(set(map(repr, seen))), "a series is there twice"

    def values(self, name, **labels):
        """Those of samples with this name and these labels, among others; None: there is none."""
        return [value for other, found, value in self.samples if other == name
                and all(found.get(label) == expected for label, expected in labels.items())]

    def total(self, name, **labels):
        """The sum of `values`."""
        return sum(self.values(name, **labels))

    def names(self):
        """Of all samples."""
        return set(name for name, _, _ in self.samples)


def _labels(text):
    labels, position = {}, 0
    while position < len(text):
        match = _LABEL.match(text, position)
        assert match, "not a label: %r" % text[position:]
        labels[match.group(1)] = re.sub(
            r"\\.", lambda found: _ESCAPED[found.group()], match.group(2))
        position = match.end()
    return labels
