from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

#: what customers may send along
_ALLOWED = frozenset(
    {
        "application/pdf",
        "image/bmp",
        "image/gif",
        "image/heic",
        "image/jpeg",
        "image/png",
        "image/webp",
        "video/mp4",
    }
)
#: reports of one order a day: a customer needs few, a robot many
_MOST_A_DAY = 10


class SaleOrder(models.Model):
    """What customers see of exceptions, and how they report one (SPEC I3).

    Only what is named here leaves for the portal: no plan, no owner, no remarks.
    """

    _inherit = "sale.order"

    def _handover_get_portal_exceptions(self):
        """Return the order's exceptions as texts for its customer; call as sudo."""
        self.ensure_one()
        states = {
            "new": self.env._("Received"),
            "working": self.env._("Being settled"),
            "settled": self.env._("Being settled"),
            "closed": self.env._("Settled"),
        }
        return [
            {
                "name": exception.name,
                "kind": exception.kind_id.name,
                "date": exception.create_date,
                "delivery": exception.picking_id.name or "",
                "state": states[exception.state],
                "is_closed": exception.state == "closed",
                "text": exception.customer_text or "",
                "said": exception.description if exception.source == "portal" else "",
            }
            for exception in self.handover_exception_ids
            if exception.source == "portal"
            or exception.source == "acceptance"
            or exception.informed_on
        ]

    def _handover_get_portal_notices(self):
        """Return the notices whose file the customer may have; call as sudo."""
        self.ensure_one()
        return self.handover_notice_ids.filtered("attachment_id")

    def _handover_get_reportable_deliveries(self):
        """Return the deliveries a customer may report about; call as sudo."""
        self.ensure_one()
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state == "done"
                and any(
                    move.state == "done" and move._handover_leaves()
                    for move in picking.move_ids
                )
            )
        )

    def _handover_get_portal_kinds(self):
        """Return what a customer may report; call as sudo."""
        self.ensure_one()
        kinds = self.env["order.exception.kind"]
        return kinds.search(
            [
                ("is_portal", "=", True),
                *kinds._check_company_domain(self.company_id),
            ]
        )

    def _handover_report_exception(self, description, post, files):
        """Enter what the customer reports; call as sudo for who may see the order.

        :param str description: his words
        :param dict post: ``kind_id``, ``picking_id`` and ``quantity_<order line id>``
        :param list files: ``(name, content)``
        :return: the exception
        :raise UserError: in words for the customer
        """
        self.ensure_one()
        description = description.replace("\0", "")
        kind, picking = self._handover_check_report(description, post)
        files = self._handover_check_files(files)
        exception = self.env["order.exception"]._create_system(
            [
                {
                    "order_id": self.id,
                    "picking_id": picking.id,
                    "kind_id": kind.id,
                    "description": description.strip(),
                    "line_ids": [
                        Command.create(line) for line in self._handover_read_lines(post)
                    ],
                }
            ],
            "portal",
        )
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": exception._name,
                    "res_id": exception.id,
                    "company_id": self.company_id.id,
                }
                for name, content, mimetype in files
            ]
        )
        return exception

    def _handover_check_report(self, description, post):
        """Return kind and delivery of a report; only what belongs to this order.

        :raise UserError: in words for the customer
        """
        if not description.strip():
            raise UserError(self.env._("Please describe what is wrong."))
        if self.state != "sale":
            raise UserError(self.env._("Only confirmed orders can be reported on."))
        kind = self._handover_get_portal_kinds().filtered(
            lambda kind: str(kind.id) == post.get("kind_id")
        )
        if not kind:
            raise UserError(self.env._("Please choose what is wrong."))
        picking = self.picking_ids.browse()
        if post.get("picking_id"):
            picking = self._handover_get_reportable_deliveries().filtered(
                lambda delivery: str(delivery.id) == post["picking_id"]
            )
            if not picking:
                raise UserError(self.env._("This delivery is not one of this order."))
        self._handover_check_frequency()
        return kind, picking

    def _handover_read_lines(self, post):
        """Return the goods a customer names: only lines of this order.

        :raise UserError: for quantities that are no numbers, or above what he ordered
        """
        lines = []
        for line in self.order_line.filtered(lambda line: not line.display_type):
            text = (post.get(f"quantity_{line.id}") or "").strip()
            if not text:
                continue
            try:
                quantity = float(text.replace(",", "."))
            except ValueError:
                quantity = -1.0
            most = max(line.product_uom_qty, line.qty_delivered)
            if not 0 <= quantity <= most:
                raise UserError(
                    self.env._(
                        "%(product)s: please enter a quantity between 0 and %(most)s.",
                        product=line.product_id.display_name,
                        most=f"{most:g}",
                    )
                )
            if not line.product_uom_id.is_zero(quantity):
                lines.append({"sale_line_id": line.id, "quantity": quantity})
        return lines

    def _handover_check_files(self, files):
        """Return ``[(name, content, type)]``; the type is what the content says.

        :raise UserError: for what is neither picture, film nor PDF
        """
        checked = []
        for name, content in files:
            mimetype = guess_mimetype(content, default="application/octet-stream")
            if mimetype not in _ALLOWED:
                raise UserError(
                    self.env._(
                        "%(file)s is neither a picture nor a PDF.", file=name[:100]
                    )
                )
            name = name.replace("\0", "")[:200]
            checked.append((name, content, mimetype))
        return checked

    def _handover_check_frequency(self):
        """Refuse more reports a day than people write.

        :raise UserError: asking to call instead
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        count = self.env["order.exception"].search_count(
            [
                ("order_id", "=", self.id),
                ("source", "=", "portal"),
                ("create_date", ">", since),
            ]
        )
        if count >= _MOST_A_DAY:
            raise UserError(
                self.env._(
                    "You have reported a lot about this order today. Please call us."
                )
            )
