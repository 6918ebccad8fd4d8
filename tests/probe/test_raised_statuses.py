# ruff: noqa: E501  one handler a line
"""Statuses that handlers raise: found by what names mean in the running module."""

import sys
from importlib import util

from fastapi.testclient import TestClient

from footnotary.probe.inside import raising
from tables import each_row

HEAD = """
import asyncio, functools, json
from abc import ABC, abstractmethod
from enum import Enum, IntEnum
from functools import partial, wraps
from http import HTTPStatus
from http import HTTPStatus as S
from typing import Annotated, Any, Iterator, Optional, Protocol
from fastapi import Depends, FastAPI, HTTPException, Request, Response, Security, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security import OAuth2PasswordBearer
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
def soften(e): e.status_code = 409
def softened():
    e = HTTPException(404)
    e.status_code = 409
    return e
def wrapped(function):
    @wraps(function)
    def inner(*args, **kwargs):
        if not args: raise HTTPException(403)
        return function(*args, **kwargs)
    return inner
Forbidden = partial(HTTPException, status_code=403)
PAIRS = {"a": (404, "x"), "b": (409, "y")}
class Checker:
    def __init__(self, code): self.code = code
    def __call__(self): raise HTTPException(self.code)
    def other(self): raise HTTPException(self.code)
class Proto(Protocol):
    def get(self): ...
def get_proto() -> Proto: return Impl()
def get_base_either(x: int = 0) -> Base: return Impl() if x else Other()
class Below(Impl):
    def get(self): return super().get()
class Other(Base):
    def get(self): raise HTTPException(411)
class Wide:
    def get(self): ...
class Narrow(Wide):
    def get(self): raise HTTPException(413)
def get_wide() -> Wide: return registry.made()
def get_narrow() -> Wide: return Narrow()
class Held:
    def __enter__(self): raise HTTPException(406)
    def __exit__(self, *given): ...
    async def __aenter__(self): raise HTTPException(407)
    async def __aexit__(self, *given): ...
    def __getitem__(self, key): raise HTTPException(416)
    def __iter__(self): raise HTTPException(417)
    @property
    def name(self): raise HTTPException(405)
class Told(Exception):
    def __init__(self, code, words="x"): self.code = code; self.words = words
@app.exception_handler(Told)
def on_told(request: Request, exc: Told):
    return JSONResponse({"x": exc.words}, status_code=exc.code)
class Away(Exception): ...
@app.exception_handler(Away)
def on_away(request: Request, exc: Away): return RedirectResponse("/", 302)
def answer(): return JSONResponse({}, 202)
def created(response: Response): response.status_code = 201
kept = {"status_code": 207}
class Started:
    def __init__(self): raise HTTPException(421)
class StartedBelow(Started): ...
def deep(n): return deep1(n)
def deep1(n): return deep2(n)
def deep2(n): return deep3(n)
def deep3(n): return deep4(n)
def deep4(n): return deep5(n)
def deep5(n): raise HTTPException(404)
ACTS = {"a": lambda: fail(402), "b": lambda x=1: fail(403)}
registry: Any = None

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
    ("async def t(): await asyncio.to_thread(fail, 409)", {409}),
    ("def t(): return JSONResponse({}, 404)", {404}),
    ("def t(x: int): return JSONResponse({}, status_code=404 if x else 409)", {404, 409}),
    ("def t(x: int):\n answer = JSONResponse({}, status_code=404)\n return answer", {404}),
    ("def t(x: int): return JSONResponse({}, 404) if x else None", {404}),
    ("def t(response: Response): response.status_code = status.HTTP_404_NOT_FOUND", {404}),
    ("def t(): return RedirectResponse('/')", {307}),
    ("def t(): return RedirectResponse('/', 303)", {303}),
    ("def t(): return JSONResponse({})", {200}),
    ("def t(): return JSONResponse({}, status_code=202)", {202}),
    ("def t(x: int = 0): return Response(status_code=304) if x else JSONResponse({})", {304, 200}),
    ("def t():\n one = JSONResponse({})\n one.status_code = 208\n return one", {208}),
    ("def t():\n one = JSONResponse({}, 202)\n return one", {202}),
    ("def t(): return JSONResponse({}, **kept)", {207}),
    ("def t(): return JSONResponse({}, **made(1))", set()),
    ("def t(): return answer()", set()),
    ("def t(x=Depends(answer)): ...", set()),
    ("def t(): return {}", set()),
    ("def t(response: Response): response.status_code = status.HTTP_201_CREATED", {201}),
    ("def t(x=Depends(created)): ...", {201}),
    ("def t(): raise HTTPException(304)", {304}),
    ("def t(): raise Away()", {302}),
    ("@wrapped\ndef t(): return JSONResponse({}, 203)", {203, 403}),
    ("def t(s: Annotated[Svc, Depends(get_svc)]): s.get()", {404}),
    ("def t(s: Svc = Depends(get_svc)): s.declared()", {404}),
    ("def t(s=Depends(get_svc)): s.get()", {404}),
    ("def t(s: Annotated[Svc, Depends()]): s.get()", {404}),
    ("def t(s=Depends(get_untyped)): s.get()", {404}),
    ("def t(s=Depends(get_yielded)): s.get()", {404}),
    ("def t(s: Annotated[Any, Depends(get_untyped_yielded)]): s.get()", {404}),
    ("def t(s: Annotated[Base, Depends(get_base)]): s.get()", {402}),
    ("def t(s: Annotated[Below, Depends()]): s.get()", {402}),
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
    ("def t():\n code, words = 404, 'x'\n raise HTTPException(code, words)", {404}),
    ("def t(x: str):\n code, words = PAIRS[x]\n raise HTTPException(code, words)", {404, 409}),
    ("def t():\n (code, _), other = (404, 1), 409\n raise HTTPException(code)", {404}),
    ("def t():\n one, two = HTTPException(404), HTTPException(409)\n raise two", {409}),
    ("def t():\n for code in (404, 409): raise HTTPException(code)", {404, 409}),
    ("def t():\n for code, _ in PAIRS.values(): raise HTTPException(code)", {404, 409}),
    ("def t(): return [fail(code) for code in [404]]", {404}),
    ("def t():\n for one in Code: raise HTTPException(one)", {410}),
    ("def t(): raise HTTPException(**{'status_code': 403})", {403}),
    ("def t(x: str): raise HTTPException(*PAIRS[x])", {404, 409}),
    ("def t(x: str): fail(*PAIRS[x])", {404, 409}),
    ("def t(response: Response): response.status_code: int = 404", {404}),
    ("def t(): raise HTTPException(400 + 4)", {404}),
    ("def t(): raise HTTPException(int('404'))", {404}),
    ("def t():\n made = functools.partial(HTTPException, 404)\n raise made()", {404}),
    ("def t():\n act = partial(fail, 409)\n act()", {409}),
    ("def t(): raise partial(HTTPException, detail='x')(404)", {404}),
    ("def t(h: Annotated[Held, Depends()]): h.name", {405}),
    ("def t():\n with Held(): ...", {406}),
    ("async def t():\n async with Held(): ...", {407}),
    ("def t(): return Held()['x']", {416}),
    ("def t(): return [x for x in Held()]", {417}),
    ("def t(x=Depends(Checker(415))): ...", {415}),
    ("def t(x=Depends(Checker(415).other)): ...", {415}),
    ("def t(x=Depends(partial(fail, 423))): ...", {423}),
    ("def t(x=Depends(lambda: fail(451))): ...", {451}),
    ("def t(x=Depends(lambda: fail(451)), y=Depends(lambda: fail(402))): ...", {451, 402}),
    ("def t(x=Depends(Started)): ...", {421}),
    ("def t(x=Depends(StartedBelow)): ...", {421}),
    ("def t(x: Annotated[Proto, Depends(get_proto)]): x.get()", {402}),
    ("def t(x: Annotated[Base, Depends(get_base_either)]): x.get()", {402, 411}),
    ("def t(x: Annotated[Wide, Depends(get_narrow)]): x.get()", {413}),
    ("def t(x: str): ACTS[x]()", {402, 403}),
    ("def t(): raise Told(429)", {429}),
    ("def t(): raise Told(code=429, words='y')", {429}),
    ("def t(x: int): raise Told(429 if x else 423)", {429, 423}),
    ("def t():\n try: ...\n except Told as e: raise e", set()),
    ("def t(): raise HTTPException(HTTPStatus['NOT_FOUND'])", {404}),
    ("def t(x: str): raise HTTPException(Code[x])", {410}),
    ("def t():\n try: helper()\n except Exception: return None", set()),
    ("def t():\n try: helper()\n except HTTPException: return None", set()),
    ("def t():\n try: raise HTTPException(404)\n except HTTPException: pass", set()),
    ("def t():\n try: raise Own()\n except HTTPException: pass", {451}),
    ("def t():\n try: helper()\n except ValueError: pass", {409}),
    ("def t():\n try: helper()\n except (ValueError, HTTPException) as e: raise HTTPException(400)", {400}),
    ("def t():\n try: helper()\n except Exception as e:\n  print('x')\n  raise HTTPException(400)", {400}),
    ("def t():\n try: helper()\n except Exception as e: raise HTTPException(400) from e", {400, 409}),
    ("def t():\n try: helper()\n except: raise", {409}),
    ("def t():\n try: ...\n except Exception: helper()", {409}),
    ("def t():\n try: ...\n except Exception: pass\n else: helper()", {409}),
    ("def t():\n try: return JSONResponse({}, 404)\n except Exception: pass", {404}),
    ("def t(): {}.get('x'); object().foo(); unknown(); x.y()", set()),
    ("def t(): raise ValueError", set()),
    ("def t(e: Exception): raise e", set()),
    ("def t():\n if False: raise HTTPException(404)", set()),
    ("def t():\n if not True or 0: helper()\n else: raise HTTPException(410)", {410}),
    ("def t():\n while True: raise HTTPException(404)\n helper()", {404, 409}),
    ("def t():\n if True: return 1\n else: raise HTTPException(404)", set()),
    ("def t():\n return 1\n raise HTTPException(404)", set()),
    ("def t(): return 1 if True else helper()", set()),
    ("def t(x: int):\n if x: raise HTTPException(404)\n helper()", {404, 409}),
    ("def t():\n from contextlib import suppress\n with suppress(Exception): raise HTTPException(404)", set()),
    ("def t():\n import contextlib as c\n with c.suppress(Exception): helper()", set()),
    ("def t():\n from http import HTTPStatus as Q\n raise HTTPException(Q.GONE)", {410}),
    ("def t():\n from fastapi import HTTPException as E\n raise E(404)", {404}),
    ("def t(): list(map(lambda s: helper(), [1]))", {409}),
    ("def t(): all(map(fail, [410]))", {410}),
    ("def t(): [*filter(fail, (410, 412))]", {410, 412}),
    ("def t(): sorted([410], key=fail)", {410}),
    ("def t(): [410].sort(key=fail)", {410}),
    ("async def t(): await run_in_threadpool(fail, 410)", {410}),
    ("async def t(): await asyncio.to_thread(fail, code=410)", {410}),
    ("def t():\n e = HTTPException(404)\n e.headers = {}\n raise e", {404}),
]  # fmt: skip


# What a handler does that cannot be followed to its end, and what is named of it.
LOST = [
    ("def t(x: Annotated[Wide, Depends(get_wide)]): x.get()", "get_wide"),
    ("def t(x: int): raise HTTPException(x)", ".py:"),
    ("def t(x: int): raise HTTPException(status_code=registry.code)", ".py:"),
    ("def t(x: int): raise registry.error()", ".py:"),
    ("def t(x: int): raise registry", ".py:"),
    ("def t(x: int): return JSONResponse({}, registry.code)", ".py:"),
    ("def t(response: Response): response.status_code = registry.code", ".py:"),
    ("def t(x=Depends(json.dumps)): ...", "json.dumps"),
    ("def t(x=Depends(len)): ...", "len"),
    ("def t(x: int): raise Told(x)", ".py:"),
    ("def t():\n try: helper()\n except HTTPException: return None", ".py:"),
    ("def t(): deep(5)", "deep"),
    ("def t(): raise ValueError", ""),
    ("def t(e: ValueError): raise e", ".py:"),
    ("def t(): raise HTTPException(404)", ""),
    ("def t(x=Depends(Checker(404))): ...", ""),
    ("def t(x: Annotated[Base, Depends(get_base)]): x.get()", ""),
    ("def t(): return JSONResponse({})", ""),
    ("def t():\n e = HTTPException(404)\n e.status_code = 409\n raise e", ".py:"),
    ("def t():\n e = HTTPException(404)\n f = e\n f.status_code += 5\n raise e", ".py:"),
    ("def t():\n e = HTTPException(404)\n setattr(e, 'status_code', 409)\n raise e", ".py:"),
    ("def t():\n e = HTTPException(404)\n vars(e)['status_code'] = 409\n raise e", ".py:"),
    ("def t():\n e = HTTPException(404)\n e.__dict__['status_code'] = 409\n raise e", ".py:"),
    ("def t():\n e = HTTPException(404)\n soften(e)\n raise e", ".py:"),
    ("def t(): raise softened()", ".py:"),
    ("def t():\n try: raise HTTPException(404)\n except HTTPException as e:\n  e.status_code = 409\n  raise", ".py:"),
    ("def t():\n try: helper()\n except HTTPException as e:\n  e.status_code = 410\n  raise e", ".py:"),
    ("def t(x: list): all(map(fail, x))", ".py:"),
    ("def t(): raise type('E', (HTTPException,), {})(404)", ".py:"),
    ("def t():\n E = type('E', (HTTPException,), {})\n raise E(404)", ".py:"),
    ("def t():\n class E(HTTPException): ...\n raise E(404)", ".py:"),
    ("def t(x=Depends(OAuth2PasswordBearer(tokenUrl='x'))): ...", ""),
]  # fmt: skip


RESPONSES = """
class Made(JSONResponse):
    def __init__(self, content, status_code=201, **kw): super().__init__(content, status_code, **kw)
