from .acceptance_hooks import uninstall_acceptance
from .models.handover_list_history import export_handover_lists
from .uninstall_shipping import leave_shipping_and_exceptions


def post_init_hook(env):
    """Prepare every company; nothing of an existing order changes by that."""
    env["res.company"].search([])._handover_prepare()


def uninstall_hook(env):
    """Leave Odoo's documents whole, and the history with the orders."""
    export_handover_lists(env)
    uninstall_acceptance(env)
    leave_shipping_and_exceptions(env)
