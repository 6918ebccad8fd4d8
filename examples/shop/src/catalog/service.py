"""What the catalogue does."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from src.catalog.models import Product
from src.catalog.schemas import ProductIn


def search(session: Session, words: str, limit: int) -> list[Product]:
    """Return products whose name holds the words.

    Args:
        session: The request's session.
        words: Part of the name; empty for all.
        limit: How many at most.

    Returns:
        Products by name.
    """
    query = select(Product).where(Product.name.icontains(words)).order_by(Product.name)
    return list(session.scalars(query.limit(limit)))


def create(session: Session, entered: ProductIn) -> Product:
    """Store a new product.

    Args:
        session: The request's session.
        entered: What the owner entered.

    Returns:
        The stored product, with its id.
    """
    product = Product(**entered.model_dump())
    session.add(product)
    session.commit()
    return product
