"""Getting in and out: throttled, once, and under a new cookie."""

import threading
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from bot.database import reading, writing
from bot.practice.console.models import attempt, audit, session, staff
from bot.practice.console.staff import accounts, log_in, passwords, sessions
from bot.practice.console.staff.accounts import Role
from tests.practice.console.world import PASSWORD, World

WRONG = "another long and winding road"
OWN_HASHER = passwords._hasher
"""The console's own; the tests work with a quicker one."""


def count(world: World, table: object) -> int:
    with reading(world.engine) as connection:
        return len(connection.execute(select(table)).all())


def actions(world: World) -> list[str]:
    with reading(world.engine) as connection:
        return list(connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars())


def test_right_and_wrong(any_console: World) -> None:
    login = any_console.staff()
    browser = any_console.browser()
    assert browser.log_in(login, WRONG).status_code == 401
    assert browser.log_in("nobody@practice.example").status_code == 401
    assert browser.get("/").headers["location"] == "/staff/log-in"
    assert browser.log_in(f" {login.upper()} ").status_code == 303
    assert browser.get("/").headers["location"] == "/staff/overview"
    assert actions(any_console) == ["log_in_refused", "log_in_refused", "logged_in"]


def test_a_wrong_login_and_a_wrong_password_look_the_same(console: World) -> None:
    login = console.staff()
    first, second = (console.browser().log_in(each, WRONG) for each in (login, "nobody@practice.example"))
    assert first.status_code == second.status_code
    assert len(first.text) == len(second.text)


def test_the_password_is_kept_as_argon2id(console: World) -> None:
    assert (OWN_HASHER.memory_cost, OWN_HASHER.time_cost) >= (64 * 1024, 3)  # RFC 9106, for little memory
    console.staff()
    with reading(console.engine) as connection:
        assert connection.execute(select(staff.c.password)).scalar_one().startswith("$argon2id$")


def test_the_cookie(console: World) -> None:
    answer = console.browser().log_in(console.staff())
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/staff" in cookie
    assert "secure" not in cookie


def test_the_cookie_over_https(secure_console: World) -> None:
    answer = secure_console.browser().get("/log-in")
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_known_cookie_is_of_no_use_after_logging_in(console: World) -> None:
    login = console.staff()
    browser, thief = console.browser(), console.browser()
    browser.get("/log-in")
    planted = browser.http.cookies["staff"]
    browser.log_in(login)
    assert browser.http.cookies["staff"] != planted
    thief.http.cookies.set("staff", planted, path="/staff")
    assert thief.get("/conversations").status_code == 303


def test_the_cookie_is_kept_nowhere(console: World) -> None:
    browser = console.browser(console.staff())
    with reading(console.engine) as connection:
        assert browser.http.cookies["staff"] not in str(connection.execute(select(session)).all())


def test_many_attempts_at_one_account(any_console: World) -> None:
    login, browser = any_console.staff(), any_console.browser()
    token = browser.token("/log-in")
    sent = {"csrf": token, "login": login, "password": WRONG}
    answers = [browser.http.post("/staff/log-in", data=sent).status_code for _ in range(log_in.MOST_OF_ACCOUNT + 2)]
    assert answers == [401] * log_in.MOST_OF_ACCOUNT + [429] * 2
    assert browser.log_in(login).status_code == 429  # the right password neither
    any_console.now += log_in.WINDOW + timedelta(seconds=1)
    assert browser.log_in(login).status_code == 303
    assert count(any_console, attempt) == 0


def test_many_attempts_from_one_address(console: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_in, "MOST_OF_ADDRESS", 4)
    browser = console.browser()
    answers = [browser.log_in(f"somebody{number}", WRONG).status_code for number in range(6)]
    assert answers == [401] * 4 + [429] * 2


