"""The facts of a database schema, as SQLAlchemy's metadata has them."""

from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from footnotary.facts.basis import Fact, Facts, KnownFact, Place, Read, Scope


class Numbering(Fact):
    """How a database numbers a column.

    Attributes:
        kind: `always` and `by default` are identities (ISO/IEC 9075-2), `sequence` is one of the
            user's own.
        name: Name of the sequence, or empty.
        options: What else is told: `start`, `increment`, `minvalue`, `maxvalue`, `cycle` …
    """

    kind: Literal["always", "by default", "sequence"]
    name: str = ""
    options: dict[str, str] = Field(default_factory=dict)


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
        generated: Where a generated column's values are: `stored`, or `virtual` (made when read).
        numbering: Its identity or sequence.
        collation: Its collation, or empty.
        options: What only this dialect knows, such as SQLite's `on_conflict_unique`.
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
    generated: Literal["", "stored", "virtual"] = ""
    numbering: Numbering | None = None
    collation: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    comment: str = ""
    doc: str = ""
    enum: tuple[str, ...] = ()
    enum_name: str = ""


class Constraint(Fact):
    """What every kind of constraint has.

    Attributes:
        name: Its name, or empty.
        deferrable: Whether it may be checked at the end of the transaction.
        initially: `DEFERRED` where it is checked then unless told otherwise, else empty.
        comment: Its comment.
        options: What only this dialect knows, such as PostgreSQL's `nulls_not_distinct`.
    """

    name: str = ""
    deferrable: bool = False
    initially: str = ""
    comment: str = ""
    options: dict[str, str] = Field(default_factory=dict)


class ForeignKey(Constraint):
    """One foreign key.

    Attributes:
        columns: Its columns.
        table: The table it points to, with its schema.
        target_columns: The columns it points to.
        on_delete: Action, or empty.
        on_update: Action, or empty.
        match: How a key with NULLs is compared (`FULL`), or empty.
        use_alter: Whether it is added after both tables, to break a cycle.
    """

    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    match: str = ""
    use_alter: bool = False


class Key(Constraint):
    """A primary key or a unique constraint.

    Attributes:
        columns: Its columns.
        include: Columns that its index holds besides.
    """

    columns: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


class CheckConstraint(Constraint):
    """A check constraint."""

    expression: str


class Exclusion(Constraint):
    """An exclusion constraint: no two rows for which all its operators are true.

    Attributes:
        elements: Column or expression, operator class and operator: `during WITH &&`.
        where: SQL of the rows that it is about.
        using: Access method, such as `gist`.
    """

    elements: tuple[str, ...]
    where: str = ""
    using: str = ""


class TableIndex(Fact):
    """An index.

    Attributes:
        name: Its name.
        columns: Columns or SQL expressions, with operator class and order.
        unique: Whether it is.
        where: SQL of a partial index.
        using: Access method, such as `gin`.
        include: Columns that it holds besides.
        options: What only this dialect knows, such as PostgreSQL's `with`.
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    unique: bool = False
    where: str = ""
    using: str = ""
    include: tuple[str, ...] = ()
    options: dict[str, str] = Field(default_factory=dict)


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


class Exposure(KnownFact):
    """A pydantic model that is read from a table's rows (`from_attributes`)."""

    scope: Scope = "imported"
    name: str
    module: str
    place: Place | None = None


class Revision(KnownFact):
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


class Drift(KnownFact):
    """One difference between the models and a live database, or what the migrations build up."""

    scope: Scope = "database"
    table: str
    what: Literal["only in the models", "only in the database", "only in the migrations", "differs"]
    detail: str


class Relation(KnownFact):
    """What a table and a view have in common.

    Attributes:
        name: Its name.
        schema_name: Its schema, or empty.
        comment: Its comment.
        class_name: The mapped class, or empty for one without.
        module: The class's module.
        place: Where the class is defined.
        doc: The class's docstring.
        columns: In their order.
        ddl: The statements that make it, in the dialect.
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
    ddl: str = ""

    @property
    def full_name(self) -> str:
        """Name with the schema in front."""
        return f"{self.schema_name}.{self.name}" if self.schema_name else self.name


class Table(Relation):
    """One table.

    Attributes:
        primary_key: Its primary key; without columns where there is none.
        foreign_keys: By name.
        uniques: By name.
        checks: By name.
        exclusions: By name.
        indexes: By name.
        options: What only this dialect knows, such as SQLite's `strict`.
        relationships: Of the mapped class.
        classes: All classes that live in the table (inheritance).
        exposed_by: Pydantic models that show its rows.
    """

    scope: Scope = "imported"
    primary_key: Key = Key()
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Key, ...] = ()
    checks: tuple[CheckConstraint, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[TableIndex, ...] = ()
    options: dict[str, str] = Field(default_factory=dict)
    relationships: tuple[Relationship, ...] = ()
    classes: tuple[str, ...] = ()
    exposed_by: tuple[Exposure, ...] = ()


class View(Relation):
    """One view: rows that are read out of tables.

    Attributes:
        materialized: Whether its rows are kept, and made anew when told.
        definition: The SELECT; empty where it is not known.
        depends_on: Tables and views that it reads, sorted.
    """

    materialized: bool = False
    definition: str = ""
    depends_on: tuple[str, ...] = ()


class SchemaFacts(Facts):
    """The facts of one schema.

    Attributes:
        dialect: What the types are compiled for.
        convention: Naming convention of the metadata, by kind of constraint.
        tables: By full name.
        views: By full name.
        revisions: Alembic's, oldest first.
        heads: Revisions that none follows.
        replayed: Whether the revisions were followed, so that the next two fields mean something.
        unmigrated: How what the revisions build up differs from the models.
        unreplayed: What of the revisions could not be followed, as sentences.
        target: `module:expression` of the metadata; empty where it was found.
        server: Version of the live database that the models were compared with.
        compared: What of the database was compared, and how, as a sentence.
        drift: How it differs from the models.
        not_compared: What of it could not be judged, as sentences.
    """

    KIND: ClassVar[str] = "schema"
    SCOPED: ClassVar[tuple[str, ...]] = ("tables", "views")
    # Of a database, whose address is not remembered: the code alone cannot contradict it.
    VOLATILE: ClassVar[frozenset[str]] = frozenset({"server", "compared", "drift", "not_compared"})

    kind: str = "schema"
    read: Read = Read(how="imported")
    dialect: str = ""
    convention: dict[str, str] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    revisions: tuple[Revision, ...] = ()
    heads: tuple[str, ...] = ()
    replayed: bool = False
    unmigrated: tuple[Drift, ...] = ()
    unreplayed: tuple[str, ...] = ()
    target: str = ""
    server: str = ""
    compared: str = ""
    drift: tuple[Drift, ...] = ()
    not_compared: tuple[str, ...] = ()
