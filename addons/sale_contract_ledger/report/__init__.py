from . import sale_contract_ledger
