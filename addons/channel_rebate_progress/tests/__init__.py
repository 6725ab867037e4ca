from . import test_channel_progress
