from . import test_assessment
from . import test_assessment_books
from . import test_assessment_cron
from . import test_assessment_points
from . import test_contribution
from . import test_rectification
