from collections import defaultdict

from odoo import api, fields, models

#: (event, lines): from, to, limit, its unit, counted, to be signed
_STAGES = {
    ("order_confirmed", "make"): ("sales", "production", 1, "days", "after_event", 0),
    ("order_confirmed", "buy"): ("sales", "purchasing", 1, "days", "after_event", 0),
    ("order_confirmed", "goods"): ("sales", "warehouse", 1, "days", "after_event", 0),
    ("goods_received", "all"): (
        "purchasing",
        "warehouse",
        4,
        "hours",
        "after_event",
        0,
    ),
    ("goods_picked", "all"): ("warehouse", "logistics", 4, "hours", "after_event", 0),
    ("goods_issued", "all"): ("warehouse", "logistics", 4, "hours", "after_event", 1),
    ("goods_accepted", "all"): ("logistics", "finance", 1, "days", "after_event", 0),
    ("invoice_posted", "all"): ("finance", "sales", 1, "days", "after_event", 0),
}
#: whose work a usual department does where there is none
_STAND_INS = {"logistics": "operations"}


class ResCompany(models.Model):
    _inherit = "res.company"

    handover_lists = fields.Boolean(
        help="Departments receive from each other what an order needs, by stages with "
        "time limits, and sign for it.",
    )
    handover_coordinator_id = fields.Many2one(
        comodel_name="res.users",
        string="Handover Coordinator",
        domain=[("share", "=", False)],
        help="Is told of handovers that stay overdue. Empty: the first of the order "
        "coordinators.",
    )

    def write(self, vals):
        """EXTENDS 'base': who wants handover lists gets the usual stages."""
        result = super().write(vals)
        if vals.get("handover_lists"):
            # sudo: who may set the switch need not set up departments
            companies_sudo = self.sudo()
            for company in companies_sudo.with_context(lang="en_US"):
                company._sale_policy_create_default_departments()
            companies_sudo._handover_create_default_stages()
        return result

    def _handover_prepare(self):
        """EXTENDS: the usual stages, without effect until they are switched on."""
        result = super()._handover_prepare()
        self._handover_create_default_stages()
        return result

    def _handover_get_coordinator(self):
        """Return who follows up what departments leave: the one set, else the first."""
        self.ensure_one()
        # sudo: users need not be readable
        chosen = self.sudo().handover_coordinator_id._approval_working_for(self)
        if chosen:
            return chosen.with_env(self.env)
        group_sudo = self.env.ref("order_handover.group_officer").sudo()
        users_sudo = group_sudo.all_user_ids.filtered(lambda user: not user.share)
        return (
            users_sudo._approval_working_for(self).sorted("id")[:1].with_env(self.env)
        )

    def _handover_get_issue_locations(self):
        """Return where goods wait for the customer's signature (待签收)."""
        # sudo: whoever ships; only which locations these are
        return self.sudo().handover_acceptance_location_id

    # The usual stages -----------------------------------------------------------------

    def _handover_get_default_stages(self):
        """Return the usual stages of an order (SPEC F2); made to be extended.

        :return: {(event, which lines): (stage, code of the handing department, of the
            receiving one, time limit, its unit, how it is counted, to be signed)}
        """
        names = [
            self.env._("Order to production"),
            self.env._("Order to purchasing"),
            self.env._("Order to the warehouse"),
            self.env._("Bought goods to the warehouse"),
            self.env._("Goods ready for shipping"),
            self.env._("Issued goods to shipping"),
            self.env._("Accepted goods to finance"),
            self.env._("Invoice to sales"),
        ]
        return {
            key: (name, *rest)
            for name, (key, rest) in zip(names, _STAGES.items(), strict=True)
        }

    def _handover_create_default_stages(self, events=None):
        """Give companies without any stage the usual ones.

        Only for departments that are there; companies whose stages were archived
        have decided otherwise.

        :param events: companies with stages, but none of these, get the usual ones of
            these; for add-ons that bring events of their own
        """
        stages = self.env["order.handover.stage"].with_context(active_test=False)
        known = defaultdict(set)
        for stage in stages.search([("company_id", "in", self.ids)]):
            known[stage.company_id].add(stage.event)
        values_list = []
        # named in English first: every language translates from there
        for company in self.with_context(lang="en_US"):
            missing = set(events or ()) - known[company]
            values_list += [
                values
                for values in company._handover_prepare_default_stages()
                if not known[company] or values["event"] in missing
            ]
        if values_list:
            stages.with_context(lang="en_US").create(values_list)
            self._sale_policy_translate_defaults()

    def _handover_prepare_default_stages(self):
        """Return the values of the usual stages between departments that are there."""
        self.ensure_one()
        departments = {
            department.code.lower(): department
            for department in self.env["document.approval.department"].search(
                [("company_id", "=", self.id)]
            )
        }
        result = []
        stages = self._handover_get_default_stages().items()
        for number, ((event, lines), stage) in enumerate(stages, 1):
            name, sender, receiver, limit, unit, counted, signed = stage
            sender = self._handover_find_department(departments, sender)
            receiver = self._handover_find_department(departments, receiver)
            if sender and receiver and sender != receiver:
                result.append(
                    {
                        "company_id": self.id,
                        "sequence": number * 10,
                        "name": name,
                        "event": event,
                        "line_kind": lines,
                        "sender_department_id": sender.id,
                        "receiver_department_id": receiver.id,
                        "limit_value": limit,
                        "limit_unit": unit,
                        "limit_from": counted,
                        "requires_signature": bool(signed),
                    }
                )
        return result

    @api.model
    def _handover_find_department(self, departments, code):
        """Return the department of this code, or the one that usually stands in."""
        return departments.get(code) or departments.get(_STAND_INS.get(code))

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': stages are translated like departments."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for name, *_rest in self._handover_get_default_stages().values()),
        ]

    @api.model
    def _sale_policy_get_default_models(self):
        """EXTENDS 'sale_order_policy': the names of stages."""
        return [
            *super()._sale_policy_get_default_models(),
            ("order.handover.stage", "company_id"),
        ]
