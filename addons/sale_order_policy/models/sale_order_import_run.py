import logging

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

ORDERS_PER_BATCH = 200
MOST_TRIES = 5
#: orders are drafts nobody is told about, and their history begins with our note
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}
CRONS = ("ir_cron_order_import_1", "ir_cron_order_import_2")
NUMBER_INDEX = "sale_order_policy_external_number_uniq"

_logger = logging.getLogger(__name__)


class SaleOrderImport(models.Model):
    _inherit = "sale.order.import"

    # Scheduled jobs ----------------------------------------------------------------

    def _trigger_crons(self):
        """Start the scheduled jobs that share the work."""
        for name in CRONS:
            # sudo: users may not touch scheduled jobs
            cron = self.env.ref(f"sale_order_policy.{name}", raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    @api.model
    def _cron_work(self):
        """Read, check and create batch after batch, until all is done.

        Several processes may run this at the same time: each takes what no other has
        locked. What a batch did is committed; a process that is killed leaves the
        rest, and nothing half done, to the next one.
        """
        tries = 0
        while True:
            try:
                processed, remaining = self._work_once()
            except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                # somebody else was faster: look again at what is left
                tries += 1
                if tries > MOST_TRIES:
                    raise
                self.env.cr.rollback()
                self.env.transaction.reset()
                continue
            tries = 0
            self.env.flush_all()
            left = self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
            self.env.invalidate_all()
            if not remaining or not left:
                return

    @api.model
    def _work_once(self):
        """Do one batch of the first import that has one to do.

        :return: (number of rows done, number of rows left)
        """
        jobs = self.search([("state", "in", ("reading", "running"))], order="id")
        processed = 0
        for job in jobs:
            processed = job._act_as_user()._work_on()
            if processed:
                break
        rows = self.env["sale.order.import.row"]
        remaining = rows.search_count(
            [("job_id.state", "=", "reading"), ("state", "=", "new")]
        ) + rows.search_count(
            [("job_id.state", "=", "running"), ("state", "=", "ready")]
        )
        # what another process is at work on is left to it
        unread = jobs.filtered(lambda job: job.state == "reading" and not job.is_read)
        return processed, (remaining or len(unread)) if processed else 0

    def _act_as_user(self):
        """Return the import in the environment of its user and company."""
        user = self.user_id
        return (
            self.with_user(user)
            .with_context(
                lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
            )
            .with_company(self.company_id)
        )

    def _work_on(self):
        """Do the next batch of this import; return the number of rows."""
        self.ensure_one()
        # sudo: the import's own fields; what it makes is made as the user
        self_sudo = self.sudo()
        if problem := self._get_user_problem():
            self_sudo.write({"state": "staged", "message": problem})
            return 1
        if self_sudo.state == "reading" and not self_sudo.is_read:
            if not self_sudo.try_lock_for_update():
                return 0
            self._try_reading(self._get_content())
            return max(self_sudo.row_count, 1)
        is_reading = self_sudo.state == "reading"
        processed = self._check_next() if is_reading else self._create_next()
        self._finish()
        return processed

    def _get_user_problem(self):
        """Return why nothing can be done as this user; empty if it can."""
        user_sudo = self.env.user.sudo()
        if (
            user_sudo.active
            and self.company_id in user_sudo.company_ids
            and self.env["sale.order"].has_access("create")
        ):
            return ""
        return self.env._(
            "%(user)s may not create orders any more. Somebody else can continue.",
            user=user_sudo.name,
        )

    def _finish(self):
        """Say that the import is ready, if nobody has anything of it in work."""
        # sudo: the import's own fields
        self_sudo = self.sudo()
        self_sudo.row_ids.invalidate_model(["state"])
        self_sudo.invalidate_recordset()
        state = self_sudo.state
        if (
            state == "draft"
            or (state == "reading" and (self_sudo.new_count or not self_sudo.is_read))
            or (state == "running" and self_sudo.ready_count)
        ):
            return
        counts = ("new_count", "error_count", "waiting_count", "ready_count")
        self_sudo.state = "staged" if any(self_sudo[c] for c in counts) else "done"

    # Checking ------------------------------------------------------------------------

    def _check_next(self):
        """Check the next orders nobody has in work; return the number of rows."""
        rows_sudo = self._take_rows("new")
        self._check_rows(rows_sudo)
        return len(rows_sudo)

    def _take_rows(self, state):
        """Lock the first rows of some orders; return all rows of these orders."""
        # sudo: rows of an import that the user started
        rows_sudo = self.env["sale.order.import.row"].sudo()
        first = rows_sudo.search(
            [("job_id", "=", self.id), ("state", "=", state), ("is_first", "=", True)],
            order="row_number, id",
            limit=4 * ORDERS_PER_BATCH,
        ).try_lock_for_update(limit=ORDERS_PER_BATCH)
        return rows_sudo.search(
            [
                ("job_id", "=", self.id),
                ("order_key", "in", first.mapped("order_key")),
                ("state", "in", ("new", "error", "waiting", "ready", "exists")),
            ],
            order="row_number, id",
        )

    def _check_rows(self, rows):
        """Check all rows of some orders, and say in the rows what was found."""
        if rows:
            job = self._in_company()
            plans = job.env["sale.order.import.check"]._make_plans(job, rows)
            self._write_results(plans)

    def _in_company(self):
        return self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )

    def _write_results(self, plans):
        """Write states and reasons, rows with the same result together."""
        groups = {}
        for plan in plans:
            for row, result in self._get_results(plan):
                groups.setdefault(result, []).append(row.id)
        # sudo: the system's fields of rows
        rows_sudo = self.env["sale.order.import.row"].sudo()
        for (state, reasons, order_id), ids in groups.items():
            rows_sudo.browse(ids).write(
                {"state": state, "reasons": reasons or False, "order_id": order_id}
            )

    def _get_results(self, plan):
        """Yield (row, (state, reasons, id of the order)) of one order's rows."""
        if plan.existing:
            reason, order_id = self._describe_existing(plan.existing)
            for row in plan.rows:
                yield row, ("exists", reason, order_id)
            return
        wrong = [row.row_number for row in plan.rows if row.id in plan.errors]
        for row in plan.rows:
            reasons = plan.errors.get(row.id, [])
            notes = plan.notes.get(row.id, [])
            if reasons:
                yield row, ("error", "\n".join([*reasons, *notes]), False)
            elif wrong:
                text = self.env._("Waits for row %(row)s of this order.", row=wrong[0])
                yield row, ("waiting", text, False)
            else:
                yield row, ("ready", "\n".join(notes), False)

    def _describe_existing(self, existing):
        if existing is True:
            return self.env._("An order you may not see has this number."), False
        if existing.state == "cancel":
            return (
                self.env._(
                    "%(order)s has this number; it is cancelled.", order=existing.name
                ),
                existing.id,
            )
        return (
            self.env._("%(order)s has this number.", order=existing.name),
            existing.id,
        )

    # Creating -----------------------------------------------------------------------

    def _create_next(self):
        """Create the next orders nobody has in work; return the number of rows.

        What was checked is checked again: products and customers change meanwhile.
        """
        rows_sudo = self._take_rows("ready")
        if not rows_sudo:
            return 0
        job = self._in_company()
        plans = job.env["sale.order.import.check"]._make_plans(job, rows_sudo)
        good = [plan for plan in plans if not plan.errors and not plan.existing]
        self._write_results([plan for plan in plans if plan.errors or plan.existing])
        job._create_plans(good)
        return len(rows_sudo)

    def _create_plans(self, plans):
        """Create orders; those that are refused are found by halving the batch."""
        if not plans:
            return
        try:
            with self.env.cr.savepoint():
                orders = self._create_orders(plans)
                self.env.flush_all()
        except IntegrityError as error:
            if error.diag.constraint_name == NUMBER_INDEX:
                # another import of the same orders was faster: look again
                raise ConcurrencyError(str(error)) from error
            self._halve(plans, self.env._("The database refuses it: %s", error))
        except UserError as error:  # rights, missing records and constraints, too
            self._halve(plans, error.args[0] if error.args else str(error))
        else:
            self._note_created(plans, orders)

    def _halve(self, plans, reason):
        _logger.info("%s orders are refused together: %s", len(plans), reason)
        self.env.invalidate_all()
        if len(plans) > 1:
            middle = len(plans) // 2
            self._create_plans(plans[:middle])
            self._create_plans(plans[middle:])
            return
        plan = plans[0]
        plan.add(
            plan.rows[0],
            self.env._(
                "Odoo refuses the order: %(reason)s",
                reason=" ".join(str(reason).split()),
            ),
        )
        self._write_results(plans)

    def _create_orders(self, plans):
        """Create the orders of the plans, all in one go; return them in this order."""
        self._create_contacts(plans)
        return (
            self.env["sale.order"]
            .with_context(**QUIET)
            .create(
                [
                    {
                        **plan.values,
                        "order_line": [
                            Command.create(values) for values in plan.line_values
                        ],
                    }
                    for plan in plans
                ]
            )
        )

    def _create_contacts(self, plans):
        """Create the contacts that customers do not have yet, each one once."""
        wanted = {}
        for plan in plans:
            if plan.contact:
                key = (plan.contact["parent_id"], plan.contact["name"])
                wanted.setdefault(key, plan.contact)
        contacts = (
            self.env["res.partner"].with_context(**QUIET).create(list(wanted.values()))
            if wanted
            else ()
        )
        ids = dict(zip(wanted, (contact.id for contact in contacts), strict=True))
        for plan in plans:
            if plan.contact:
                key = (plan.contact["parent_id"], plan.contact["name"])
                plan.values["policy_contact_id"] = ids[key]

    def _note_created(self, plans, orders):
        """Link rows with what was made of them, and say in the orders where from."""
        triples = [
            (row.id, order.id, line.id)
            for plan, order in zip(plans, orders, strict=True)
            for row, line in zip(plan.rows, order.order_line, strict=True)
        ]
        rows_sudo = self.env["sale.order.import.row"].sudo()
        rows_sudo.flush_model()
        sequence = list(dict(rows_sudo._fields["state"].selection)).index("done")
        self.env.execute_query(
            SQL(
                "UPDATE sale_order_import_row r SET state = 'done', sequence = %s,"
                " reasons = NULL, order_id = v.order_id, line_id = v.line_id"
                " FROM (VALUES %s) AS v(id, order_id, line_id) WHERE r.id = v.id",
                sequence,
                SQL(", ").join(SQL("%s", triple) for triple in triples),
            )
        )
        rows_sudo.invalidate_model()
        orders._message_log_batch(
            {
                order.id: self._get_origin_note(plan)
                for plan, order in zip(plans, orders, strict=True)
            }
        )
        self._on_orders_created(orders, [plan.rows for plan in plans])

    def _get_origin_note(self, plan):
        """Return where an order came from, with what has no field of its own."""
        numbers = [row.row_number for row in plan.rows]
        parts = [
            self.env._(
                "Imported from %(file)s, rows %(first)s to %(last)s.",
                file=self.file_name or self.name,
                first=numbers[0],
                last=numbers[-1],
            )
        ]
        for key in ("phone", "email", "remarks"):
            texts = [plan.texts[row.id][key] for row in plan.rows]
            label = self.env["sale.order.import.check"]._label(key)
            if said := list(dict.fromkeys(filter(None, texts))):
                parts.append(f"{label}: {'; '.join(said)}")
        return "\n".join(parts)

    def _on_orders_created(self, orders, rows):
        """Do what else is to be done with new orders. Made to be extended.

        Called once per batch, in the transaction that creates them, with the rights
        of the import's user.

        :param orders: the new orders, all of them drafts
        :param list rows: for each order its staged rows
        """
