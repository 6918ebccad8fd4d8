"""What happens to orders."""

from fastapi import HTTPException, status
from sqlalchemy import select
from sqlalchemy.orm import Session

from src.catalog.models import Product
from src.orders.models import Order, OrderLine, OrderStatus
from src.orders.schemas import OrderIn


def place(session: Session, entered: OrderIn) -> Order:
    """Store an order at today's prices.

    Args:
        session: The request's session.
        entered: What the customer sent.

    Returns:
        The stored order.

    Raises:
        HTTPException: A product does not exist, or is sold out (409).
    """
    order = Order(email=entered.email)
    for line in entered.lines:
        product = session.get(Product, line.product_id)
        if product is None or product.stock < line.quantity:
            raise HTTPException(status.HTTP_409_CONFLICT, "Sold out")
        product.stock -= line.quantity
        order.lines.append(
            OrderLine(product_id=product.id, quantity=line.quantity, price=product.price)
        )
    session.add(order)
    session.commit()
    return order


def pay(session: Session, order: Order, key: str) -> Order:
    """Pay an order once, however often the request arrives.

    Args:
        session: The request's session.
        order: What is paid.
        key: The client's idempotency key.

    Returns:
        The paid order.

    Raises:
        HTTPException: The key was used for another order (422).
    """
    other = session.scalar(select(Order).where(Order.idempotency_key == key))
    if other is not None and other.id != order.id:
        raise HTTPException(422, "This key was used for another order")
    order.idempotency_key, order.status = key, OrderStatus.PAID
    session.commit()
    return order
