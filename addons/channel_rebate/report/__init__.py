from . import channel_contribution_report
from . import channel_contribution_ranking
from . import rebate_coverage_report
from . import rebate_effect_report
