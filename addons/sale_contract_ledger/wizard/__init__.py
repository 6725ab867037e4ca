from . import sale_contract_draft, sale_contract_scan
