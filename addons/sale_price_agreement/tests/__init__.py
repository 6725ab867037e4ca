from . import test_concession, test_concession_gate, test_price_revision
