def post_init_hook(env):
    """Give companies with the usual handover stages those of purchasing."""
    companies = env["res.company"].search([])
    companies._handover_create_default_stages({"purchase_approved"})