class Below(Made): ...
class Short(Response):
    def __init__(self, text="x"): super().__init__(text, 202)
class Forced(JSONResponse):
    def __init__(self, content, status_code=200): super().__init__(content, status_code=203)
class Later(JSONResponse):
    def __init__(self, content):
        super().__init__(content)
        self.status_code = 202
class First(Response):
    def __init__(self, status_code=202, content=""): super().__init__(content, status_code)
class Plain(Response):
    __module__ = "starlette.plain"
    def __init__(self, text="x"): super().__init__(text, 202)
class Touched(JSONResponse):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("status_code", 202)
        super().__init__(*args, **kwargs)
class Elsewhere(Response):
    def render(self, content):
        self.status_code = 202
        return b""
class Another(Response):
    def __new__(cls): return JSONResponse({}, 202)
def changes(one): one.status_code = 203
def sets_late(response: Response):
    yield
    response.status_code = 203
def sets(response: Response): response.status_code = 202
def replaced(f):
    @wraps(f)
    def inner(*args, **kwargs):
        f(*args, **kwargs)
        return JSONResponse({}, 202)
    return inner
def passed(f):
    @wraps(f)
    def inner(*args, **kwargs): return f(*args, **kwargs)
    return inner
"""
# Handlers, and what is told of them; what they really answer is asked.
ANSWERS = [
    ("def t(): return Made({})", {201}),
    ("def t(): return Made({}, 208)", {208}),
    ("def t(): return Below({})", {201}),
    ("def t(): return Short()", {202}),
    ("def t(): return Plain()", {202}),
    ("def t(): return Forced({})", {203}),
    ("def t(): return Forced({}, status_code=201)", {203}),
    ("def t(): return Later({})", {202}),
    ("def t(): return Touched({})", set()),
    ("def t(): return Elsewhere()", set()),
    ("def t(): return Another()", set()),
    ("def t(x=Depends(sets_late)): return {}", set()),
    ("def t():\n one = JSONResponse({}, 202)\n setattr(one, 'status_code', 203)\n return one", set()),
    ("def t():\n one = JSONResponse({}, 202)\n two = one\n two.status_code = 203\n return one", set()),
    ("def t(response: Response):\n response.status_code = 201\n return JSONResponse({}, response.status_code)", set()),
    ("def t(): return First(201)", {201}),
    ("def t(): return First()", {202}),
    ("def t():\n one = JSONResponse({}, 202)\n one.status_code = 201\n return one", {201}),
    ("def t():\n one = RedirectResponse('/')\n one.status_code = 303\n return one", {303}),
    ("def t():\n one = JSONResponse({})\n one.status_code = 202\n return {}", set()),
    ("def t():\n one = JSONResponse({}, 202)\n return {}", set()),
    ("def t():\n def inner(): return JSONResponse({}, 202)\n inner()\n return {}", set()),
    ("def t(response: Response):\n response.status_code = 201\n return JSONResponse({})", {200}),
    ("def t(response: Response):\n response.status_code = 404\n return JSONResponse({})", {200}),
    ("def t(response: Response):\n response.status_code = 201\n response.status_code = 202", {202}),
    ("def t(x=Depends(sets)): return {}", {202}),
    ("def t(x=Depends(sets)): return JSONResponse({})", {200}),
    ("def t(response: Response, x=Depends(sets)): response.status_code = 203", {203}),
    ("@replaced\ndef t(): return JSONResponse({}, 201)", {202}),
    ("@passed\ndef t(): return JSONResponse({}, 201)", {201}),
    ("def t():\n try: return JSONResponse({}, 202)\n finally: return JSONResponse({}, 203)", {203}),
]  # fmt: skip


def load(path):
    """A module of its own."""
    spec = util.spec_from_file_location(path.stem, path)
    module = util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def scanned(path, bodies, more=""):
    """What is found in handlers, and what is said not to have been followed."""
    handlers = [body.replace("def t(", f"def t{n}(") for n, body in enumerate(bodies)]
    path.write_text(HEAD + more + "\n".join(handlers))
    module = load(path)
    try:
        scanner = raising.Scanner(raising.handled(module.app), str(path.parent))
        for n, body in enumerate(bodies):
            handler = getattr(module, f"t{n}")
            calls = [handler]
            if "Depends(" in body:
                from fastapi.dependencies.utils import get_dependant

                dependencies = get_dependant(path="/", call=handler).dependencies
                calls += [one.call for one in dependencies]
            found = {one["status"] for one in scanner.scan(calls)}
            yield body, found, [*scanner.unfollowed]
    finally:
        del sys.modules["raised_module"]


def test_every_way_to_raise_a_status_is_found(tmp_path):
    """Numbers, members, constants, branches, classes, helpers, services and responses are found."""
    found = scanned(tmp_path / "raised_module.py", [body for body, _ in HANDLERS])
    expected = dict(HANDLERS)
    assert {body: some for body, some, _ in found if some != expected[body]} == {}


def test_no_answer_is_told_that_is_not_given(tmp_path):
    """What is told of a handler with one answer is what the application really answers."""
    path = tmp_path / "raised_module.py"
    told = [*scanned(path, [body for body, _ in ANSWERS], RESPONSES)]
    module = load(path)
    for n in range(len(ANSWERS)):
        module.app.get(f"/answer/{n}")(getattr(module, f"t{n}"))
    with TestClient(module.app, follow_redirects=False) as client:
        real = [client.get(f"/answer/{n}").status_code for n in range(len(ANSWERS))]
    del sys.modules["raised_module"]
    assert [found for _, found, _ in told] == [some for _, some in ANSWERS]
    assert [some for _, some in ANSWERS if some] == [
        {status} for status, (_, some) in zip(real, ANSWERS, strict=True) if some
    ]


def test_what_was_not_followed_is_named(tmp_path):
    """A dependency of which nothing is known, and a status that is not, may raise others."""
    for body, _, left in scanned(tmp_path / "raised_module.py", [body for body, _ in LOST]):
        words = dict(LOST)[body]
        assert any(words in one for one in left) if words else left == [], (body, left)


@each_row(
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
