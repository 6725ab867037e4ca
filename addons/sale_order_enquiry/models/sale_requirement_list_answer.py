from odoo import fields, models
from odoo.exceptions import UserError

#: more answers than these to one version are no answers
_MOST_ANSWERS = 50


class SaleRequirementList(models.Model):
    """The customer's answer to a requirement list (SPEC A7)."""

    _inherit = "sale.requirement.list"

    def _answer(self, kind, name, way, version, **values):
        """Keep an answer; the last one to a version counts, all are kept.

        The caller has checked who answers, and calls it with elevated rights but as
        the user.

        :param str kind: confirm or object
        :param str name: who says so
        :param str way: through what it came
        :param int version: number of the version that was looked at
        :param values: ``words``, ``line_words`` ({number of the line: what is wrong}),
            ``signature`` (base64), ``address``, ``files`` ((name, bytes)), ``said_on``
        :raise UserError: in words, for whoever answers
        """
        self.ensure_one()
        name = self._clean_text(name, 200)
        if not name:
            raise UserError(self.env._("Please enter your name."))
        answers = self.env["sale.requirement.answer"]
        if values.get("signature"):
            values["signature"] = answers._read_signature(values["signature"])
        self._bump()
        self._check_answerable(version)
        words, objections = self._read_objections(kind, values)
        answer = answers._keep(
            [
                {
                    "list_id": self.id,
                    "version_id": self.version_id.id,
                    "content_hash": self.version_id.content_hash,
                    "company_id": self.company_id.id,
                    "kind": kind,
                    "name": name,
                    "way": way,
                    "user_id": self.env.uid,
                    "words": words,
                    "signature": values.get("signature"),
                    "address": values.get("address"),
                    "said_on": values.get("said_on"),
                }
            ],
            values.get("files") or (),
        )
        answer.line_ids.create(
            [
                {**objection, "answer_id": answer.id, "company_id": self.company_id.id}
                for objection in objections
            ]
        )
        self._follow_answer(answer)
        return answer

    def _check_answerable(self, version):
        """:raise UserError: when this version is not asked about any more"""
        self.ensure_one()
        if self.state not in ("sent", "objected", "confirmed"):
            raise UserError(
                self.env._(
                    "%(list)s is being changed or was cancelled. Please talk to your "
                    "contact person.",
                    list=self.name,
                )
            )
        if version != self.version_id.version:
            raise UserError(
                self.env._(
                    "A newer version of %(list)s has replaced the one you answered. "
                    "Please look at it.",
                    list=self.name,
                )
            )
        if len(self.version_id.answer_ids) >= _MOST_ANSWERS:
            raise UserError(
                self.env._(
                    "This has been answered. Please talk to your contact person."
                )
            )

    def _read_objections(self, kind, values):
        """Return the words, and the values of objections to lines.

        :raise UserError: when somebody objects and does not say to what
        """
        words = self._clean_text(values.get("words"))
        if kind == "confirm":
            return words, []
        lines = {
            line["number"]: line for line in self.version_id._prepare_paper()["lines"]
        }
        objections = [
            {
                "number": number,
                "name": lines[number]["name"],
                "words": self._clean_text(text),
            }
            for number, text in sorted((values.get("line_words") or {}).items())
            if number in lines and self._clean_text(text)
        ]
        if not words and not objections:
            raise UserError(self.env._("Please say what is not right."))
        return words, objections

    def _follow_answer(self, answer):
        """Move the state on and tell the salesperson."""
        confirmed = answer.kind == "confirm"
        self._write_system(
            {
                "state": "confirmed" if confirmed else "objected",
                "answered_on": answer.date,
                "answered_by": answer.name,
                "answered_way": answer.way,
            }
        )
        told = self._for_owner()
        if confirmed:
            told._tell(
                told.env._(
                    "%(name)s confirms %(list)s, version %(version)s.",
                    name=answer.name,
                    list=self.name,
                    version=answer.version_id.version,
                ),
                told.env._("Requirement list confirmed: make the order"),
            )
            return
        details = [answer.words] if answer.words else []
        details += [
            f"{line.number}. {line.name}: {line.words}" for line in answer.line_ids
        ]
        told._tell(
            told.env._(
                "%(name)s objects to %(list)s, version %(version)s: %(details)s",
                name=answer.name,
                list=self.name,
                version=answer.version_id.version,
                details="; ".join(details),
            ),
            told.env._("Requirement list: the customer objects"),
        )

    def action_record_answer(self):
        """Open the dialog for what the customer said by other means.

        :raise UserError: when nothing is asked
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("sent", "objected", "confirmed"):
            raise UserError(self.env._("Send the list first, or hand it over."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the Answer"),
            "res_model": "sale.requirement.record",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_list_id": self.id,
                "default_version": self.version_id.version,
                "default_said_on": fields.Date.to_string(
                    self.company_id._sale_enquiry_today()
                ),
            },
        }
