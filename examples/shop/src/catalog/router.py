"""Operations on the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from src.catalog import service
from src.catalog.dependencies import Database, existing_product
from src.catalog.models import Product
from src.catalog.schemas import ProductIn, ProductOut

router = APIRouter(prefix="/products", tags=["catalogue"])


@router.get("", summary="Search products")
def search(
    database: Database,
    words: Annotated[str, Query(max_length=80, description="Part of the name")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[ProductOut]:
    """Return the products whose name holds the words, by name."""
    return [ProductOut.model_validate(found) for found in service.search(database, words, limit)]


@router.get(
    "/{product_id}",
    summary="Get a product",
    responses={404: {"description": "There is no such product"}},
)
def get(product: Annotated[Product, Depends(existing_product)]) -> ProductOut:
    """Return one product."""
    return ProductOut.model_validate(product)


@router.post("", summary="Add a product", status_code=status.HTTP_201_CREATED)
def add(entered: ProductIn, database: Database) -> ProductOut:
    """Add a product to the catalogue."""
    return ProductOut.model_validate(service.create(database, entered))
