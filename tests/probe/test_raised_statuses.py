"""Statuses that handlers raise: found by what names mean in the running module."""

import sys
from importlib import util

import pytest

from footnotary.probe.inside import raising

HEAD = """
import asyncio, functools
from abc import ABC, abstractmethod
from enum import Enum, IntEnum
from functools import partial, wraps
from http import HTTPStatus
from http import HTTPStatus as S
from typing import Annotated, Any, Iterator, Optional
from fastapi import Depends, FastAPI, HTTPException, Request, Response, Security, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException as StarletteError
app = FastAPI()
GONE = 410
CODES = {"a": 404, "b": 409}
NOT_FOUND = HTTPException(404, "gone")
TEAPOT = status.HTTP_418_IM_A_TEAPOT
class Code(IntEnum):
    GONE = 410
class Words(Enum):
    GONE = 410
class Missing(HTTPException):
    def __init__(self, detail="x"):
        super().__init__(status_code=404, detail=detail)
class Kept(HTTPException):
    code = 409
    def __init__(self, *args, **kwargs):
        HTTPException.__init__(self, self.code, *args, **kwargs)
class KeptOther(Kept):
    code = 412
class Given(HTTPException):
    def __init__(self, code, message="x"):
        super().__init__(status_code=code, detail=message)
class Passed(Given):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
class Fixed(HTTPException):
    def __init__(self):
        self.status_code = 423
class Own(Exception):
    status = 451
class OwnBelow(Own):
    status = 402
@app.exception_handler(Own)
def on_own(request: Request, exc: Own):
    return JSONResponse({}, status_code=exc.status)
class Repo:
    def get(self): raise HTTPException(404)
    @staticmethod
    def free(): raise HTTPException(405)
    @classmethod
    def made(cls): raise HTTPException(406)
class Svc:
    repo: Repo
    def __init__(self, other: Annotated[Repo, Depends(Repo)]): self.own = Repo()
    def get(self): return self.own.get()
    def declared(self): return self.repo.get()
    def __call__(self): raise HTTPException(403)
class Base(ABC):
    @abstractmethod
    def get(self): ...
class Impl(Base):
    def get(self): raise HTTPException(402)
def get_svc() -> Svc: return Svc(Repo())
def get_base() -> Base: return Impl()
def get_untyped(): return Repo()
def get_yielded() -> Iterator[Repo]: yield Repo()
def get_untyped_yielded(): yield Repo()
svc = Svc(Repo())
def fail(code=404): raise HTTPException(code)
def made(code): return HTTPException(code)
def helper(): raise HTTPException(409)
def wrapped(function):
    @wraps(function)
    def inner(*args, **kwargs):
        if not args: raise HTTPException(403)
        return function(*args, **kwargs)
    return inner
Forbidden = partial(HTTPException, status_code=403)

"""
# What a handler does, and the statuses that it can end with.
HANDLERS = [
    ("def t(): raise HTTPException(404)", {404}),
    ("def t(): raise HTTPException(status_code=404)", {404}),
    ("def t(): raise StarletteError(404)", {404}),
    ("def t(): raise HTTPException(HTTPStatus.NOT_FOUND)", {404}),
    ("def t(): raise HTTPException(status_code=HTTPStatus.CONFLICT.value)", {409}),
    ("def t(): raise HTTPException(S.NOT_FOUND, 'x')", {404}),
    ("def t(): raise HTTPException(S(404))", {404}),
    ("def t(): raise HTTPException(int(S.NOT_FOUND))", {404}),
    ("def t(): raise HTTPException(status.HTTP_404_NOT_FOUND)", {404}),
    ("def t(): raise HTTPException(TEAPOT)", {418}),
    ("def t(): raise HTTPException(GONE)", {410}),
    ("def t(): raise HTTPException(Code.GONE)", {410}),
    ("def t(): raise HTTPException(Words.GONE.value)", {410}),
    ("def t(x: int): raise HTTPException(404 if x else 403)", {404, 403}),
    ("def t(x: int): raise HTTPException(S.NOT_FOUND if x else S.FORBIDDEN)", {404, 403}),
    ("def t(x: int): raise (HTTPException(404) if x else HTTPException(403))", {404, 403}),
    ("def t(x: int):\n code = 404\n if x: code = 403\n raise HTTPException(code)", {404, 403}),
    ("def t(x: int):\n code: int = 404\n raise HTTPException(code)", {404}),
    ("def t(x: str): raise HTTPException(CODES[x])", {404, 409}),
    ("def t(): raise HTTPException(CODES['a'])", {404}),
    ("def t(x: str): raise HTTPException({'a': 404, 'b': 409}[x])", {404, 409}),
    ("def t(x: str): raise HTTPException(CODES.get(x, 500))", {404, 409, 500}),
    ("def t(): raise NOT_FOUND", {404}),
    ("def t(x: int):\n error = HTTPException(404)\n if x: raise error", {404}),
    ("def t():\n try: pass\n except ValueError as e: raise HTTPException(400) from e", {400}),
    ("def t(): raise Missing()", {404}),
    ("def t(): raise Missing", {404}),
    ("def t(): raise Kept('x')", {409}),
    ("def t(): raise KeptOther()", {412}),
    ("def t(): raise Given(409, 'x')", {409}),
    ("def t(): raise Given(code=S.CONFLICT)", {409}),
    ("def t(): raise Passed(409)", {409}),
    ("def t(): raise Fixed()", {423}),
    ("def t(): raise Own()", {451}),
    ("def t(): raise OwnBelow", {402}),
    ("def t(): raise made(409)", {409}),
    ("def t(): fail()", {404}),
    ("def t(): fail(409)", {409}),
    ("def t(): fail(code=S.GONE)", {410}),
    ("def t(x: int): fail(404) if x else fail(409)", {404, 409}),
    ("def t(): raise Forbidden(detail='x')", {403}),
    ("def t(): helper()", {409}),
    ("async def t(): await run_in_threadpool(helper)", {409}),
    ("async def t(): await asyncio.to_thread(fail, 409)", {404}),
    ("def t(): return JSONResponse({}, 404)", {404}),
    ("def t(x: int): return JSONResponse({}, status_code=404 if x else 409)", {404, 409}),
    ("def t(x: int):\n answer = JSONResponse({}, status_code=404)\n return answer", {404}),
    ("def t(x: int): return JSONResponse({}, 404) if x else None", {404}),
    ("def t(response: Response): response.status_code = status.HTTP_404_NOT_FOUND", {404}),
    ("def t(): return RedirectResponse('/')", set()),
    ("def t(s: Annotated[Svc, Depends(get_svc)]): s.get()", {404}),
    ("def t(s: Svc = Depends(get_svc)): s.declared()", {404}),
    ("def t(s=Depends(get_svc)): s.get()", {404}),
    ("def t(s: Annotated[Svc, Depends()]): s.get()", {404}),
    ("def t(s=Depends(get_untyped)): s.get()", {404}),
    ("def t(s=Depends(get_yielded)): s.get()", {404}),
    ("def t(s: Annotated[Any, Depends(get_untyped_yielded)]): s.get()", {404}),
    ("def t(s: Annotated[Base, Depends(get_base)]): s.get()", {402}),
    ("def t(s: 'Optional[Svc]' = None): s.get()", {404}),
    ("def t(s: Svc | None = None): s.get()", {404}),
    ("def t(): svc.get()", {404}),
    ("def t(): svc()", {403}),
    ("def t(): Repo().get()", {404}),
    ("def t():\n s = Svc(Repo())\n s.get()", {404}),
    ("def t():\n s = get_untyped()\n s.get()", {404}),
    ("def t(): Repo.free()", {405}),
    ("def t(): Repo.made()", {406}),
    ("@wrapped\ndef t(x: int): ...", {403}),
    ("def t(x=Depends(svc)): ...", {403}),
    ("def t(x=Depends(helper)): ...", {409}),
    ("def t(): {}.get('x'); object().foo(); unknown(); x.y()", set()),
    ("def t(): raise ValueError", set()),
    ("def t(e: Exception): raise e", set()),
]  # fmt: skip


