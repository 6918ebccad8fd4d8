"""The facts of a database schema, as SQLAlchemy's metadata has them."""

from typing import ClassVar

from pydantic import ConfigDict, Field

from footnotary.facts.basis import Fact, Facts, Place


class Column(Fact):
    """One column.

    Attributes:
        name: Its name.
        type: SQL type in the dialect.
        nullable: Whether it may be NULL.
        primary_key: Whether it is part of the primary key.
        default: Python-side default: a number, a function's name, or the name of a type.
        server_default: SQL of the server's default.
        computed: SQL of a generated column.
        identity: Whether it is an identity column.
        comment: Comment or doc.
        enum: Values, for an enum.
        enum_name: Name of the enum type.
    """

    name: str
    type: str
    nullable: bool = True
    primary_key: bool = False
    default: str = ""
    server_default: str = ""
    computed: str = ""
    identity: bool = False
    comment: str = ""
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
    """

    name: str = ""
    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""


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
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    unique: bool = False
    where: str = ""


class Relationship(Fact):
    """A relationship of the mapped class.

    Attributes:
        name: Attribute's name.
        table: The other table.
        class_name: The other class.
        direction: `MANYTOONE`, `ONETOMANY` or `MANYTOMANY`.
    """

    name: str
    table: str
    class_name: str
    direction: str


class Table(Fact):
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

    @property
    def full_name(self) -> str:
        """Name with the schema in front."""
        return f"{self.schema_name}.{self.name}" if self.schema_name else self.name


class SchemaFacts(Facts):
    """The facts of one schema.

    Attributes:
        dialect: What the types are compiled for.
        convention: Naming convention of the metadata, by kind of constraint.
        tables: In the order of their dependencies.
    """

    KIND: ClassVar[str] = "schema"

    kind: str = "schema"
    dialect: str = ""
    convention: dict[str, str] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
