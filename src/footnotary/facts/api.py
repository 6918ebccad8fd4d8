"""The facts of an API: what its OpenAPI document and its handlers say.

Types are text for readers, in which a model's name is in braces: `array of {Product} | null`.
Beside each is its shape, which is what is compared: JSON Schema 2020-12 in normal form
(`facts.shapes`), references kept as JSON Pointers into the document.
"""

from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field

from footnotary.facts.basis import Fact, Facts, KnownFact, Place, Read
from footnotary.facts.stored import as_addressed, as_named

StoredShape: TypeAlias = dict[str, Any] | bool | None
"""A schema in normal form; None in facts of an older form, which kept display text alone."""
# Fields that facts have since schemas are kept; headers had names alone before.
_SHAPES = frozenset({
    "shape", "schemas", "style", "explode", "stream", "encoding", "requirements",
    "headers", "callbacks", "servers", "closed",
})  # fmt: skip
FORM = 2
_LATER = frozenset({"form", "details", "allows", "unfollowed", "max_body"})


class ServerVariable(Fact):
    """One variable of a server's address.

    Attributes:
        name: As it is in braces in the address.
        default: Its value where nobody says otherwise.
        values: All that it may be; or none.
        description: The author's words.
    """

    name: str
    default: str = ""
    values: tuple[str, ...] = ()
    description: str = ""


class Server(Fact):
    """Where an API is.

    Attributes:
        url: Its address, credentials removed, variables in braces.
        name: Its name (OpenAPI 3.2).
        description: The author's words.
        variables: What is in braces.
    """

    url: str
    name: str = ""
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()

    @property
    def filled(self) -> str:
        """The address with each variable at its default."""
        found = self.url
        for one in self.variables:
            found = found.replace("{" + one.name + "}", one.default)
        return found


class ModelField(Fact):
    """One value that is sent or given by name: a field of a model, a parameter, a header.

    Attributes:
        name: As it is sent.
        type: Its type.
        required: Whether it must be there.
        default: JSON of its default, or empty.
        limits: Bounds, pattern, format …, as text.
        description: The author's words.
        deprecated: Whether it is.
    """

    name: str
    type: str = ""
    required: bool = False
    default: str = ""
    limits: str = ""
    description: str = ""
    deprecated: bool = False


class Header(ModelField):
    """One header of a response.

    Attributes:
        media_type: How its value is written, where a media type says so; or empty.
        shape: Its schema.
    """

    media_type: str = ""
    shape: StoredShape = None


class Parameter(Header):
    """One parameter of an operation.

    Attributes:
        where: `path`, `query`, `header` or `cookie`.
        style: How an array or object is written, such as `form` or `deepObject`.
        explode: Whether each value of an array or object is written by itself.
        allows: What is allowed besides: `empty value`, `reserved characters`.
    """

    where: str
    style: str = ""
    explode: bool = False
    allows: tuple[str, ...] = ()


class Content(Fact):
    """One media type of a body.

    Attributes:
        media_type: Such as `application/json`.
        type: Its type; that of one item, for a stream.
        stream: Whether it is a sequence of items (`itemSchema`), such as server-sent events.
        shape: Its schema; that of one item, for a stream.
        encoding: How the fields of a form are written, by field.
    """

    media_type: str
    type: str
    stream: bool = False
    shape: StoredShape = None
    encoding: dict[str, Any] = Field(default_factory=dict)


class ResponseFacts(Fact):
    """One response.

    Attributes:
        status: Status code, `4XX` or `default`.
        description: The author's words.
        contents: Its bodies.
        headers: Its headers.
    """

    status: str
    description: str = ""
    contents: tuple[Content, ...] = ()
    headers: tuple[Annotated[Header, BeforeValidator(as_named)], ...] = ()


class HandlerDependency(Fact):
    """One dependency of a handler, with those below it."""

    name: str
    place: Place | None = None
    scopes: tuple[str, ...] = ()
    dependencies: tuple["HandlerDependency", ...] = ()


class Raised(KnownFact):
    """A status that the code raises and the document does not declare.

    Attributes:
        status: The status code.
        detail: The literal message, or empty.
        place: Where it is raised.
        by: Name of the function that raises it.
    """

    status: int
    detail: str = ""
    place: Place
    by: str = ""


class Handler(HandlerDependency):
    """The function behind an operation."""

    doc: str = ""


class Operation(KnownFact):
    """One operation: a method on a path.

    Attributes:
        method: In upper case.
        path: With its parameters in braces.
        id: operationId, or empty.
        summary: The author's words.
        description: The author's words.
        tags: In their order.
        deprecated: Whether it is.
        security: Alternatives; each names schemes and scopes, such as `bearer (read)`; the
            empty text is an alternative that asks for nothing.
        requirements: The same alternatives: scopes by scheme.
        parameters: Path parameters first.
        body: What it takes.
        body_required: Whether it must be sent.
        has_example: Whether the author gave an example of the body, in it or in its model.
        responses: What it gives.
        servers: Where it is, where that is not where the whole API is.
        callbacks: What it calls back.
        handler: The function behind it, where the application was imported.
        undeclared: Statuses raised but not declared.
        unfollowed: What may raise others: what was not followed, and places that are not known.
        max_body: Bytes that a body may have at most, where the application says so.
        closed: Where parameters that are not declared are refused: `query`, `header`, `cookie`.
        remarks: What the document says and the code beside it contradicts, as sentences.
        webhook: Whether it is one that this API calls.
    """

    method: str
    path: str
    id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    security: tuple[str, ...] = ()
    requirements: tuple[dict[str, tuple[str, ...]], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Content, ...] = ()
    body_required: bool = False
    has_example: bool = False
    responses: tuple[ResponseFacts, ...] = ()
    servers: tuple[Server, ...] = ()
    callbacks: tuple[Annotated["Callback", BeforeValidator(as_named)], ...] = ()
    handler: Handler | None = None
    undeclared: tuple[Raised, ...] = ()
    unfollowed: tuple[str, ...] = ()
    max_body: int | None = None
    closed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    webhook: bool = False


