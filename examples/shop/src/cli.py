"""Everything an operator does is a command."""

import typer

from src.core.database import Base, engine

app = typer.Typer(help="Operate the shop.")


@app.command()
def create_tables() -> None:
    """Create the tables that are missing."""
    Base.metadata.create_all(engine())


@app.command()
def dev(port: int = 8000) -> None:
    """Start the development server with hot reload."""
    import uvicorn

    uvicorn.run("src.main:app", reload=True, port=port)
