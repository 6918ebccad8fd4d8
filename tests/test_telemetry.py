"""What sets up logging and telemetry, of the forms that libraries document."""
# ruff: noqa: E501, ISC004  small modules, one a line

from footnotary.documents.impl import render_telemetry
from footnotary.facts.impl import Architecture, ImplFacts, ProjectIdentity
from footnotary.readers.telemetry import read_telemetry
from footnotary.source import Tree
from footnotary.source.names import DefinitionIndex
from footnotary.source.package import load_package

# A module, and what it sets up: kind, name, detail, line.
MODULES = {
    "import structlog\nfrom structlog.processors import JSONRenderer, TimeStamper as T\n"
    "def go(dev):\n    shared = [structlog.contextvars.merge_contextvars, T(fmt='iso')]\n"
    "    structlog.configure(processors=[*shared, JSONRenderer()], logger_factory=structlog.stdlib.LoggerFactory())\n":
        [("structlog", "structlog.configure",
          "processors: merge_contextvars, T, JSONRenderer; logger_factory: LoggerFactory", 5)],
    "import structlog\nstructlog.configure(processors=[a] + [b() if x else c()])\n":
        [("structlog", "structlog.configure", "processors: a, b or c", 2)],
    "import logging\nlogging.basicConfig(level=logging.INFO, format='secret %(x)s', handlers=[logging.StreamHandler()])\n":
        [("logging", "logging.basicConfig", "level: INFO; handlers: StreamHandler", 2)],
    "from logging.config import dictConfig\nC = {'version': 1, 'formatters': {'json': {'()': 'pythonjsonlogger.json.JsonFormatter'}},\n"
    " 'handlers': {'out': {'class': 'logging.StreamHandler'}}, 'loggers': {'uvicorn': {'level': 'WARNING'}},\n"
    " 'root': {'level': 'INFO', 'handlers': ['out']}}\ndictConfig(C)\n":
        [("logging", "config.dictConfig",
          "handlers: out (logging.StreamHandler); formatters: json (pythonjsonlogger.json.JsonFormatter);"
          " loggers: uvicorn (WARNING); root: INFO", 5)],
    "import logging.config as c\ndef made():\n    return {'version': 1, 'handlers': {'a': {'class': 'x.Y'}}}\nc.dictConfig(made())\n":
        [("logging", "config.dictConfig", "handlers: a (x.Y)", 4)],
    "import logging.config\nlogging.config.dictConfig(json.load(open('x')))\n":
        [("logging", "config.dictConfig", "computed", 2)],
    "import logging.config\nlogging.config.fileConfig('logging.ini')\n":
        [("logging", "config.fileConfig", "logging.ini", 2)],
    "LOGGING = {'version': 1, 'handlers': {'a': {'class': 'x.Y'}}}\n":
        [("logging", "LOGGING", "handlers: a (x.Y)", 1)],
    "import logging\nroot = logging.getLogger()\nroot.addHandler(Json())\nlogging.getLogger('httpx').setLevel('WARNING')\n"
    "log = logging.getLogger(__name__)\nlog.setLevel(1)\n":
        [("logging", "root.addHandler", "Json", 3), ("logging", "logger.setLevel", "WARNING", 4)],
    "from asgi_correlation_id import CorrelationIdMiddleware\napp.add_middleware(CorrelationIdMiddleware, header_name='X-Request-ID')\n"
    "app.add_middleware(GZipMiddleware)\n":
        [("middleware", "CorrelationIdMiddleware", "", 2)],
    "from structlog.contextvars import bind_contextvars\n@app.middleware('http')\nasync def ids(request, go):\n"
    "    bind_contextvars(request_id=request.headers['X-Request-ID'])\n":
        [("middleware", "ids()", "x-request-id", 3), ("bound context", "contextvars.bind_contextvars", "request_id", 4)],
    "from opentelemetry import trace\nfrom opentelemetry.instrumentation.fastapi import FastAPIInstrumentor\n"
    "from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor\n"
    "from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter\n"
    "p = TracerProvider()\np.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint='https://u:secret@h')))\n"
    "trace.set_tracer_provider(p)\nFastAPIInstrumentor.instrument_app(app)\nHTTPXClientInstrumentor().instrument()\n":
        [("OpenTelemetry", "OTLPSpanExporter", "", 6), ("OpenTelemetry", "set_tracer_provider", "TracerProvider", 7),
         ("OpenTelemetry", "FastAPIInstrumentor", "instrument_app", 8),
         ("OpenTelemetry", "HTTPXClientInstrumentor", "instrument", 9)],
    "import sentry_sdk\nsentry_sdk.init(dsn='https://secret@h/1', integrations=[StarletteIntegration()], traces_sample_rate=0.1)\n":
        [("Sentry", "sentry_sdk.init", "integrations: StarletteIntegration; given dsn, integrations, traces_sample_rate", 2)],
    "import logfire\nlogfire.configure(token='secret')\nlogfire.instrument_fastapi(app)\n":
        [("Logfire", "logfire.configure", "", 2), ("Logfire", "instrument_fastapi", "", 3)],
    "from loguru import logger\nimport sys\nlogger.add(sys.stderr, serialize=True, level='INFO')\n":
        [("loguru", "logger.add", "stderr; serialize: True; level: INFO", 3)],
    "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app).expose(app)\n":
        [("Prometheus", "Instrumentator", "instrument", 2)],
    "import logging\nlog = logging.getLogger(__name__)\nlog.info('x')\nfile.write('OpenTelemetry')\n": [],
}  # fmt: skip


def test_each_form_is_one_row_with_its_place(tmp_path):
    """Processors, handlers and instrumentors by name; values such as addresses are not shown."""
    for number, (text, expected) in enumerate(MODULES.items()):
        package = tmp_path / str(number) / "x"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(text)
        found = load_package(Tree(package.parent), "x")
        rows = read_telemetry(found, DefinitionIndex.of_package(found))
        said = [(one.kind, one.name, one.detail, one.place.line) for one in rows]
        assert said == expected, text
        assert "secret" not in str(said)


def test_what_was_not_found_is_said_of_what_was_looked_for():
    """No row is no proof: the sentence names what is known."""
    facts = ImplFacts(identity=ProjectIdentity(name="x"), architecture=Architecture())
    assert "No set-up of logging" in render_telemetry(facts)