def load(path):
    """A module of its own."""
    spec = util.spec_from_file_location(path.stem, path)
    module = util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def test_every_way_to_raise_a_status_is_found(tmp_path):
    """Numbers, members, constants, branches, classes, helpers, services and responses are found."""
    path = tmp_path / "raised_module.py"
    handlers = [body.replace("def t(", f"def t{n}(") for n, (body, _) in enumerate(HANDLERS)]
    path.write_text(HEAD + "\n".join(handlers))
    module = load(path)
    try:
        scanner = raising.Scanner(raising.handled(module.app), str(tmp_path))
        wrong = {}
        for n, (body, expected) in enumerate(HANDLERS):
            handler = getattr(module, f"t{n}")
            calls = [handler]
            if "Depends(" in body:
                from fastapi.dependencies.utils import get_dependant

                dependencies = get_dependant(path="/", call=handler).dependencies
                calls += [one.call for one in dependencies]
            found = {one["status"] for one in scanner.scan(calls)}
            if found != expected:
                wrong[body] = found
        assert wrong == {}
    finally:
        del sys.modules["raised_module"]


@pytest.mark.parametrize(
    ("declared", "undeclared"),
    [
        (set(), [404]),
        ({"404"}, []),
        ({"4XX"}, []),
        ({"4xx"}, []),
        ({"default"}, []),
        ({"409"}, [404]),
    ],
)
def test_a_range_or_default_declares_a_status(declared, undeclared):
    """OpenAPI: `default` covers what is not declared by itself, `4XX` each of its hundred."""
    from footnotary.probe.api import _undeclared

    raw = [{"status": 404, "detail": "", "place": {"path": "a.py", "line": 1}, "by": "a.t"}]
    assert [one.status for one in _undeclared(raw, declared)] == undeclared
