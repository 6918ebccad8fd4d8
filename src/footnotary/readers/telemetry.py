"""Logging and telemetry as the code sets them up: who is configured, with what, and where."""

import ast
from collections.abc import Iterator

from footnotary.counting import first_few
from footnotary.facts.impl import Telemetry
from footnotary.readers import literals
from footnotary.source.names import DefinitionIndex, defined_names, keyword, last_name
from footnotary.source.package import Package
from footnotary.source.parsing import Source

# A module without any of these words sets nothing up: most need no walk.
_SIGNS = ("basicConfig", "dictConfig", "fileConfig", "addHandler", "setLevel", "addFilter",
          "setFormatter", "structlog", "loguru", "nstrument", "opentelemetry", "sentry_sdk",
          "logfire", "iddleware", "ddtrace", "newrelic", "elasticapm", "prometheus", "LOGGING",
          "LOG_CONFIG", "log_config")  # fmt: skip
# Calls that set something up, by full name; with the arguments whose names say what.
_CALLS = {
    "structlog.configure": "structlog",
    "structlog.configure_once": "structlog",
    "structlog.stdlib.ProcessorFormatter": "structlog",
    "structlog.contextvars.bind_contextvars": "bound context",
    "structlog.threadlocal.bind_threadlocal": "bound context",
    "logging.basicConfig": "logging",
    "logging.config.dictConfig": "logging",
    "logging.config.fileConfig": "logging",
    "loguru.logger.add": "loguru",
    "loguru.logger.configure": "loguru",
    "sentry_sdk.init": "Sentry",
    "logfire.configure": "Logfire",
    "ddtrace.patch_all": "Datadog",
    "ddtrace.patch": "Datadog",
    "ddtrace.auto": "Datadog",
    "newrelic.agent.initialize": "New Relic",
    "prometheus_client.start_http_server": "Prometheus",
    "prometheus_client.make_asgi_app": "Prometheus",
    "elasticapm.contrib.starlette.make_apm_client": "Elastic APM",
}
_OPENTELEMETRY = ("set_tracer_provider", "set_meter_provider", "set_logger_provider",
                  "set_global_textmap")  # fmt: skip
_SETTERS = {"addHandler", "setLevel", "addFilter", "setFormatter"}
_MIDDLEWARE = ("correlation", "requestid", "request_id", "tracing", "trace", "logging", "logger",
               "accesslog", "telemetry", "prometheus", "metrics", "sentry", "timing")  # fmt: skip
_HEADERS = ("x-request-id", "x-correlation-id", "traceparent")
_DICTIONARIES = {"LOGGING", "LOGGING_CONFIG", "LOG_CONFIG"}
_MAX_SHOWN = 12
_MAX_ROWS = 200


def read_telemetry(package: Package, index: DefinitionIndex) -> tuple[Telemetry, ...]:
    """Find what sets up logging, correlation, tracing and metrics.

    Returns:
        One row a place that sets something up, by module and line.
    """
    found: list[Telemetry] = []
    for source in package.sources:
        if any(sign in source.text for sign in _SIGNS):
            rows = _Reader(source, index).rows()
            found += sorted(rows, key=lambda one: one.place.line)
    return tuple(found[:_MAX_ROWS])


