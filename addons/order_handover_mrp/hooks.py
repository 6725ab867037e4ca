def post_init_hook(env):
    """Give companies with the usual handover stages those of production."""
    companies = env["res.company"].search([])
    companies._handover_create_default_stages({"production_done"})
