"""The string that our Prefect server asks for: made once, kept for its owner, refused where others may read it."""

import threading

import pytest

from config.keyfile import AUTH, AUTH_STRING, auth_string
from config.settings import BadSettings


def test_it_is_made_once_for_its_owner_only_and_another_folder_has_another(tmp_path):
    made = auth_string(tmp_path / "state")
    assert AUTH_STRING.fullmatch(made)
    assert auth_string(tmp_path / "state") == made
    assert auth_string(tmp_path / "other") != made
    assert (tmp_path / "state" / AUTH).stat().st_mode & 0o777 == 0o600


def test_many_that_begin_at_once_have_one(tmp_path):
    gate, made = threading.Barrier(8), []

    def work():
        gate.wait()
        made.append(auth_string(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"interoffice:" + b"a" * 43, 0o640, "may be read by others -> delete it"),
        (b"", 0o600, "holds no authentication string -> delete it"),
        (b"interoffice:short", 0o600, "holds no authentication string"),
        (b"interoffice:" + b"a" * 43 + b"\n", 0o600, "holds no authentication string"),
        (b"\xff" * 55, 0o600, "holds no authentication string"),
    ],
)
def test_one_that_others_may_read_or_that_is_none_is_not_used(tmp_path, content, mode, said):
    (tmp_path / AUTH).write_bytes(content)
    (tmp_path / AUTH).chmod(mode)
    with pytest.raises(BadSettings, match=said) as caught:
        auth_string(tmp_path)
    assert "aaaa" not in str(caught.value)
