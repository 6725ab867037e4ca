import re

import werkzeug.exceptions

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_order_progress_key(cls):
        """Let in who shows an API key of his own; answer in JSON when not (SPEC F5).

        A session alone is not enough: a page of somebody else cannot make a browser
        fetch what its user may see. Keys of portal users count only while the
        database allows such keys.
        """
        header = request.httprequest.headers.get("Authorization") or ""
        if not re.match(r"bearer\s+\S", header, re.IGNORECASE):
            cls._refuse_order_progress(401, "unauthorized", "An API key is needed.")
        try:
            cls._auth_method_bearer()
        except (AccessDenied, werkzeug.exceptions.HTTPException):
            cls._refuse_order_progress(
                401, "unauthorized", "The API key is wrong, expired or revoked."
            )
        # texts in the language of the key's owner, whatever the client says it reads
        request.update_context(lang=request.env.user.lang or request.env.lang)
        # sudo: one switch of the database
        allowed = request.env["ir.config_parameter"].sudo()
        if request.env.user.share and not allowed.get_param("portal.allow_api_keys"):
            cls._refuse_order_progress(
                403, "forbidden", "Keys of portal users are switched off here."
            )

    @classmethod
    def _refuse_order_progress(cls, status, code, message):
        """End the request with an error in JSON."""
        headers = {"Cache-Control": "no-store"}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        werkzeug.exceptions.abort(
            request.make_json_response(
                {"version": "1", "error": {"code": code, "message": message}},
                headers=headers,
                status=status,
            )
        )
