from . import rebate_participant_add
from . import rebate_simulation
from . import rebate_simulation_line
