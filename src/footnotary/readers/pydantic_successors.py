"""What Pydantic v2 puts in the place of v1's names, by its migration guide."""

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
}
ATTRIBUTES = {
    "__fields__": "model_fields",
    "__fields_set__": "model_fields_set",
    "__private_attributes__": "__pydantic_private__",
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
    "generics.GenericModel": "BaseModel with Generic[T]",
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
}
FIELD_ARGUMENTS = {
    "regex": "pattern",
    "min_items": "min_length",
    "max_items": "max_length",
    "allow_mutation": "frozen (with the opposite value)",
    "const": "a Literal type",
    "unique_items": "a set type",
    "env": "validation_alias (pydantic-settings)",
}
