from . import (
    sale_price_concession_close,
    sale_price_revision_sheet,
    sale_price_revision_sheet_line,
)
