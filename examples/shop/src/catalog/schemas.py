"""What the catalogue's operations take and give."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ProductIn(BaseModel):
    """A product as the owner enters it."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    sku: Annotated[str, Field(min_length=1, max_length=32, description="Stock keeping unit")]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    price: Annotated[Decimal, Field(ge=0, decimal_places=2, description="Gross, in euros")]
    category_id: int | None = None


class ProductOut(BaseModel):
    """A product as the shop shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    sku: str
    name: str
    price: Decimal
    stock: Annotated[int, Field(ge=0, description="Pieces that can be ordered now")]
    category_id: int | None
