from . import channel_contribution_report
from . import channel_contribution_ranking
