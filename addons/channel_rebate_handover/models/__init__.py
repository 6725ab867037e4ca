from . import channel_scorecard_criterion
