"""Builds addresses for Selvedge. Python 3.8 or newer, without dependencies."""

import base64
import hashlib
import hmac
import re
from urllib.parse import quote

__all__ = ["Selvedge"]


class Selvedge:
    """A builder. `key` is `id:hexadecimal` and signs; without it addresses are not signed.

    `base` goes in front, such as `https://img.example.com`; `prefix` is `/image` or
    `/cdn-cgi/image`.
    """

    def __init__(self, key=None, base="", prefix="/image"):
        self._id, self._secret = (None, None) if key is None else _read_key(key)
        self._front = base + prefix

    def url(self, source, options=None, **more):
        """The address of `source` with options: a dictionary, keyword arguments, or both.

        Raises ValueError for no options, and for a path that climbs.
        """
        rest = f"/{_option_text({**(options or {}), **more})}/{_source_text(source)}"
        return f"{self._front}{self._signature(rest)}{rest}"

    def _signature(self, rest):
        if self._secret is None:
            return ""
        tag = hmac.new(self._secret, rest.encode("ascii"), hashlib.sha256).digest()
        text = base64.urlsafe_b64encode(tag).rstrip(b"=").decode("ascii")
        return f"/sig={self._id}.{text}"


def _read_key(key):
    identifier, _, digits = key.partition(":")
    if not identifier or not re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,}", digits):
        raise ValueError("a key is written id:secret, the secret in 32 or more hexadecimal digits")
    return identifier, bytes.fromhex(digits)


def _option_text(options):
    pairs = [(name, value) for name, value in options.items() if value is not None]
    if not pairs:
        raise ValueError("an address has at least one option")
    return ",".join(f"{name}={quote(_value(value), safe=';:')}" for name, value in pairs)


def _value(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source_text(source):
    if re.match(r"https?://", source):
        # An address is as its owner wrote it, but for what no request line can hold.
        return re.sub(r"[^!-~]|[#\\]", lambda odd: quote(odd[0], safe=""), source)
    segments = source[1:].split("/") if source.startswith("/") else source.split("/")
    if any(not segment or segment.startswith(".") for segment in segments):
        raise ValueError(f"a path has no empty, hidden or climbing segments: {source}")
    return "/".join(quote(segment, safe="") for segment in segments)
