"""The keyring: what is sealed opens in its own place with its own key, and nowhere else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import SealBroken, Vault, key_id_of, new_key, read_keys

VAULT = Vault({"k1": bytes(range(32))})
PLACES = st.tuples(
    st.sampled_from(["cases.details", "turns.said", "turns.replies"]), st.sampled_from(["r1", "r2", "r3"])
)
LONE_SURROGATES = st.text(st.characters(categories=["Cs", "L"]))


@given(st.binary(), PLACES)
def test_bytes_come_back(value: bytes, place: tuple[str, str]) -> None:
    assert VAULT.open(*place, VAULT.seal(*place, value)) == value


@given(st.text() | LONE_SURROGATES, PLACES)
def test_text_comes_back(value: str, place: tuple[str, str]) -> None:
    assert VAULT.open_text(*place, VAULT.seal(*place, value)) == value


@given(st.text(min_size=8), PLACES)
def test_nothing_of_the_value_stands_in_the_seal(value: str, place: tuple[str, str]) -> None:
    assert value.encode("utf-8", "surrogatepass") not in VAULT.seal(*place, value)


def test_the_same_value_is_sealed_differently_every_time() -> None:
    assert len({VAULT.seal("c", "r", "same") for _ in range(1000)}) == 1000


@given(st.text(), PLACES, PLACES)
def test_a_value_moved_elsewhere_does_not_open(value: str, place: tuple[str, str], other: tuple[str, str]) -> None:
    sealed = VAULT.seal(*place, value)
    if place != other:
        with pytest.raises(SealBroken):
            VAULT.open(*other, sealed)


@given(st.binary(max_size=40), st.data())
def test_an_altered_byte_is_noticed(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("c", "r", value))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        VAULT.open("c", "r", bytes(sealed))


@given(st.binary(max_size=40), st.data())
def test_a_cut_value_is_noticed(value: bytes, data: st.DataObject) -> None:
    sealed = VAULT.seal("c", "r", value)
    with pytest.raises(SealBroken):
        VAULT.open("c", "r", sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(st.binary())
def test_what_was_never_sealed_does_not_open(value: bytes) -> None:
    with pytest.raises(SealBroken):
        VAULT.open("c", "r", value)


def test_another_key_does_not_open() -> None:
    sealed = VAULT.seal("c", "r", "canary")
    for other in (Vault({"k1": bytes(32)}), Vault({"k2": bytes(range(32))})):
        with pytest.raises(SealBroken) as broken:
            other.open("c", "r", sealed)
        assert "canary" not in str(broken.value)


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    keys = {"k2": bytes(32), **VAULT.keys}
    rotated = Vault(keys)
    assert rotated.open_text("c", "r", VAULT.seal("c", "r", "old")) == "old"
    fresh = rotated.seal("c", "r", "new")
    assert fresh.startswith(b"\x02k2")
    with pytest.raises(SealBroken):
        VAULT.open("c", "r", fresh)


def test_what_older_keys_indexed_and_signed_is_still_known() -> None:
    rotated = Vault({"k2": bytes(32), **VAULT.keys})
    newest, older = rotated.indexes("customers.email", "a")
    assert (older,) == VAULT.indexes("customers.email", "a") != (newest,)
    assert rotated.is_signed("row", VAULT.sign("row"))
    assert rotated.is_signed("row", rotated.sign("row"))
    assert not VAULT.is_signed("row", rotated.sign("row"))
    assert not rotated.is_signed("other row", VAULT.sign("row"))


def test_only_the_newest_key_seals_signs_and_makes_codes() -> None:
    rotated, alone = Vault({"k2": bytes(32), **VAULT.keys}), Vault({"k2": bytes(32)})
    assert (rotated.sign("row"), rotated.code_key) == (alone.sign("row"), alone.code_key)
    assert (rotated.current, key_id_of(rotated.seal("c", "r", "v"))) == ("k2", "k2")


def test_each_use_has_its_own_key() -> None:
    master = bytes(range(32))
    assert VAULT.code_key != master
    assert VAULT.indexes("customers.email", "a") != VAULT.indexes("customers.phone", "a") != (VAULT.sign("a"),)
    assert Vault({"k1": bytes(32)}).indexes("customers.email", "a") != VAULT.indexes("customers.email", "a")


@given(st.text() | LONE_SURROGATES, st.text())
def test_an_index_is_the_same_for_the_same_and_different_for_others(one: str, other: str) -> None:
    assert (VAULT.indexes("c", one) == VAULT.indexes("c", other)) is (one == other)


def test_no_key_shows_in_repr() -> None:
    shown = repr(VAULT)
    assert "\\x01\\x02" not in shown
    assert VAULT.code_key.hex() not in shown
    assert shown == "Vault()"


# Keys as they are set


def written(key_id: str, key: bytes) -> str:
    return f"{key_id}:{base64.urlsafe_b64encode(key).decode()}"


def test_a_fresh_key_can_be_read() -> None:
    [(key_id, key)] = read_keys(new_key()).items()
    assert len(key) == 32
    assert key_id.startswith("k")


def test_the_first_key_is_the_current_one() -> None:
    keys = read_keys(f" {written('new', bytes(32))} , {written('old', bytes(range(32)))},\n")
    assert list(keys) == ["new", "old"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no secret key."),
        (" , ", "There is no secret key."),
        ("k1", "Secret key number 1 is not"),
        ("k1:", "Secret key number 1 is not"),
        (":" + written("", bytes(32)), "Secret key number 1 is not"),
        (written("k1", bytes(31)), "Secret key number 1 is not"),
        (written("k1", bytes(33)), "Secret key number 1 is not"),
        (written("k" * 33, bytes(32)), "Secret key number 1 is not"),
        (written("鍵", bytes(32)), "Secret key number 1 is not"),
        ("k1:!!!!", "Secret key number 1 is not"),
        ("k1:日本", "Secret key number 1 is not"),
        (f"{written('k1', bytes(32))},k2:AAAA", "Secret key number 2 is not"),
        (f"{written('k1', bytes(32))},{written('k1', bytes(range(32)))}", "Secret key number 2 has the id"),
    ],
)
def test_what_is_no_key_is_told(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + sentence.replace(".", r"\.")):
        read_keys(text)


@given(st.lists(st.binary(min_size=20, max_size=40), min_size=1, max_size=3), st.text(max_size=10))
def test_no_sentence_holds_a_key(keys: list[bytes], rubbish: str) -> None:
    parts = [base64.urlsafe_b64encode(key).decode() for key in keys]
    with pytest.raises(ValueError, match=r"\.$") as fault:
        read_keys(",".join(["wrong:", *(f"key:{part}{rubbish}" for part in parts)]))
    assert not any(part[:8] in str(fault.value) for part in parts)
    assert fault.value.__cause__ is None
