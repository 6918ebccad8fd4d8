"""Settings, from the environment only."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of the shop; names in the environment begin with `SHOP_`."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env", extra="ignore")

    database_url: Annotated[str, Field(description="SQLAlchemy URL of the database", min_length=1)]
    payment_key: Annotated[SecretStr, Field(description="Key of the payment provider")]
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"
    pool_size: Annotated[int, Field(ge=1, le=100, description="Connections per process")] = 5
    echo_sql: bool = False


settings = Settings()
