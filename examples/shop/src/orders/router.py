"""Operations on orders."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from fastapi.security import HTTPBearer

from src.catalog.dependencies import Database
from src.orders import service
from src.orders.models import Order
from src.orders.schemas import OrderIn, OrderOut

router = APIRouter(prefix="/orders", tags=["orders"])
bearer = HTTPBearer(description="The customer's token")


@router.post("", summary="Place an order", status_code=status.HTTP_201_CREATED)
def place(entered: OrderIn, database: Database) -> OrderOut:
    """Place an order at today's prices; what is sold out is refused as a whole."""
    return OrderOut.model_validate(service.place(database, entered))


@router.get("/{order_id}", summary="Get an order", dependencies=[Depends(bearer)])
def get(order_id: int, database: Database) -> OrderOut:
    """Return one order of the customer."""
    order = database.get(Order, order_id)
    if order is None:
        raise HTTPException(status_code=404, detail="No such order")
    return OrderOut.model_validate(order)


@router.post("/{order_id}/payment", summary="Pay an order", dependencies=[Depends(bearer)])
def pay(
    order_id: int,
    database: Database,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> OrderOut:
    """Pay an order once, however often the request arrives."""
    order = database.get(Order, order_id)
    if order is None:
        raise HTTPException(status_code=404, detail="No such order")
    return OrderOut.model_validate(service.pay(database, order, idempotency_key))
