import json
import logging

import psycopg2

from odoo import models

_logger = logging.getLogger(__name__)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _handover_get_shipping_header(self):
        """EXTENDS 'order_handover': the salesperson confirms the carrier too."""
        # sudo: carriers the user may not see; always by their untranslated name
        carrier = self.sudo().with_context(lang=None).carrier_id
        return {
            **super()._handover_get_shipping_header(),
            "carrier": carrier.name or "",
        }

    def _handover_get_labels(self):
        """EXTENDS 'order_handover': the carrier."""
        return {**super()._handover_get_labels(), "carrier": self.env._("carrier")}

    def _handover_get_tracking_url(self):
        """Return the web page that tracks the transfer, or "".

        Carriers' own code tells it: what fails there is logged and stops nobody. Of
        several parcels, the page of the first; links other than to web pages are left
        out.
        """
        self.ensure_one()
        if not self.carrier_tracking_ref:
            return ""
        try:
            # alone: else one carrier that fails fails for all that are computed
            url = self.with_prefetch().carrier_tracking_url or ""
            if url.startswith("["):  # [[reference, link], …] of several parcels
                url = next((link for _name, link in json.loads(url) if link), "")
            is_page = url.startswith(("https://", "http://"))
        except psycopg2.Error:  # the transaction is lost
            raise
        except Exception:
            _logger.exception("No tracking link of %s", self.name)
            return ""
        return url if is_page else ""
