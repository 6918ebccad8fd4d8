"""What the orders' operations take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from src.orders.models import OrderStatus


class LineIn(BaseModel):
    """One product to order."""

    product_id: int
    quantity: Annotated[int, Field(ge=1, le=99)] = 1


class OrderIn(BaseModel):
    """An order as the customer sends it."""

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    lines: Annotated[list[LineIn], Field(min_length=1)]


class OrderOut(BaseModel):
    """An order as the shop shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    status: OrderStatus
    created_at: datetime
