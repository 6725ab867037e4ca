def post_init_hook(env):
    """Give every company the usual departments and levels, control staying off.

    Nothing is stopped by that: the switch of a company decides (DESIGN 2).
    """
    env["res.company"].search([])._sale_policy_create_default_flow()
