"""zstd into bytes that take no more memory than they hold."""

from __future__ import annotations

import zstandard


def squeezed(compressor: zstandard.ZstdCompressor, data: bytes | memoryview) -> bytes:
    """The compressed data, in memory of its own size.

    zstandard 0.25 compresses into room for the worst case, sets the length and gives nothing back: what comes to 80 bytes
    holds on to 2 MB for as long as it lives, and a tail of ten seconds to many times what it counts.
    """
    return memoryview(compressor.compress(data)).tobytes()
