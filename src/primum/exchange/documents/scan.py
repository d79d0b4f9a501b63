"""A scanned sheet: what kind of file it is, by its first bytes and never by its name."""

from __future__ import annotations

from collections.abc import Mapping

LARGEST = 5 * 1024 * 1024
"""The largest scan that is taken, in bytes."""
KINDS: Mapping[bytes, tuple[str, str]] = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}
"""First bytes -> media type, and the end of a name."""


def kind_of(content: bytes) -> tuple[str, str] | None:
    """Its media type and the end of its name; None for anything but a PDF, a JPEG or a PNG."""
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
