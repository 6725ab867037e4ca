from odoo import http
from odoo.http import request

_ROUTE = (
    "/approval/verify/<int(max=2147483647):round_id>"
    "/<int(max=2147483647):decision_id>/<string:checksum>"
)


class DocumentApprovalVerify(http.Controller):
    """Where the code on a printed approval record leads to (SPEC B6)."""

    @http.route(_ROUTE, type="http", auth="user", methods=["GET"], readonly=True)
    def document_approval_verify(self, round_id, decision_id, checksum):
        """Say whether a printed record is genuine and the document still the same.

        Only to who may read the document; to others it says no more than of a record
        that does not exist.
        """
        user = request.env.user
        request.update_context(lang=user.lang, tz=user.tz)
        approval_round = request.env["document.approval.round"].browse(round_id)
        # sudo: whether there is one; who may not read it is told the same
        exists = approval_round.sudo().exists()
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        if not exists or not approval_round._may_read_record():
            response = request.render("document_approval.verify_unknown")
            response.status_code = 404
        else:
            response = request.render(
                "document_approval.verify",
                self._get_verify_values(approval_round, decision_id, checksum),
            )
        response.headers.update(headers)
        return response

    def _get_verify_values(self, approval_round, decision_id, checksum):
        """Return what the page shows; the user may read the document."""
        # sudo: who may read the document may know how it was decided
        round_sudo = approval_round.sudo()
        record = request.env["report.document_approval.report_record"]
        found = round_sudo._verify_record(decision_id, checksum)
        later_ids = set(found["later"].ids)
        log = [record._get_entry(entry) for entry in round_sudo._get_record_log()]
        return {
            **found,
            "later": [entry for entry in log if entry["id"] in later_ids],
            "log": [entry for entry in log if entry["id"] not in later_ids],
            "newest": found["newest"].number,
            "newest_state": record._get_label(found["newest"], "state"),
            "name": round_sudo.res_name or "",
            "type": round_sudo.model_id.name or "",
            "company": round_sudo.company_id.name,
            "company_id": round_sudo.company_id.id,
            "submission": record._get_round_summary(round_sudo),
            "findings": record._get_findings(round_sudo),
            "facts": round_sudo._get_facts(),
            "zone": str(request.env.tz),
            "document_url": f"/mail/view?model={round_sudo.res_model}"
            f"&res_id={round_sudo.res_id}",
            "print_url": f"/report/pdf/document_approval.report_record/{round_sudo.id}",
        }
