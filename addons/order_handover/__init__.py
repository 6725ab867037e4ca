from . import models, report, wizard
from . import controllers
from .hooks import post_init_hook, uninstall_hook
