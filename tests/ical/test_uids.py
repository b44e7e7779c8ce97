from uuid import UUID

import pytest

from cpts_sessions.ical.uids import derive_secret, matches, parse_uid, public_uid, uid

ID = UUID("7c6f1f5e-52a4-4f0e-9a5b-0d2f1c3b4a59")
OTHER = UUID("7c6f1f5e-52a4-4f0e-9a5b-0d2f1c3b4a5a")
SECRET = derive_secret(b"key", ID)
HERS = uid(ID, SECRET, "CPTS.example.org")


def test_the_secret_is_the_start_of_an_hmac_of_the_master_key():
    # printf 'uid:7c6f…' | openssl dgst -sha256 -hmac key -binary | base32 | head -c 26
    assert SECRET == "txecpetyiszx63o2qnzgnuyekv"


def test_the_secret_depends_on_the_key_and_on_the_invitation():
    assert len({SECRET, derive_secret(b"another key", ID), derive_secret(b"key", OTHER)}) == 3


def test_an_empty_master_key_is_refused():
    with pytest.raises(ValueError, match="master key"):
        derive_secret(b"", ID)


def test_a_uid_is_read_back_whatever_its_case():
    assert f"{ID}.{SECRET}@cpts.example.org" == HERS
    assert parse_uid(f" {HERS.upper()}\r\n") == (ID, SECRET, "cpts.example.org")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "040000008200E00074C5B7101A82E00800000000",
        public_uid(ID, "cpts.example.org"),
        f"{ID}.short@cpts.example.org",
        f"{ID}.{SECRET}",
        f"x{HERS}",
        HERS.replace("7c6f1f5e", "٧c6f1f5e"),
        f"{ID}.{'1' * 26}@cpts.example.org",
    ],
)
def test_what_is_not_shaped_like_one_of_ours_is_not_parsed(text):
    assert parse_uid(text) is None


def test_only_the_whole_uid_matches():
    others = [uid(ID, derive_secret(b"k2", ID), "cpts.example.org"), uid(OTHER, SECRET, "cpts.example.org"), "", "é"]

    assert matches(HERS.upper() + "\r\n", HERS)
    assert [matches(other, HERS) for other in others] == [False, False, False, False]
    assert not matches("\ud800", HERS)
