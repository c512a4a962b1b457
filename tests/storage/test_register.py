"""The register: people are found by their address and by nothing else, and keep their ids over an import."""

import json

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.desk.ports import Customer
from handlers.desk.requests import new_id
from storage.vault import SealBroken
from tests.counter import COMPANY, HANAKO, NOBODY, TARO, Counter


def customer(email: str, company: str = COMPANY, **more: object) -> Customer:
    return Customer(new_id(), company, "花子 Sample", email, "+81300000001", {"address": "1-1", **more})  # type: ignore[dict-item]


async def replace_all(counter: Counter, *people: Customer, company: str = COMPANY) -> None:
    async with counter.memory.begin() as work:
        await work.register.replace_all(company, people)


async def find(counter: Counter, email: str, company: str = COMPANY) -> str | None:
    async with counter.memory.begin() as work:
        return await work.register.find(company, email)


async def test_a_customer_comes_back_whole(counter: Counter) -> None:
    one = customer(HANAKO)
    await replace_all(counter, one, company="plus_one")
    async with counter.memory.begin() as work:
        found = await work.register.find("plus_one", HANAKO)
        assert found == one.id
        assert await work.register.get(one.id) == Customer(
            one.id, "plus_one", one.name, one.email, one.phone, one.facts
        )
        assert await work.register.get("0" * 32) is None


async def test_a_customer_without_phone_and_facts(counter: Counter) -> None:
    one = Customer(new_id(), COMPANY, "A", NOBODY)
    await replace_all(counter, one)
    async with counter.memory.begin() as work:
        assert await work.register.get(one.id) == one


async def test_who_keeps_the_address_keeps_the_id(counter: Counter) -> None:
    before = await find(counter, HANAKO)
    await replace_all(counter, customer(HANAKO), customer(NOBODY))
    assert await find(counter, HANAKO) == before
    assert await find(counter, TARO) is None
    assert await find(counter, NOBODY) not in {None, before}


async def test_companies_do_not_see_each_others_people(counter: Counter) -> None:
    await replace_all(counter, customer(NOBODY, "plus_one"), company="plus_one")
    assert await find(counter, NOBODY) is None
    assert await find(counter, HANAKO, "plus_one") is None
    async with counter.memory.begin() as work:
        assert (await work.register.count(COMPANY), await work.register.count("plus_one")) == (2, 1)
        assert work.register.identities(COMPANY, HANAKO) != work.register.identities("plus_one", HANAKO)


async def test_replacing_one_register_leaves_the_other(counter: Counter) -> None:
    await replace_all(counter, customer(NOBODY, "plus_one"), company="plus_one")
    await replace_all(counter)
    async with counter.memory.begin() as work:
        assert (await work.register.count(COMPANY), await work.register.count("plus_one")) == (0, 1)


async def test_one_address_twice_changes_nothing(counter: Counter) -> None:
    before = await counter.rows("SELECT * FROM customers")
    with pytest.raises(IntegrityError):
        await replace_all(counter, customer(NOBODY), customer(NOBODY))
    assert await counter.rows("SELECT * FROM customers") == before


async def test_the_index_is_keyed_and_the_record_is_bound_to_its_row(counter: Counter) -> None:
    one, other = await counter.rows("SELECT id, email_index, record FROM customers")
    assert HANAKO not in json.dumps([one["email_index"], other["email_index"]])
    async with counter.memory.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE customers SET record = ? WHERE id = ?", (one["record"], other["id"]))
    async with counter.memory.begin() as work:
        assert await work.register.get(one["id"]) is not None
        with pytest.raises(SealBroken):
            await work.register.get(other["id"])