class _Reader:
    """Reads one module."""

    def __init__(self, source: Source, index: DefinitionIndex) -> None:
        self.source = source
        self.index = index

    def rows(self) -> Iterator[Telemetry]:
        """Yield what the module sets up."""
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._decorated(node)
        for statement in self.source.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                name = last_name(statement.targets[0])
                if name in _DICTIONARIES and self._key(statement.value, "version"):
                    yield self._row("logging", name, self._dictionary(statement.value), statement)

    def _row(self, kind: str, name: str, detail: str, node: ast.stmt | ast.expr) -> Telemetry:
        return Telemetry(kind=kind, name=name, detail=detail, place=self.source.place(node))

    def _call(self, node: ast.Call) -> Iterator[Telemetry]:
        """Yield what one call sets up."""
        full = self.index.resolve(node.func, self.source)
        last = full.rpartition(".")[2] or last_name(node.func)
        if full in _CALLS:
            yield self._row(
                _CALLS[full], ".".join(full.split(".")[-2:]), self._detail(full, node), node
            )
        elif last.startswith("instrument") and isinstance(node.func, ast.Attribute):
            yield from self._instrumented(node, node.func)
        elif full.startswith("opentelemetry.") and (
            last in _OPENTELEMETRY or last.endswith("Exporter")
        ):
            yield self._row("OpenTelemetry", last, self._arguments(node), node)
        elif last in _SETTERS and isinstance(node.func, ast.Attribute):
            yield from self._on_logger(node, node.func)
        elif last in {"add_middleware", "Middleware"} and node.args:
            yield from self._middleware(node, node.args[0])
        elif full == "uvicorn.run" and keyword(node, "log_config"):
            yield self._row("logging", "uvicorn.run", self._given(node, ("log_config",)), node)

    def _detail(self, full: str, node: ast.Call) -> str:
        """Return what a call is given: processors, handlers, levels, names of settings."""
        if full.endswith("dictConfig") and node.args:
            return self._dictionary(node.args[0])
        if full.endswith("fileConfig") and node.args:
            return self.word(node.args[0])
        if "bind_" in full:
            return ", ".join(literals.label(one.arg) for one in node.keywords if one.arg)
        if full == "sentry_sdk.init":
            names = ", ".join(one.arg for one in node.keywords if one.arg)
            return "; ".join(filter(None, [self._given(node, ("integrations",)), f"given {names}"]))
        return self._arguments(node)

    def _arguments(self, node: ast.Call) -> str:
        """Return the arguments that are names: classes, calls, levels; no other value is shown."""
        given = [self._listed(one) for one in node.args[:1]]
        given += [self._given(node, (one.arg,)) for one in node.keywords if one.arg]
        return "; ".join(filter(None, given))

    def _given(self, node: ast.Call, names: tuple[str, ...]) -> str:
        """Return some keyword arguments as words."""
        pairs = ((name, keyword(node, name)) for name in names)
        said = ((name, self._listed(value)) for name, value in pairs if value is not None)
        return "; ".join(f"{name}: {words}" for name, words in said if words)

    def _listed(self, node: ast.expr) -> str:
        """Return a list as its members' names, anything else as its own."""
        value, source = self.index.follow_value(self.local(node), self.source)
        if isinstance(value, ast.List | ast.Tuple):
            names = list(filter(None, (_Reader(source, self.index).word(o) for o in value.elts)))
            return first_few(names, _MAX_SHOWN)
        if isinstance(value, ast.BinOp):
            return ", ".join(filter(None, (self._listed(value.left), self._listed(value.right))))
        is_made = isinstance(value, ast.Call) and last_name(value)[:1].isupper()
        return self.word(value if is_made else node)

    def local(self, node: ast.expr) -> ast.expr:
        """Return what a name is assigned within a function of the module, nearest above."""
        if not isinstance(node, ast.Name):
            return node
        above = [
            one
            for one in ast.walk(self.source.tree)
            if isinstance(one, ast.Assign | ast.AnnAssign)
            and one.value is not None
            and one.lineno < node.lineno
            and node.id in defined_names(one)
        ]
        last = max(above, key=lambda one: one.lineno, default=None)
        return last.value if last is not None and last.value is not None else node

    def word(self, node: ast.expr) -> str:
        """Return the name of a class, a call or a variable; a level or a file's name."""
        if isinstance(node, ast.Starred):
            return self._listed(node.value)
        if isinstance(node, ast.Call):
            inner = ", ".join(filter(None, map(self.word, node.args[:2])))
            name = last_name(node.func)
            return f"{name}({inner})" if inner else name
        if isinstance(node, ast.Constant):
            text = str(node.value)
            is_name = "." in text and literals.label(text.strip("./") or "x") != literals.NOT_SHOWN
            return literals.display_value(text) or (literals.path(text) if is_name else "")
        if isinstance(node, ast.IfExp):
            return f"{self.word(node.body)} or {self.word(node.orelse)}"
        return last_name(node) if isinstance(node, ast.Name | ast.Attribute) else ""

    def _instrumented(self, node: ast.Call, function: ast.Attribute) -> Iterator[Telemetry]:
        """Yield an instrumentor of OpenTelemetry, Logfire or Prometheus."""
        value = self.local(function.value)
        full = self.index.resolve(value.func if isinstance(value, ast.Call) else value, self.source)
        name = full.rpartition(".")[2] or last_name(value)
        if name.endswith("Instrumentor"):
            yield self._row("OpenTelemetry", name, function.attr, node)
        elif full == "logfire":
            yield self._row("Logfire", function.attr, "", node)
        elif name == "Instrumentator":
            yield self._row("Prometheus", name, function.attr, node)

    def _on_logger(self, node: ast.Call, function: ast.Attribute) -> Iterator[Telemetry]:
        """Yield what is set on the root logger, or on one by name."""
        value = self.local(function.value)
        if isinstance(value, ast.Call):
            full = self.index.resolve(value.func, self.source)
            if full == "logging.getLogger" and not (
                bool(value.args) and last_name(value.args[0]) == "__name__"
            ):
                name = self.word(value.args[0]) if value.args else "root"
                detail = self.word(node.args[0]) if node.args else ""
                yield self._row("logging", f"{name or 'logger'}.{function.attr}", detail, node)

    def _middleware(self, node: ast.Call, given: ast.expr) -> Iterator[Telemetry]:
        """Yield a middleware whose name or package speaks of correlation, logs or metrics."""
        full = self.index.resolve(given, self.source)
        name = full.rpartition(".")[2] or last_name(given)
        plain = full.casefold()
        if any(sign in (plain or name.casefold()) for sign in _MIDDLEWARE):
            names = (one.arg for one in node.keywords if one.arg)
            words = [self._given(node, (one,)) for one in names]
            yield self._row("middleware", name, "; ".join(filter(None, words)), node)

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Telemetry]:
        """Yield a function middleware that handles ids of requests or binds context."""
        if "middleware" not in {last_name(one) for one in node.decorator_list}:
            return
        texts = {one.value.casefold() for one in ast.walk(node)
                 if isinstance(one, ast.Constant) and isinstance(one.value, str)}  # fmt: skip
        headers = [name for name in _HEADERS if name in texts]
        binds = any(
            isinstance(one, ast.Call) and last_name(one).startswith("bind_contextvars")
            for one in ast.walk(node)
        )
        if headers or binds:
            yield self._row("middleware", f"{node.name}()", ", ".join(headers), node)

    def _dictionary(self, node: ast.expr) -> str:
        """Return the handlers, formatters and levels of a configuration of `logging`."""
        value, source = self.index.follow_value(self.local(node), self.source)
        if isinstance(value, ast.Call):
            value, source = self._returned(value)
        if not isinstance(value, ast.Dict):
            return "computed"
        reader = _Reader(source, self.index)
        said = [
            f"{key}: {', '.join(words)}"
            for key in ("handlers", "formatters", "filters", "loggers")
            if (words := list(reader.members(value, key)))
        ]
        root = self._key(value, "root")
        level = reader.word(self._key(root, "level") or ast.Name("")) if root else ""
        return "; ".join([*said, *([f"root: {level}"] if level else [])])

    def _returned(self, call: ast.Call) -> tuple[ast.expr, Source]:
        """Return what a function of the project returns, if it is one expression."""
        found = self.index.define(call.func, self.source)
        if found is None or not isinstance(found[0], ast.FunctionDef):
            return call, self.source
        returned = [one.value for one in ast.walk(found[0]) if isinstance(one, ast.Return)]
        value = returned[0] if len(returned) == 1 else None
        return (_Reader(found[1], self.index).local(value), found[1]) if value else (call, found[1])

    def members(self, node: ast.Dict, name: str) -> Iterator[str]:
        """Yield the members of one part of a configuration: `console (logging.StreamHandler)`."""
        part = self._key(node, name)
        pairs = zip(part.keys, part.values, strict=True) if isinstance(part, ast.Dict) else ()
        for key, value in pairs:
            made = next(
                (one for sign in ("class", "()", "level") if (one := self._key(value, sign))), None
            )
            text = self._class(made) if made is not None else ""
            label = literals.label(getattr(key, "value", "") or "root")
            yield f"{label} ({text})" if text else label

    def _class(self, node: ast.expr) -> str:
        """Return a class that is named by text or by name, or a level."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = node.value.removeprefix("ext://").split(".")
            return literals.label(".".join(parts)) if all(map(str.isidentifier, parts)) else ""
        return self.word(node)

    @staticmethod
    def _key(node: ast.expr | None, name: str) -> ast.expr | None:
        """Return the value of a key in a dictionary; None without it."""
        pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
        return next((v for k, v in pairs if getattr(k, "value", None) == name), None)
