"""The content codings that can be undone here, each with a bound on what comes out at a time.

A decompressor undoes one compressed member:

``decompress(data, room)``: about ``room`` bytes of output at most; input that it did not come to
it keeps. Raises what is in `ERRORS`.
``more``: whether `decompress` may have more to say without more input.
``rest``: what of the input stands behind the end of the member; ``b""`` if nothing does.
``ended()``: whether the member is whole, asked behind the last input.

brotli counts from version 1.2 on: before it, nothing keeps a few bytes from becoming gigabytes.
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
if not hasattr(zstandard, "ZstdDecompressionObj"):  # It has no `eof` before, which came with it.
    zstandard = None

#: RFC 9659: what a decoder must have room for, and an encoder must not exceed; 8 MiB.
_ZSTD_WINDOW_LOG = 23

#: Given to the zstandard package at a time. It has no limit on output, but a block of 4 bytes
#: becomes 128 KiB at most.
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
        # A full piece may leave output behind even where no input is left.
        self.more = bool(self._zlib.unconsumed_tail) or len(piece) == room
        return piece

    def ended(self):
        # type: () -> bool
        # py2: no decompressobj.eof; but what is fed behind the end shows up as unused.
        try:
            self._zlib.decompress(b"\0")
        except zlib.error:
            return False
        return bool(self._zlib.unused_data)


class BrotliDecompressor(object):
    """RFC 7932. What stands behind the end is an error."""

    rest = b""

    def __init__(self):
        # type: () -> None
        self._brotli = brotli.Decompressor()
        self._waiting = b""  # It takes no input before it has given all its output.
        self.more = False

    def decompress(self, data, room):
        # type: (bytes, int) -> bytes
        self._waiting += data
        data = b""
        if self._brotli.can_accept_more_data():
            data, self._waiting = self._waiting, b""
        piece = self._brotli.process(data, output_buffer_limit=room)
        self.more = bool(self._waiting) or (
            # A full piece may leave the end behind.
            len(piece) >= room or not self._brotli.can_accept_more_data()
        ) and not self._brotli.is_finished()
        return piece

    def ended(self):
        # type: () -> bool
        return self._brotli.is_finished()


class ZstdDecompressor(object):
    """One frame of RFC 8878, by the standard library of Python 3.14 or its backport."""

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
    """One frame of RFC 8878, by the zstandard package."""

    def __init__(self):
        # type: () -> None
        self._zstd = zstandard.ZstdDecompressor(
            max_window_size=1 << _ZSTD_WINDOW_LOG).decompressobj()
        self._waiting = memoryview(b"")  # Of the last input.
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
    # "deflate" means the zlib format (RFC 1950), but some servers send it bare. The first two
    # bytes tell: method 8, and a multiple of 31.
    first, second = bytearray(first_bytes[:2])
    bare = first & 0x0F != 8 or (first * 256 + second) % 31 != 0
    return ZlibDecompressor(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)


#: coding: what makes an decompressor for a member that begins with these bytes; "deflate" is to be
#: given two.
DECOMPRESSORS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _zlib_or_raw}
#: What decompressors raise.
ERRORS = (zlib.error,)  # type: Tuple[type, ...]
#: What can be undone, for the Accept-Encoding of a request.
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
