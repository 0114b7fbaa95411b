"""What charset a body is in, and what a server may not make of that."""

from __future__ import absolute_import, division, print_function

import codecs
import time

import pytest

from waterspout._decoding import charsets


@pytest.fixture
def detector(monkeypatch):
    """Install a detector that records what it is shown."""

    def install(answer):
        monkeypatch.setattr(charsets, "_detect", detect)
        answers.append({"encoding": answer})
        return seen

    def detect(data):
        seen.append(data)
        return answers[0]

    seen, answers = [], []
    return install


@pytest.mark.parametrize("charset", [
    "zlib", "bz2", "hex", "base64", "rot13", "uu", "quopri", "idna", "punycode", "unicode_escape",
    "raw_unicode_escape", "undefined", "no-such", "", "a\0b", "x" * 10000,
])
def test_a_codec_that_is_not_a_charset_is_refused(charset):
    """Python has codecs that decompress without a limit (2.7) or take quadratic time."""
    with pytest.raises(LookupError):
        charsets.codec_of(charset)


@pytest.mark.parametrize("charset", ["zlib", "punycode", "unicode_escape", "no-such"])
def test_text_in_an_unknown_charset_is_decoded_as_utf_8(charset):
    """As requests does for an unknown name."""
    assert charsets.decode(b"\xc3\xbc\\x41\xff", charset) == u"\xfc\\x41\ufffd"
    assert charsets.decoder(charset).decode(b"\xc3\xbc", True) == u"\xfc"


def test_a_charset_that_would_decompress_is_not_used():
    """On 2.7 ``decode("zlib")`` would have made gigabytes of it."""
    bomb = codecs.encode(b"\0" * 10 ** 7, "zlib")
    assert len(charsets.decode(bomb, "zlib")) <= len(bomb)


def test_charsets_that_servers_send_are_known():
    """Those that servers do name are known."""
    for name in "utf-8 UTF_16 latin-1 gbk gb18030 big5 shift_jis euc-kr koi8-r cp1252".split():
        assert charsets.codec_of(name)


def test_utf_8_is_found_without_a_detector(detector):
    """Text that is UTF-8 by chance and means something else is not met in practice."""
    seen = detector("gbk")
    assert charsets.guess_charset(u"\u4e2d".encode("utf-8")) == "utf-8"
    assert charsets.guess_charset(b"") == "utf-8"
    assert seen == []


def test_a_detector_gets_a_bounded_sample(detector):
    """From where it ceases to be UTF-8, and never more than that: the IOLoop waits meanwhile."""
    seen = detector("gbk")
    data = b"a" * 10 ** 6 + u"\u4e2d".encode("gbk") * 10 ** 6
    assert charsets.guess_charset(data) == "gbk"
    (sample,) = seen
    assert len(sample) == charsets.SAMPLE_BYTES
    assert sample.startswith(b"a") and sample.endswith(u"\u4e2d".encode("gbk"))


def test_text_is_latin_1_where_the_detector_finds_nothing(detector):
    """Every byte is a letter in it."""
    detector(None)
    assert charsets.guess_charset(b"caf\xe9") == "ISO-8859-1"


def test_detectors_are_looked_for_in_the_order_of_requests(monkeypatch):
    """requests' packages in requests' order; without them everything still works."""

    def imported(name):
        asked.append(name)
        raise ImportError(name)

    asked = []
    monkeypatch.setattr(charsets.importlib, "import_module", imported)
    assert charsets._find_detector()(b"caf\xe9") == {"encoding": None}
    assert asked == ["chardet", "charset_normalizer"]


def test_the_detector_installed_here_is_quick():
    """A sample takes it far less than a service's heartbeat."""
    pytest.importorskip("requests")  # Which brings one.
    data = u"\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439, \u043c\u0438\u0440. "
    started = time.time()
    charsets.guess_charset((data * 10000).encode("koi8-r"))
    assert time.time() - started < 5
