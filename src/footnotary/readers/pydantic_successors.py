"""What Pydantic v2 puts in the place of v1's names, by its migration guide."""

# ruff: noqa: SIM905  a list of one word a line would bury the code

# Methods of BaseModel (migration guide, "Changes to pydantic.BaseModel").
METHODS = {
    "dict": "model_dump()",
    "json": "model_dump_json()",
    "copy": "model_copy()",
    "construct": "model_construct()",
    "from_orm": "model_validate(…), with from_attributes=True in model_config",
    "parse_obj": "model_validate(…)",
    "parse_raw": "model_validate_json(…)",
    "parse_file": "model_validate_json(path.read_text())",
    "schema": "model_json_schema()",
    "schema_json": "json.dumps(model_json_schema())",
    "validate": "model_validate(…)",
    "update_forward_refs": "model_rebuild()",
    "__try_update_forward_refs__": "model_rebuild()",
}
ATTRIBUTES = {
    "__fields__": "model_fields",
    "__fields_set__": "model_fields_set",
    "__private_attributes__": "__pydantic_private__",
    "__config__": "model_config",
    "__validators__": "__pydantic_decorators__",
}
# Names of the pydantic package.
FUNCTIONS = {
    "validator": "field_validator, with @classmethod and mode='before' for pre=True",
    "root_validator": "model_validator(mode='before') or model_validator(mode='after')",
    "validate_arguments": "validate_call",
    "parse_obj_as": "TypeAdapter(T).validate_python(…)",
    "parse_raw_as": "TypeAdapter(T).validate_json(…)",
    "parse_file_as": "TypeAdapter(T).validate_json(path.read_text())",
    "schema_of": "TypeAdapter(T).json_schema()",
    "schema_json_of": "json.dumps(TypeAdapter(T).json_schema())",
    "BaseSettings": "from pydantic_settings import BaseSettings",
    "PyObject": "ImportString",
    "GenericModel": "BaseModel with Generic[T]",
    "conint": "Annotated[int, Field(ge=…, le=…)]",
    "confloat": "Annotated[float, Field(gt=…, lt=…)]",
    "condecimal": "Annotated[Decimal, Field(max_digits=…)]",
    "constr": "Annotated[str, StringConstraints(min_length=…, pattern=…)]",
    "conbytes": "Annotated[bytes, Field(min_length=…)]",
    "conlist": "Annotated[list[T], Field(min_length=…)]",
    "conset": "Annotated[set[T], Field(min_length=…)]",
    "confrozenset": "Annotated[frozenset[T], Field(min_length=…)]",
    "condate": "Annotated[date, Field(gt=…)]",
}
# Keys of class Config (migration guide, "Changes to config").
SETTINGS = {
    "orm_mode": "from_attributes",
    "allow_mutation": "frozen (with the opposite value)",
    "allow_population_by_field_name": "populate_by_name",
    "anystr_lower": "str_to_lower",
    "anystr_upper": "str_to_upper",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "keep_untouched": "ignored_types",
    "max_anystr_length": "str_max_length",
    "min_anystr_length": "str_min_length",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
    "copy_on_model_validation": "nothing: it was removed",
    "fields": "Field(alias=…) on each field",
    "getter_dict": "nothing: use a model_validator",
    "json_loads": "nothing: it was removed",
    "json_dumps": "nothing: it was removed",
    "json_encoders": "field_serializer",
    "smart_union": "nothing: unions are smart by default",
    "underscore_attrs_are_private": "nothing: they always are",
    "error_msg_templates": "nothing: raise PydanticCustomError",
    "post_init_call": "nothing: it was removed",
}
FIELD_ARGUMENTS = {
    "regex": "pattern",
    "min_items": "min_length",
    "max_items": "max_length",
    "allow_mutation": "frozen (with the opposite value)",
    "const": "a Literal type",
    "unique_items": "a set type",
    "env": "validation_alias (pydantic-settings)",
    "include": "exclude on the other fields",
    "extra": "extra in model_config",
}
# Arguments of Field that v2 has; every other one is a free keyword, which v2 deprecates.
FIELD_KEPT = frozenset(
    """
    default default_factory alias alias_priority validation_alias serialization_alias title
    field_title_generator description examples exclude exclude_if discriminator deprecated
    json_schema_extra frozen validate_default repr init init_var kw_only pattern strict
    coerce_numbers_to_str gt ge lt le multiple_of allow_inf_nan max_digits decimal_places
    min_length max_length union_mode fail_fast
    """.split()
)
# Methods that v1 called on any class.
HOOKS = {
    "__get_validators__": "__get_pydantic_core_schema__",
    "__modify_schema__": "__get_pydantic_json_schema__",
}
# Modules whose names the package itself has, too, or had.
HOMES = frozenset(
    ("", "tools", "class_validators", "decorator", "types", "main", "generics", "env_settings",
     "deprecated.tools", "deprecated.class_validators", "deprecated.decorator")
)  # fmt: skip
# Names that moved or were dropped, by path below the package.
_MOVED = {
    "Extra": "the words 'allow', 'forbid' and 'ignore'",
    "config.Extra": "the words 'allow', 'forbid' and 'ignore'",
    "BaseConfig": "ConfigDict",
    "config.BaseConfig": "ConfigDict",
    "json.pydantic_encoder": "pydantic_core.to_jsonable_python",
    "json.custom_pydantic_encoder": "pydantic_core.to_jsonable_python",
    "json.timedelta_isoformat": "pydantic_core.to_jsonable_python",
    "error_wrappers.ValidationError": "from pydantic import ValidationError",
    "utils.to_camel": "pydantic.alias_generators.to_pascal",
    "utils.to_lower_camel": "pydantic.alias_generators.to_camel",
    "utils.version_info": "pydantic.version.version_info",
    "fields.ModelField": "FieldInfo",
    "fields.Undefined": "pydantic_core.PydanticUndefined",
    "Required": "no default, or ...",
    "stricturl": "Annotated[AnyUrl, UrlConstraints(…)]",
    "NoneStr": "str | None",
    "NoneBytes": "bytes | None",
    "StrBytes": "str | bytes",
    "NoneStrBytes": "str | bytes | None",
    "PaymentCardNumber": "pydantic_extra_types.payment",
    "color.Color": "pydantic_extra_types.color.Color",
    "create_model_from_namedtuple": "TypeAdapter(T)",
    "create_model_from_typeddict": "TypeAdapter(T)",
}
_REMOVED_MODULES = ("datetime_parse", "error_wrappers", "parse", "schema", "typing", "utils",
                    "validators", "annotated_types")  # fmt: skip
_DEPRECATED_ERRORS = ("PydanticTypeError", "PydanticValueError")


def what_became_of(path: str) -> str:
    """Return what to write for a name of v1; nothing for one that v2 has.

    Args:
        path: Below the pydantic package, such as `config.Extra`.
    """
    module, _, name = path.rpartition(".")
    if path in _MOVED:
        return _MOVED[path]
    if name.startswith("Constrained") and name != "Constrained":
        return "Annotated[T, Field(…)]"
    if module == "errors" and (name in _DEPRECATED_ERRORS or not name.startswith("Pydantic")):
        return "pydantic_core.PydanticCustomError"
    return "nothing: it was removed" if module in _REMOVED_MODULES else ""
