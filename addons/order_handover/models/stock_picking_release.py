import hashlib
import json

from markupsafe import Markup, escape

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class StockPicking(models.Model):
    """What exactly was confirmed, and whether it still is what leaves (SPEC H2)."""

    _inherit = "stock.picking"

    # The values ---------------------------------------------------------------------

    def _handover_get_shipping_data(self):
        """Return what the salesperson confirms: where to, when, how, and how much.

        :return: ``{"header": {name: text}, "lines": {product id: quantity}}``, both
            independent of the reader; quantities in the unit of the product
        """
        self.ensure_one()
        return {
            "header": self._handover_get_shipping_header(),
            "lines": self._handover_get_shipping_lines(),
        }

    def _handover_get_shipping_header(self):
        """Return where to, to whom and when. Made to be extended with more texts."""
        self.ensure_one()
        picking_sudo = self.sudo()  # sudo: partners the user may not see
        partner = picking_sudo.partner_id
        contact = picking_sudo.sale_id.policy_contact_id or partner
        place = (partner.street, partner.street2, partner.zip, partner.city)
        place += (partner.state_id.code, partner.country_id.code)
        zone = picking_sudo.company_id.partner_id.tz or "UTC"
        date = self.scheduled_date and fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.scheduled_date
        )
        return {
            "address": ", ".join(
                text for text in (partner.commercial_company_name, partner.name) if text
            )
            + " / "
            + ", ".join(text for text in place if text),
            "contact": contact.name or "",
            "phone": contact.phone or partner.phone or "",
            "date": date.date().isoformat() if date else "",
        }

    def _handover_get_shipping_lines(self):
        """Return what leaves, by product, in the unit of the product."""
        self.ensure_one()
        totals = {}
        # sudo: units and products of others
        moves_sudo = self.sudo().move_ids.filtered(
            lambda m: m.state != "cancel" and m.location_dest_usage != "inventory"
        )
        # once something is picked, Odoo leaves behind what is not
        picked = any(moves_sudo.mapped("picked"))
        for move in moves_sudo:
            if picked and move.state != "done":
                lines = move.move_line_ids.filtered("picked")
                quantity = sum(lines.mapped("quantity_product_uom"))
            else:
                quantity = move._handover_sum(move.product_id)
            totals[move.product_id] = totals.get(move.product_id, 0.0) + quantity
        return {
            str(product.id): f"{product.uom_id.round(quantity):.6f}".rstrip("0").rstrip(
                "."
            )
            for product, quantity in sorted(totals.items(), key=lambda i: i[0].id)
            if not product.uom_id.is_zero(quantity)
        }

    def _handover_describe(self, data):
        """Return shipping data as lines of text, for who is to check them."""
        self.ensure_one()
        lines = [
            f"{label}: {data['header'].get(name) or '–'}"
            for name, label in self._handover_get_labels().items()
        ]
        ids = [int(key) for key in data["lines"]]
        for product in self.env["product.product"].browse(ids):
            quantity = data["lines"][str(product.id)]
            lines.append(
                f"{product.display_name}: {quantity} {product.uom_id.display_name}"
            )
        return "\n".join(lines)

    def _handover_get_headers(self):
        return {picking: picking._handover_get_shipping_header() for picking in self}

    def _handover_hash(self, data):
        """Return the fingerprint of shipping data of this very transfer."""
        self.ensure_one()
        text = json.dumps([self.id, data], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # What is missing ----------------------------------------------------------------

    def _handover_get_needs(self):
        """Return what has to happen before this delivery leaves: confirm, check."""
        types = self._handover_get_orders().policy_type_id
        needs = set()
        if any(types.mapped("handover_confirm_shipping")):
            needs.add("confirm")
        if any(types.mapped("handover_check_delivery")):
            needs.add("check")
        return needs

    def _handover_get_problems(self, needs, header=None):
        """Return in words what keeps the goods here, by step; the first one first.

        :param set needs: of :meth:`_handover_get_needs`
        :param dict header: to compare with in place of the present one
        """
        self.ensure_one()
        picking_sudo = self.sudo()  # sudo: who did what, for everybody concerned
        data = self._handover_get_shipping_data()
        if header is not None:
            data["header"] = header
        problems = {}
        if "confirm" in needs:
            text = picking_sudo._handover_compare("confirmed", data)
            if text:
                problems["confirm"] = text
        if "check" in needs:
            text = picking_sudo._handover_compare("checked", data)
            text = text or picking_sudo._handover_get_same_person()
            if text:
                problems["check"] = text
        return problems

    def _handover_compare(self, step, data):
        """Return why a step is missing or void; nothing when it covers ``data``."""
        user = self[f"handover_{step}_by_id"]
        if not user:
            if step == "checked":
                return self.env._(
                    "A second person, who neither confirmed nor prepared the delivery, "
                    "has to check it."
                )
            return self.env._(
                "%(salesperson)s has to confirm the shipping data.",
                salesperson=self._handover_get_salesperson_names(),
            )
        if self._handover_hash(data) == self[f"handover_{step}_fingerprint"]:
            return ""
        changes = format_list(
            self.env,
            self._handover_get_changes(self[f"handover_{step}_data"], data),
        )
        if step == "checked":
            return self.env._(
                "Changed since %(user)s checked the delivery: %(changes)s. It has to "
                "be checked again.",
                user=user.name,
                changes=changes,
            )
        return self.env._(
            "Changed since %(user)s confirmed the shipping data: %(changes)s. They "
            "have to be confirmed again.",
            user=user.name,
            changes=changes,
        )

    def _handover_get_labels(self):
        """Return ``{name: words}`` of the header. Made to be extended."""
        return {
            "address": self.env._("address"),
            "contact": self.env._("contact"),
            "phone": self.env._("phone"),
            "date": self.env._("date"),
        }

    def _handover_get_changes(self, before, now):
        """Return in words in what two sets of shipping data differ."""
        changes = [
            self.env._(
                "%(what)s (%(before)s → %(now)s)",
                what=label,
                before=before["header"].get(name) or "–",
                now=now["header"].get(name) or "–",
            )
            for name, label in self._handover_get_labels().items()
            if before["header"].get(name) != now["header"].get(name)
        ]
        ids = sorted(
            int(key)
            for key in before["lines"].keys() | now["lines"].keys()
            if before["lines"].get(key) != now["lines"].get(key)
        )
        for product in self.env["product.product"].browse(ids).exists():
            changes.append(
                self.env._(
                    "%(what)s (%(before)s → %(now)s)",
                    what=product.display_name,
                    before=before["lines"].get(str(product.id), "0"),
                    now=now["lines"].get(str(product.id), "0"),
                )
            )
        return changes or [self.env._("the transfer itself")]

    def _handover_get_same_person(self):
        """Return which two steps one person has done that take two; call as sudo."""
        checker = self.handover_checked_by_id
        if checker == self.handover_confirmed_by_id:
            return self.env._(
                "%(user)s has both confirmed and checked this delivery; somebody else "
                "has to check it.",
                user=checker.name,
            )
        if checker in self._handover_get_preparers():
            return self.env._(
                "%(user)s has both prepared and checked this delivery; somebody else "
                "has to check it.",
                user=checker.name,
            )
        return ""

    def _handover_check_release(self, header=None):
        """Refuse that this delivery has left unless it was confirmed and checked.

        :param dict header: of the shipping data as they were before
        :raise UserError: what is missing and who can do it
        """
        self.ensure_one()
        needs = self._handover_get_needs()
        if not needs:
            return
        if header is None:  # it left before: what was confirmed then still counts
            confirmed = self.sudo().handover_confirmed_data  # sudo: as below
            checked = self.sudo().handover_checked_data
            header = (confirmed or checked or {}).get("header")
        texts = list(self._handover_get_problems(needs, header).values())
        checker = self.sudo().handover_checked_by_id  # sudo: as below
        if "check" in needs and checker.id == self.env.uid != SUPERUSER_ID:
            texts.append(
                self.env._(
                    "You have checked this delivery; somebody else validates it."
                )
            )
        if texts:
            raise UserError(
                self.env._(
                    "%(picking)s (order %(order)s) cannot leave yet.\n%(problems)s",
                    picking=self.name,
                    order=format_list(
                        self.env, self._handover_get_orders().mapped("name")
                    ),
                    problems="\n".join(texts),
                )
            )

    # Telling ------------------------------------------------------------------------

    def _handover_note(self, text):
        """Note something in the history as the user, who follows nothing for that."""
        self.ensure_one()
        # sudo: who confirms or checks need not write transfers
        self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            body=Markup("<p>%s</p>") % escape(text),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _handover_ask_confirmation(self):
        """Give salespeople an activity for what is ready to be confirmed, once."""
        kind = "order_handover.mail_activity_type_shipping"
        for picking in self.filtered(lambda p: p.state == "assigned"):
            needs = picking._handover_get_needs() & {"confirm"}
            if not needs or not picking._handover_get_problems(needs):
                continue
            orders = picking._handover_get_orders()
            # sudo: a to-do of a colleague
            picking_sudo = picking.sudo().with_context(mail_activity_quick_update=True)
            for user in {order._approval_owner() for order in orders}:
                if not user or picking_sudo.activity_search([kind], user_id=user.id):
                    continue
                picking_sudo.with_context(lang=user.lang).activity_schedule(
                    kind,
                    user_id=user.id,
                    summary=self.with_context(lang=user.lang).env._(
                        "Confirm the shipping data"
                    ),
                )

    def _handover_forget_request(self):
        # sudo: the to-do may be a colleague's
        self.sudo().activity_unlink(["order_handover.mail_activity_type_shipping"])
