from odoo import models
from odoo.exceptions import UserError


class CustomerCreditCollection(models.Model):
    """Notices sent by hand: the same mail the job sends, seen before (SPEC D7)."""

    _inherit = "customer.credit.collection"

    def send_notice(self, level):
        """Send the notice of a level for everything overdue, now.

        :param level: one that has a mail
        :return: the step
        :raise AccessError: not a credit officer
        :raise UserError: nothing is overdue, no address, or a notice went out today
        """
        self.ensure_one()
        self._check_worker()
        step = self.sudo()._make_notice(level.sudo())  # an officer, checked above
        if self.sudo().level_id.days < level.days or not self.sudo().level_id:
            self._put({"level_id": level.id})
        step._mail()
        self._settle_activities()
        return step

    def _make_notice(self, level):
        """Make the step with its items, and no mail yet.

        :raise UserError: as :meth:`send_notice`
        """
        day = self.account_id._get_today(self.company_id)
        rows = self._get_demand(day)
        objection = self._get_notice_objection(level, rows)
        if objection:
            raise UserError(objection)
        amount = sum(row[3] for row in rows)
        claim = (self.account_id.id, self.id, level.id, "notice", self.env.uid, amount)
        steps = self.env["customer.credit.collection.step"]._claim(
            self.company_id, day, [claim], automatic=False
        )
        if not steps:
            raise UserError(
                self.env._(
                    "%(customer)s has got a notice or an action of a level today "
                    "already. A notice can be sent tomorrow.",
                    customer=self.partner_id.display_name,
                )
            )
        step = steps[self.account_id.id]
        self.env["customer.credit.collection.item"]._keep(
            [
                (
                    step.id,
                    line,
                    level.id if days >= level.days else None,
                    due,
                    days,
                    rest,
                )
                for line, due, days, rest in rows
            ]
        )
        return step

    def _get_notice_objection(self, level, rows):
        """Return in words why no notice can be sent, or None."""
        customer = self.partner_id
        if not rows:
            return self.env._(
                "Nothing of %(customer)s is overdue.", customer=customer.display_name
            )
        if not level.template_id:
            return self.env._("Level %(level)s has no mail.", level=level.name or "–")
        if not customer._credit_get_billing_contact().email:
            return self.env._(
                "%(customer)s has no e-mail address: enter one, or call.",
                customer=customer.display_name,
            )
        return None

    def _get_preview(self, level):
        """Return the notice as it would be: recipient, sender, subject, body.

        Or the objection to sending it. Nothing of it stays.
        """
        self.check_access("read")
        case_sudo = self.sudo()  # what the user may read, in the customer's words
        savepoint = self.env.cr.savepoint()
        try:
            step = case_sudo._make_notice(level.sudo())
            template = level.sudo().template_id
            rendered = template._generate_template(step.ids, ("subject", "body_html"))
            return {
                "recipient": step.contact_id.email_formatted,
                "sender": step.sender,
                "subject": rendered[step.id]["subject"],
                "body": rendered[step.id]["body_html"],
            }
        except UserError as error:
            return {"objection": str(error)}
        finally:
            savepoint.close(rollback=True)
            for model in ("step", "item"):  # known to the cache, not kept
                name = f"customer.credit.collection.{model}"
                self.env[name].invalidate_model(flush=False)
