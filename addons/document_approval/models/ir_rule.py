from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _get_rules(self, model_name, mode="read"):
        """Keep a reviewer's rule from narrowing what he could read before.

        EXTENDS 'base'. Rules of groups are alternatives, so the rule that opens
        the documents one reviews would become the only alternative of a user whose
        other groups have access without any rule (a warehouse user, say). It is
        left out for him: he sees all documents anyway.
        """
        rules = super()._get_rules(model_name, mode=mode)
        reviewer = self.env.ref(
            "document_approval.group_reviewer", raise_if_not_found=False
        )
        if not rules or not reviewer:
            return rules
        rules_sudo = rules.sudo()
        own_sudo = rules_sudo.filtered(lambda rule: rule.groups == reviewer)
        if not own_sudo or (rules_sudo - own_sudo).groups:
            return rules
        others = set(self.env.user._get_group_ids()) - {reviewer.id}
        access_sudo = self.env["ir.model.access"].sudo()
        if access_sudo.search_count(
            [
                ("model_id.model", "=", model_name),
                (f"perm_{mode}", "=", True),
                "|",
                ("group_id", "in", list(others)),
                ("group_id", "=", False),
            ],
            limit=1,
        ):
            return rules - own_sudo.with_env(self.env)
        return rules
