"""Every route and method with every role: what is not allowed in the table can't be done."""

from typing import Any

import pytest
from starlette.routing import Match, Mount, Route

from bot.practice.console.permissions import PERMISSIONS, Permission, permission
from bot.practice.console.staff.accounts import Role
from tests.practice.console.world import World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLACEHOLDERS = {
    "{number}": "999",
    "{slug}": "no_such",
    "{key}": "no_such",
    "{path:path}": "console.css",
    "{name}": "funnel",
    "{identity}": "unknown",
}


def routes(world: World) -> list[tuple[str, str]]:
    """Method and path of every route that the console really has."""
    (console,) = (route.app for route in world.app.routes if isinstance(route, Mount) and route.path == "/staff")
    found = []
    for route in console.routes:
        if isinstance(route, Mount):
            found.append(("GET", f"{route.path}/{{path:path}}"))
        elif isinstance(route, Route):
            found += [(method, route.path) for method in route.methods or ()]
    return found


def address(path: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        path = path.replace(placeholder, value)
    assert "{" not in path, f"say in PLACEHOLDERS what stands for the parts of {path}"
    return path


def test_the_table_and_the_routes_name_the_same(console: World) -> None:
    assert sorted(routes(console)) == sorted((entry.method, entry.path) for entry in PERMISSIONS)


def test_the_table_and_the_router_take_an_address_for_the_same_route(console: World) -> None:
    app = next(route.app for route in console.app.routes if isinstance(route, Mount) and route.path == "/staff")
    for method, path in routes(console):
        entry = permission(method, address(path))
        taken = next(route for route in app.routes if route.matches(scope_of(method, address(path)))[0] is Match.FULL)
        assert entry is not None and (entry.path, taken.path.replace("/files", "/files/{path:path}")) == (path, path)


def scope_of(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.key)
def test_each_route_with_each_role(console: World, role: Role) -> None:
    console.staff(Role.ADMINISTRATOR, login="other@practice.example")
    paths = {path for _, path in routes(console)}
    login = console.staff(role)
    browser = console.browser(login)
    token = browser.token()
    for path in sorted(paths - {"/log-in", "/log-out", "/account/log-out-everywhere"}):
        for method in METHODS:
            entry = permission(method, address(path))
            answer = browser.http.request(method, f"/staff{address(path)}", data={"csrf": token} if method != "GET" else None)
            expect(entry, role, answer.status_code, f"{role.key}: {method} {path}")


def expect(entry: Permission | None, role: Role, status: int, what: str) -> None:
    if entry is None:
        assert status == 404, what
    elif not entry.allows(role):
        assert status == 403, what
    else:
        assert status not in (401, 403, 405) and status < 500, f"{what}: {status}"


def test_nobody_gets_in_without_logging_in(console: World) -> None:
    browser = console.browser()
    open_to_all = {(entry.method, entry.path) for entry in PERMISSIONS if entry.role is None}
    for path in sorted({path for _, path in routes(console)} | {"/no-such-page", "/people/../people"}):
        for method in METHODS:
            if (method, path) in open_to_all:
                continue
            answer = browser.http.request(method, f"/staff{address(path)}")
            if method == "GET":
                assert answer.status_code == 303 and answer.headers["location"].startswith("/staff/log-in"), path
            else:
                assert answer.status_code == 401, f"{method} {path}"


def test_every_change_needs_the_token_of_a_page(console: World) -> None:
    browser = console.browser(console.staff(Role.ADMINISTRATOR))
    for entry in PERMISSIONS:
        if entry.method != "GET":
            for forged in ({}, {"csrf": "x"}, {"csrf": console.browser().token("/log-in")}):
                assert browser.http.post(f"/staff{address(entry.path)}", data=forged).status_code == 403, entry.path


def test_a_token_is_taken_from_a_script_too(console: World) -> None:
    browser = console.browser(console.staff())
    answer = browser.http.post("/staff/account/preferences", headers={"X-CSRF-Token": browser.token()})
    assert answer.status_code == 303
