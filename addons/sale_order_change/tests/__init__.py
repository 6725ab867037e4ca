from . import (
    test_change_apply,
    test_change_attacks,
    test_change_cancel,
    test_change_portal,
    test_change_prices,
    test_change_property,
    test_change_sheets,
    test_change_transfers,
)
