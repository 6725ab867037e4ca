from . import rebate_coverage_report
from . import rebate_effect_report