class Callback(Fact):
    """Requests that the API makes to an address that its caller gave.

    Attributes:
        name: Its key.
        operations: What is called; their paths are runtime expressions.
    """

    name: str
    operations: tuple[Operation, ...] = ()


class ApiModel(KnownFact):
    """One schema of the document's components.

    Attributes:
        name: Its key.
        type: Its own type, such as `object` or `string`.
        limits: Its own bounds, whether it takes other fields, what tells its members apart.
        description: The author's words.
        fields: Its properties.
        values: Its values, for an enum.
        used_by: Operations that take or give it, as `GET /path`.
        within: Models that have it as a part.
        class_name: Module and qualified name of its class, where the application was imported.
        place: Where the class is defined.
        deprecated: Whether it is.
    """

    name: str
    type: str = "object"
    limits: str = ""
    description: str = ""
    fields: tuple[ModelField, ...] = ()
    values: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    class_name: str = ""
    place: Place | None = None
    deprecated: bool = False


class SecurityScheme(KnownFact):
    """One way to authenticate.

    Attributes:
        name: Its key.
        type: Such as `http bearer` or `apiKey in header X-Key`.
        description: The author's words.
        deprecated: Whether it is (OpenAPI 3.2).
        details: Addresses, scopes and form, each with its name: `password.tokenUrl` …
    """

    name: str
    type: str
    description: str = ""
    deprecated: bool = False
    details: tuple[tuple[str, str], ...] = ()


class Endpoint(KnownFact):
    """A WebSocket or a mounted application.

    Attributes:
        path: Its path.
        what: What serves it.
        place: Where it is defined.
        operations: Those of a mounted FastAPI application, as `GET /mount/path`.
    """

    path: str
    what: str = ""
    place: Place | None = None
    operations: tuple[str, ...] = ()


class ApplicationPart(KnownFact):
    """A middleware, an exception handler, or a function of the lifespan.

    Attributes:
        name: Module and qualified name.
        place: Where it is defined.
        detail: Names of a middleware's options; what a handler catches; the first
            paragraph of a lifespan function's docstring.
    """

    name: str
    place: Place | None = None
    detail: str = ""


class ApiFacts(Facts):
    """The facts of one API.

    Attributes:
        title: Title of the document.
        version: Version of the API.
        description: The author's words.
        openapi: Version of the specification.
        servers: Where it is.
        security: Its security schemes.
        tags: Declared tags with their descriptions, by name.
        tags_in: The tag that a tag belongs to, by name (OpenAPI 3.2).
        operations: In the document's order, webhooks last.
        models: By name.
        websockets: Which no OpenAPI document shows.
        mounts: Applications mounted below a path.
        hidden: Routes left out of the document, as `GET /path`.
        middleware: Outermost first.
        handlers: Exception handlers of the application's own.
        lifespan: What runs at start and end.
        form: Which fields there are: those in `_LATER` since form 2.
        schemas: Every schema that is referred to, by its JSON Pointer; None in facts of an
            older form, of which no schemas are compared.
        unsaid: Limits that a model's class holds its fields to and the document does not say, by
            model and field; None where no class was asked.
        target: What was read: `module:attribute`, or the document's file.
        others: Other applications in the project, as `--app` takes them.
        document: The whole OpenAPI document; not part of the facts on disk.
    """

    KIND: ClassVar[str] = "api"
    SCOPED: ClassVar[tuple[str, ...]] = (
        "security", "operations", "models", "websockets", "mounts", "middleware", "handlers",
        "lifespan",
    )  # fmt: skip

    kind: str = "api"
    read: Read = Read(how="document")
    title: str = ""
    version: str = ""
    description: str = ""
    openapi: str = ""
    servers: tuple[Annotated[Server, BeforeValidator(as_addressed)], ...] = ()
    security: tuple[SecurityScheme, ...] = ()
    tags: dict[str, str] = Field(default_factory=dict)
    tags_in: dict[str, str] = Field(default_factory=dict)
    operations: tuple[Operation, ...] = ()
    models: tuple[ApiModel, ...] = ()
    websockets: tuple[Endpoint, ...] = ()
    mounts: tuple[Endpoint, ...] = ()
    hidden: tuple[str, ...] = ()
    middleware: tuple[ApplicationPart, ...] = ()
    handlers: tuple[ApplicationPart, ...] = ()
    lifespan: tuple[ApplicationPart, ...] = ()
    form: int = 1
    schemas: dict[str, StoredShape] | None = None
    unsaid: dict[str, dict[str, str]] | None = None
    target: str = ""
    others: tuple[str, ...] = ()
    document: dict[str, Any] = Field(default_factory=dict, exclude=True)

    def lacking(self) -> frozenset[str]:
        """Return fields, at any depth, that facts of an older form do not have."""
        found = _SHAPES if self.schemas is None else frozenset()
        found |= {"unsaid"} if self.unsaid is None else frozenset()
        return found | _LATER if self.form < FORM else found
