"""What databases say of themselves, brought into one form, so that two can be compared."""

from footnotary.probe.catalogs.entries import Entry
from footnotary.probe.catalogs.mysql import mysql_entries
from footnotary.probe.catalogs.postgresql import postgresql_entries
from footnotary.probe.catalogs.sqlite import sqlite_entries

__all__ = ["Entry", "mysql_entries", "postgresql_entries", "sqlite_entries"]
