from . import test_assessment_complaints
