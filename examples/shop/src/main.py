"""The application: routers, error handlers and the health check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from src.catalog.router import router as catalog
from src.core.config import settings
from src.core.database import engine
from src.orders.router import router as orders


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connection pool when the process ends."""
    yield
    engine().dispose()


app = FastAPI(
    title="Shop",
    version="0.3.0",
    description="A catalogue, orders, and payment by idempotent requests.",
    lifespan=lifespan,
)
app.include_router(catalog)
app.include_router(orders)


@app.get("/health", tags=["operations"], summary="Say that the process is alive")
async def health() -> dict[str, str]:
    """Answer without touching the database; for the container's health check."""
    return {"status": "ok", "level": settings.log_level}
