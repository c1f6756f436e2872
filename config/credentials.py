"""Credentials stand in files by name only: it refuses secrets, and never repeats one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from config.documents import At
from config.problems import WrongValue

NAME = re.compile(r"(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|block:[a-z0-9]+(?:-[a-z0-9]+)*)")
SECRET = re.compile(
    r"AKIA[0-9A-Z]{12,}|gh[pousr]_\w{10,}|github_pat_\w+|xox[abprs]-|glpat-|sk-[\w-]{10,}|ey[JK][\w-]{8,}|ATATT\w+"
    r"|-----BEGIN|(?i:bearer|basic)\s+\S{8,}"
)
SECRET_KEY = re.compile(r"(?i)(^|[_-])(password|passwd|pwd|secret|token|api_?key|private_?key)$")
INSTEAD = "write the NAME of an environment variable, or block:<name>; never the secret itself"
LONGEST_NAME = 64


def looks_secret(value: object) -> bool:
    """Whether it looks like a secret: a known form, a URL with a password, many letters and digits mixed."""
    if not isinstance(value, str):
        return False
    if SECRET.search(value) or ("://" in value and _has_password(value)):
        return True
    mixed = bool(re.search(r"\d", value)) and bool(re.search(r"[A-Za-z]", value))
    return mixed and re.fullmatch(r"[A-Za-z0-9+/=]{20,}", value) is not None


def credential_name(text: str) -> str:
    """The text, if it is empty or names a credential. Else raises ValueError, which does not repeat it."""
    if text and (looks_secret(text) or len(text) > LONGEST_NAME or NAME.fullmatch(text) is None):
        what = "this looks like a secret" if _seems_typed_in(text) else "this is no name of a credential"
        raise WrongValue(what, INSTEAD)
    return text


def secrets_in(value: object, at: At = ()) -> Iterator[At]:
    """The places in nested settings that hold what looks like a secret."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            if SECRET_KEY.search(str(key)) and isinstance(inside, str) and NAME.fullmatch(inside) is None:
                yield (*at, str(key))
            else:
                yield from secrets_in(inside, (*at, str(key)))
    elif isinstance(value, list | tuple):
        for n, inside in enumerate(value):
            yield from secrets_in(inside, (*at, n))
    elif looks_secret(value):
        yield at


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return True


def _seems_typed_in(text: str) -> bool:
    return looks_secret(text) or len(text) >= 8
