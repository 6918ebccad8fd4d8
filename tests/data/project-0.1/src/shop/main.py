"""The application."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Shop", version="1.4.0")


class Item(BaseModel):
    """What is sold."""

    id: int
    name: str


@app.get("/items/{item_id}")
def read_item(item_id: int) -> Item:
    """Return an item."""
    if item_id < 1:
        raise HTTPException(status_code=404, detail="no such item")
    return Item(id=item_id, name="lamp")


@app.post("/items", status_code=201)
def create_item(item: Item) -> Item:
    """Keep an item."""
    return item
