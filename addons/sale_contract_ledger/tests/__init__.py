from . import (
    test_archive,
    test_contract,
    test_contract_attack,
    test_ledger,
    test_order_gate,
    test_portal,
)
