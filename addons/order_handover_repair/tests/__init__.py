from . import test_exception_repair
