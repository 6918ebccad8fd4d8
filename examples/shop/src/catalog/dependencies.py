"""Dependencies of the catalogue's operations."""

from typing import Annotated

from fastapi import Depends, HTTPException, Path, status
from sqlalchemy.orm import Session

from src.catalog.models import Product
from src.core.database import session

Database = Annotated[Session, Depends(session)]


def existing_product(
    product_id: Annotated[int, Path(ge=1, description="The product's id")], database: Database
) -> Product:
    """Return the product of the path.

    Raises:
        HTTPException: There is none (404).
    """
    product = database.get(Product, product_id)
    if product is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such product")
    return product
