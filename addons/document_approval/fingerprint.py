"""Plain data as text and checksum: the same for the same data."""

import hashlib
import json


def canonical(values):
    """Return plain data as text that is the same for the same data."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)


def fingerprint_of(values):
    """Return the SHA-256 of the canonical text of ``values``."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()