def test_attempts_at_the_same_time_are_all_counted(any_console: World, monkeypatch: pytest.MonkeyPatch) -> None:
    login = any_console.staff()
    tried: list[str] = []
    monkeypatch.setattr(passwords, "fits", lambda password, kept: bool(tried.append(password)))
    monkeypatch.setattr(log_in, "MOST_OF_ACCOUNT", 3)
    refused: list[type[Exception]] = []

    def attempt_once() -> None:
        with pytest.raises((log_in.Refused, log_in.TooMany)) as caught:
            log_in.log_in(any_console.engine, login, WRONG, "", "1.2.3.4", any_console.now)
        refused.append(caught.type)

    threads = [threading.Thread(target=attempt_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 3
    assert refused.count(log_in.TooMany) == 5


def test_a_session_ends_without_use(console: World) -> None:
    browser = console.browser(console.staff())
    console.pass_time(minutes=29)
    assert browser.get("/account").status_code == 200
    console.pass_time(minutes=29)
    assert browser.get("/account").status_code == 200
    console.pass_time(minutes=31)
    assert browser.get("/account").status_code == 303


def test_polling_keeps_no_session_alive(console: World) -> None:
    browser = console.browser(console.staff())
    for _ in range(4):
        console.pass_time(minutes=9)
        answer = browser.get("/conversations/new?than=1-1")
    assert answer.status_code == 303


def test_a_session_ends_after_a_day_in_use(console: World) -> None:
    browser = console.browser(console.staff())
    for _ in range(int(sessions.LONGEST.total_seconds() // 1200)):
        console.pass_time(minutes=20)
        answer = browser.get("/account")
    assert answer.status_code == 303


def test_logging_out_ends_the_session_on_the_server(console: World) -> None:
    browser = console.browser(console.staff())
    kept = browser.http.cookies["staff"]
    assert browser.send("/log-out").status_code == 303
    browser.http.cookies.set("staff", kept, path="/staff")
    assert browser.get("/account").status_code == 303
    assert count(console, session) == 0


def test_logging_out_everywhere(console: World) -> None:
    login = console.staff()
    here, there = console.browser(login), console.browser(login)
    here.send("/account/log-out-everywhere")
    assert [browser.get("/account").status_code for browser in (here, there)] == [303, 303]


def test_a_disabled_account_is_out_at_once(console: World) -> None:
    login = console.staff()
    browser = console.browser(login)
    with writing(console.engine) as connection:
        accounts.disable(connection, accounts.account(connection, login=login).id, console.now)
    assert browser.get("/account").status_code == 303
    assert browser.log_in(login).status_code == 401


def test_a_first_password_has_to_be_changed(console: World) -> None:
    with writing(console.engine) as connection:
        _, password = accounts.add(connection, "new@practice.example", "New", Role.READER, console.now)
    browser = console.browser("new@practice.example", password)
    assert browser.get("/conversations").headers["location"] == "/staff/account"
    for new, again in (("short", "short"), ("new-and-much-longer", "new-and-much-longer"), (WRONG, PASSWORD), (password, password)):
        assert browser.send("/account/password", password=password, new=new, again=again).status_code == 422, new
    assert browser.send("/account/password", password=WRONG, new=PASSWORD, again=PASSWORD).status_code == 422
    before = browser.http.cookies["staff"]
    assert browser.send("/account/password", password=password, new=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.http.cookies["staff"] != before
    assert browser.get("/conversations").status_code == 200


def test_one_time_codes(console: World) -> None:
    login = console.staff()
    browser = console.browser(login)
    secret = passwords.new_code_secret()
    totp = pyotp.TOTP(secret)

    def code() -> str:
        return totp.at(console.now)

    assert browser.send("/account/codes", secret=secret, code="000000", password=PASSWORD).status_code == 422
    assert browser.send("/account/codes", secret=secret, code=code(), password=WRONG).status_code == 422
    assert browser.send("/account/codes", secret="<script>", code=code(), password=PASSWORD).status_code == 422
    assert browser.send("/account/codes", secret=secret, code=code(), password=PASSWORD).status_code == 303
    assert console.browser().log_in(login).status_code == 401
    assert console.browser().log_in(login, code="123456").status_code == 401
    assert console.browser().log_in(login, code=f"{code()[:3]} {code()[3:]}").status_code == 303
    assert console.browser().log_in(login, code=code()).status_code == 401, "a code works once"
    console.pass_time(seconds=60)
    assert console.browser().log_in(login, code=code()).status_code == 303
    assert browser.send("/account/codes/off", password=PASSWORD).status_code == 303
    assert console.browser().log_in(login).status_code == 303


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/log-out", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1"]
)
def test_nobody_is_sent_elsewhere_after_logging_in(console: World, to: str) -> None:
    assert console.browser().log_in(console.staff(), to=to).headers["location"] == "/staff/"


def test_back_to_where_one_wanted_to_be(console: World) -> None:
    login, browser = console.staff(), console.browser()
    location = browser.get("/conversations/12").headers["location"]
    assert location == "/staff/log-in?to=/conversations/12"
    assert browser.log_in(login, to="/conversations/12").headers["location"] == "/staff/conversations/12"


def test_a_role_counts_from_the_next_request_on(console: World) -> None:
    login = console.staff(Role.ADMINISTRATOR)
    browser = console.browser(login)
    with writing(console.engine) as connection:
        connection.execute(update(staff).values(role="reader"))
    assert browser.get("/people").status_code == 403
