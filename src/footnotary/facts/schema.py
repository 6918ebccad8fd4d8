"""The facts of a database schema, as SQLAlchemy's metadata has them."""

from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from footnotary.facts.basis import Fact, Facts, Known, Place, Read, Scope


class Column(Fact):
    """One column.

    Attributes:
        name: Its name.
        attribute: Name in the mapped class, where it differs.
        type: SQL type in the dialect.
        decorator: The project's own type class around it, or empty.
        nullable: Whether it may be NULL.
        primary_key: Whether it is part of the primary key.
        autoincrement: Whether the database numbers it.
        default: Python-side default: a safe literal, a function's name, or a word for it.
        on_update: The same on update.
        server_default: SQL of the server's default.
        computed: SQL of a generated column.
        identity: Whether it is an identity column.
        comment: The column's comment in the database.
        doc: Words about it in the code: `doc=`, or a string below the attribute.
        enum: Values, for an enum.
        enum_name: Name of the enum type.
    """

    name: str
    attribute: str = ""
    type: str
    decorator: str = ""
    nullable: bool = True
    primary_key: bool = False
    autoincrement: bool = False
    default: str = ""
    on_update: str = ""
    server_default: str = ""
    computed: str = ""
    identity: bool = False
    comment: str = ""
    doc: str = ""
    enum: tuple[str, ...] = ()
    enum_name: str = ""


class ForeignKey(Fact):
    """One foreign key.

    Attributes:
        name: Name of the constraint, or empty.
        columns: Its columns.
        table: The table it points to, with its schema.
        target_columns: The columns it points to.
        on_delete: Action, or empty.
        on_update: Action, or empty.
        deferrable: Whether it may be checked at the end of the transaction.
        use_alter: Whether it is added after both tables, to break a cycle.
    """

    name: str = ""
    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    deferrable: bool = False
    use_alter: bool = False


class Key(Fact):
    """A primary key or a unique constraint.

    Attributes:
        name: Name of the constraint, or empty.
        columns: Its columns.
    """

    name: str = ""
    columns: tuple[str, ...] = ()


class CheckConstraint(Fact):
    """A check constraint.

    Attributes:
        name: Name of the constraint, or empty.
        expression: Its SQL.
    """

    name: str = ""
    expression: str


class Index(Fact):
    """An index.

    Attributes:
        name: Its name.
        columns: Columns or SQL expressions.
        unique: Whether it is.
        where: SQL of a partial index.
        using: Access method, such as `gin`.
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    unique: bool = False
    where: str = ""
    using: str = ""


class Relationship(Fact):
    """A relationship of the mapped class.

    Attributes:
        name: Attribute's name.
        table: The other table.
        class_name: The other class.
        direction: `MANYTOONE`, `ONETOMANY` or `MANYTOMANY`.
        many: Whether the attribute is a collection.
        back_populates: Attribute at the other end.
        secondary: Association table.
        cascade: What cascades.
        viewonly: Whether it never writes.
    """

    name: str
    table: str
    class_name: str
    direction: str
    many: bool = False
    back_populates: str = ""
    secondary: str = ""
    cascade: str = ""
    viewonly: bool = False


class Exposure(Known):
    """A pydantic model that is read from a table's rows (`from_attributes`).

    Attributes:
        name: Its class.
        module: Where it is.
        place: Where it is defined.
    """

    scope: Scope = "imported"
    name: str
    module: str
    place: Place | None = None


class Revision(Known):
    """One Alembic migration.

    Attributes:
        id: Its revision.
        down: Revisions it follows: several for a merge, none for the first.
        message: First line of its docstring.
        place: Its file.
        tables: Tables that its operations name, sorted.
        history: Folder whose migrations follow each other: that of `env.py`, or of one database
            where several have migrations of their own.
    """

    id: str
    down: tuple[str, ...] = ()
    message: str = ""
    place: Place
    tables: tuple[str, ...] = ()
    history: str = ""


class Drift(Known):
    """One difference between the models and a live database.

    Attributes:
        table: Full name of the table.
        what: On which side it is.
        detail: In words.
    """

    scope: Scope = "database"
    table: str
    what: Literal["only in the models", "only in the database", "differs"]
    detail: str


class Table(Known):
    """One table.

    Attributes:
        name: Its name.
        schema_name: Its schema, or empty.
        comment: Its comment.
        class_name: The mapped class, or empty for a plain table.
        module: The class's module.
        place: Where the class is defined.
        doc: The class's docstring.
        columns: In their order.
        primary_key: Its primary key; without columns where there is none.
        foreign_keys: By name.
        uniques: By name.
        checks: By name.
        indexes: By name.
        relationships: Of the mapped class.
        classes: All classes that live in the table (inheritance).
        exposed_by: Pydantic models that show its rows.
        ddl: CREATE TABLE and CREATE INDEX in the dialect.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    schema_name: str = Field(default="", alias="schema")
    comment: str = ""
    class_name: str = ""
    module: str = ""
    place: Place | None = None
    doc: str = ""
    columns: tuple[Column, ...] = ()
    primary_key: Key = Key()
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Key, ...] = ()
    checks: tuple[CheckConstraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    classes: tuple[str, ...] = ()
    exposed_by: tuple[Exposure, ...] = ()
    ddl: str = ""

    @property
    def full_name(self) -> str:
        """Name with the schema in front."""
        return f"{self.schema_name}.{self.name}" if self.schema_name else self.name


class SchemaFacts(Facts):
    """The facts of one schema.

    Attributes:
        dialect: What the types are compiled for.
        convention: Naming convention of the metadata, by kind of constraint.
        tables: By full name.
        revisions: Alembic's, oldest first.
        heads: Revisions that none follows.
        target: `module:expression` of the metadata; empty where it was found.
        server: Version of the live database that the models were compared with.
        drift: How it differs from them.
    """

    KIND: ClassVar[str] = "schema"
    SCOPED: ClassVar[tuple[str, ...]] = ("tables",)

    kind: str = "schema"
    read: Read = Read(how="imported")
    dialect: str = ""
    convention: dict[str, str] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    revisions: tuple[Revision, ...] = ()
    heads: tuple[str, ...] = ()
    target: str = ""
    server: str = ""
    drift: tuple[Drift, ...] = ()
