"""Reading the order registration form from xlsx and csv files. No ORM in here."""

from .columns import BY_KEY, COLUMNS, Column, normalise
from .errors import SpreadsheetError
from .reader import Form, StagedRow, read_form
from .values import (
    AmbiguousValue,
    parse_date,
    parse_discount,
    parse_number,
    parse_reorder_kind,
    unit_alias,
)
