from . import test_optional_lines
