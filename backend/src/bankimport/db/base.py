"""Declarative base, naming convention and the columns that most tables share."""

from datetime import datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Identity, MetaData, func
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from bankimport.clock import utc_now

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), default=utc_now, server_default=func.now())]
"""Our clock sets the time; the server's clock does so for rows inserted by hand."""


def _values(words: type[Enum]) -> list[str]:
    return [str(word.value) for word in words]


class Base(DeclarativeBase):
    """Base of every table. Times are aware UTC datetimes, `dict` columns are JSONB, and enums are stored as words."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        StrEnum: EnumType(StrEnum, native_enum=False, length=24, values_callable=_values),
    }
