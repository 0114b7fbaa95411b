"""Decompressors for gzip, deflate, brotli and zstd, each with a limit on the output of a call.

A decompressor decodes one compressed member:

``decompress(data, room)`` returns about ``room`` bytes at most, and keeps unused input. It raises
one of `ERRORS`.
``more``: whether `decompress` may return more without more input.
``rest``: the input after the end of the member; ``b""`` if there is none.
``ended()``: whether the member is complete; called after the last input.

brotli is used from version 1.2 on: older versions cannot limit the output.
"""

from __future__ import absolute_import, division, print_function

import zlib

try:
    import brotli
except ImportError:
    try:
        import brotlicffi as brotli
    except ImportError:
        brotli = None
if not hasattr(getattr(brotli, "Decompressor", None), "can_accept_more_data"):
    brotli = None

try:
    from compression import zstd  # Python 3.14
except ImportError:
    try:
        from backports import zstd
    except ImportError:
        zstd = None
try:
    import zstandard
except ImportError:
    zstandard = None
if not hasattr(zstandard, "ZstdDecompressionObj"):  # Older versions have no `eof`.
    zstandard = None

#: RFC 9659: the window that a decoder must support and an encoder must not exceed; 8 MiB.
_ZSTD_WINDOW_LOG = 23

#: Bytes given to the zstandard package at a time. It cannot limit the output, but a block of 4
#: bytes becomes at most 128 KiB.
_ZSTANDARD_BYTES = 128


class ZlibDecompressor(object):
    """One member of the gzip, zlib or raw deflate format; ``wbits`` as `zlib` has it."""

    def __init__(self, wbits):
        # type: (int) -> None
        self._zlib = zlib.decompressobj(wbits)
        self.more = False

    @property
    def rest(self):
        # type: () -> bytes
        return self._zlib.unused_data

    def decompress(self, data, room):
        # type: (bytes, int) -> bytes
        tail = self._zlib.unconsumed_tail
        piece = self._zlib.decompress(tail + data if tail else data, room)
        # After a full piece there may be more output, even if no input is left.
        self.more = bool(self._zlib.unconsumed_tail) or len(piece) == room
        return piece

    def ended(self):
        # type: () -> bool
        # py2: there is no decompressobj.eof, but input after the end is reported as unused.
        try:
            self._zlib.decompress(b"\0")
        except zlib.error:
            return False
        return bool(self._zlib.unused_data)


class BrotliDecompressor(object):
    """RFC 7932. Input after the end is an error."""

    rest = b""

    def __init__(self):
        # type: () -> None
        self._brotli = brotli.Decompressor()
        self._waiting = b""  # Input; brotli takes none until all its output was taken.
        self.more = False

    def decompress(self, data, room):
        # type: (bytes, int) -> bytes
        self._waiting += data
        data = b""
        if self._brotli.can_accept_more_data():
            data, self._waiting = self._waiting, b""
        piece = self._brotli.process(data, output_buffer_limit=room)
        self.more = bool(self._waiting) or (
            # After a full piece the end may still be to come.
            len(piece) >= room or not self._brotli.can_accept_more_data()
        ) and not self._brotli.is_finished()
        return piece

    def ended(self):
        # type: () -> bool
        return self._brotli.is_finished()


class ZstdDecompressor(object):
    """One frame of RFC 8878, with the standard library of Python 3.14 or its backport."""

    def __init__(self):
        # type: () -> None
        self._zstd = zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        self.rest = b""
        self.more = False

    def decompress(self, data, room):
        # type: (bytes, int) -> bytes
        if self._zstd.eof:
            self.rest = data
            return b""
        piece = self._zstd.decompress(data, room)
        self.rest = self._zstd.unused_data
        self.more = not self._zstd.needs_input and not self._zstd.eof
        return piece

    def ended(self):
        # type: () -> bool
        return self._zstd.eof


class ZstandardDecompressor(object):
    """One frame of RFC 8878, with the zstandard package."""

    def __init__(self):
        # type: () -> None
        self._zstd = zstandard.ZstdDecompressor(
            max_window_size=1 << _ZSTD_WINDOW_LOG).decompressobj()
        self._waiting = memoryview(b"")  # The unused part of the last input.
        self.rest = b""
        self.more = False

    def decompress(self, data, room):
        # type: (bytes, int) -> bytes
        if self._zstd.eof:
            self.rest = data
            return b""
        if data:
            self._waiting = memoryview(data)
        piece = self._zstd.decompress(self._waiting[:_ZSTANDARD_BYTES])
        self._waiting = self._waiting[_ZSTANDARD_BYTES:]
        if self._zstd.eof:
            self.rest = self._zstd.unused_data + self._waiting.tobytes()
            self._waiting = memoryview(b"")
        self.more = len(self._waiting) > 0
        return piece

    def ended(self):
        # type: () -> bool
        return self._zstd.eof


def _gzip(first_bytes):
    return ZlibDecompressor(16 + zlib.MAX_WBITS)


def _zlib_or_raw(first_bytes):
    # "deflate" means the zlib format (RFC 1950), but some servers send raw deflate. The first two
    # bytes of zlib are recognised: method 8, and a multiple of 31.
    first, second = bytearray(first_bytes[:2])
    bare = first & 0x0F != 8 or (first * 256 + second) % 31 != 0
    return ZlibDecompressor(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)


#: For each coding, a function that takes the first bytes of a member and makes its decompressor;
#: "deflate" needs two bytes.
DECOMPRESSORS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _zlib_or_raw}
#: The errors of decompressors.
ERRORS = (zlib.error,)  # type: Tuple[type, ...]
#: The default Accept-Encoding: the codings that can be decoded here.
ACCEPT_ENCODING = "gzip, deflate"

if brotli is not None:
    DECOMPRESSORS["br"] = lambda first_bytes: BrotliDecompressor()
    ERRORS += (brotli.error,)
    ACCEPT_ENCODING += ", br"
if zstd is not None:
    DECOMPRESSORS["zstd"] = lambda first_bytes: ZstdDecompressor()
    ERRORS += (zstd.ZstdError,)
elif zstandard is not None:
    DECOMPRESSORS["zstd"] = lambda first_bytes: ZstandardDecompressor()
    ERRORS += (zstandard.ZstdError,)
if "zstd" in DECOMPRESSORS:
    ACCEPT_ENCODING += ", zstd"
