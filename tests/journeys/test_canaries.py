"""Personal strings stay where they belong. Every journey ends with a look into the log; here is what that look can see.

The look itself is `Window.check`; the fixtures call it after each journey.
"""

from tests.journeys.windows import Window, leaked


def test_the_look_into_the_log_sees_what_it_looks_for() -> None:
    log = 'info talk.heard text="caf\\u00e9 \\"x\\"" who=鳥 mail=bird@nest.example\n'
    assert leaked(log, {'café "x"', "鳥", "bird@nest.example", "nobody"}) == sorted(
        {'café "x"', "鳥", "bird@nest.example"}
    )
    assert leaked("info telegram.opened bot=1", {"鳥", "bird@nest.example"}) == []


async def test_nothing_of_a_customer_lies_in_the_clear(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    wrong = "a word that is no code, from a most private bird"
    await hanako.says(hanako.record.email)
    code = await hanako.code()
    await hanako.says(wrong)
    reference = await hanako.files(await hanako.says(code))
    await window.staff_letter(reference)
    own = {*hanako.record.personal, wrong, code}
    assert own <= window.canaries
    files = [path for path in window.desk.data.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {"madoguchi.db", "secret.key"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert [each for each in own if each.encode() in content] == [], path.name
