from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_rebate_attacks import RebateAttackCommon


@tagged("post_install", "-at_install")
class TestRebateAttacks(RebateAttackCommon):
    """Nobody raises a figure or gets money out without approval (SPEC B6, M2, M4)."""

    def test_figures(self):
        """Balances, ledger, lines, periods and queue are the system's."""
        period, participant = self.balance.period_id, self.balance.participant_id
        for label, attack in {
            "balance": lambda env: (
                env["rebate.balance"]
                .browse(self.balance.id)
                .write({"releasable_amount": 900.0})
            ),
            "balance released": lambda env: (
                env["rebate.balance"]
                .browse(self.balance.id)
                .web_save({"released_amount": -900.0, "remark": "x"}, {})
            ),
            "balance of another customer": lambda env: (
                env["rebate.balance"]
                .browse(self.balance.id)
                .write({"partner_id": self.portal.partner_id.id})
            ),
            "new balance": lambda env: env["rebate.balance"].create(
                {"participant_id": participant.id, "period_id": period.id}
            ),
            "copied balance": lambda env: (
                env["rebate.balance"].browse(self.balance.id).copy()
            ),
            "deleted balance": lambda env: (
                env["rebate.balance"].browse(self.balance.id).unlink()
            ),
        }.items():
            self._attack(label, attack)

    def test_what_figures_rest_on(self):
        ledger, line = self.balance.ledger_ids[:1], self.done.sudo().line_ids
        period = self.balance.period_id
        for label, attack in {
            "ledger": lambda env: (
                env["rebate.ledger"].browse(ledger.id).write({"invoiced": 9e6})
            ),
            "ledger through its balance": lambda env: (
                env["rebate.balance"]
                .browse(self.balance.id)
                .write({"ledger_ids": [Command.update(ledger.id, {"cash": 9e6})]})
            ),
            "ledger copied": lambda env: env["rebate.ledger"].browse(ledger.id).copy(),
            "ledger deleted": lambda env: (
                env["rebate.ledger"].browse(ledger.id).unlink()
            ),
            "line": lambda env: (
                env["rebate.settlement.line"]
                .browse(line.id)
                .write({"posted_amount": 0.0, "state": "open"})
            ),
            "period": lambda env: (
                env["rebate.period"].browse(period.id).write({"date_to": "2030-01-01"})
            ),
            "period through its programme": lambda env: (
                env["rebate.programme"]
                .browse(self.programme.id)
                .write(
                    {"period_ids": [Command.update(period.id, {"date_to": "2030-1-1"})]}
                )
            ),
            "queue": lambda env: env["rebate.queue"].create(
                {"kind": "partner", "res_id": 1}
            ),
            "queue deleted": lambda env: self._queue(env).unlink(),
        }.items():
            self._attack(label, attack)

    def _queue(self, env):
        self.env["rebate.queue"]._push_partners(self.partner)
        return env["rebate.queue"].browse(
            self.env["rebate.queue"].sudo().search([]).ids
        )

    def test_public_methods(self):
        """Methods anybody may call over RPC do nothing for who has no rights."""
        for label, method in {
            "fill": "action_fill",
            "cancel": "action_cancel",
            "take back": "action_take_back",
            "retry": "action_retry",
            "submit": "action_submit_for_approval",
        }.items():
            self._attack(
                label,
                lambda env, method=method: getattr(
                    env["rebate.settlement"].browse(self.done.id), method
                )(),
                user=self.people - self.officer - self.rebate_admin,
            )
        version = self.programme.version_ids
        for label, attack in {
            "new version": lambda env: (
                env["rebate.programme"].browse(self.programme.id).action_new_version()
            ),
            "cancel version": lambda env: (
                env["rebate.version"].browse(version.id).action_cancel()
            ),
            "submit version": lambda env: (
                env["rebate.version"].browse(version.id).action_submit_for_approval()
            ),
        }.items():
            self._attack(label, attack, user=self.people - self.rebate_admin)
        self._attack(
            "refresh",
            lambda env: env["rebate.balance"].browse(self.balance.id).action_refresh(),
            refused=False,
        )
        self._attack(
            "portal refresh",
            lambda env: env["rebate.balance"].browse(self.balance.id).action_refresh(),
            user=self.portal,
        )

    def test_settlement_states(self):
        """A settlement goes on by its approval only, whoever writes what."""
        waiting = self._settle_as_officer(self.programme)
        line = waiting.line_ids
        self.assertEqual(line.amount, 50)

        def write(**values):
            return lambda env: (
                env["rebate.settlement"].browse(waiting.id).write(values)
            )

        for label, attack in {
            "done": write(state="done"),
            "posting": write(state="posting"),
            "approved": write(approval_state="approved"),
            "another round": write(approval_round_id=self.done.approval_round_id.id),
            "no editor": write(approval_editor_ids=[Command.clear()]),
            "reverses": write(reverses_id=self.done.id),
            "lines enlarged": write(
                line_ids=[Command.update(line.id, {"amount": 5000.0})]
            ),
            "lines added": write(
                line_ids=[Command.create({"balance_id": self.balance.id, "amount": 1})]
            ),
            "lines taken": write(line_ids=[Command.link(self.done.line_ids.id)]),
            "credit notes": write(move_ids=[Command.link(self.note.id)]),
            "other currency": write(
                currency_id=self.env["res.currency"]
                .search([("id", "!=", waiting.currency_id.id)], limit=1)
                .id
            ),
            "filled while waiting": lambda env: (
                env["rebate.settlement"].browse(waiting.id).action_fill()
            ),
            "taken back too early": lambda env: (
                env["rebate.settlement"].browse(waiting.id).action_take_back()
            ),
            "deleted": lambda env: (
                env["rebate.settlement"].browse(waiting.id).unlink()
            ),
        }.items():
            self._attack(label, attack, user=self._get_preparers())

    def _get_preparers(self):
        return self.officer | self.rebate_admin | self.director | self.financier

    def test_created_settlements(self):
        """A settlement begins as a draft without lines."""

        def create(**values):
            return lambda env: env["rebate.settlement"].create(
                {"period_ids": self.programme.period_ids.ids, **values}
            )

        for label, attack in {
            "created done": create(state="done"),
            "created with lines": create(
                line_ids=[Command.create({"balance_id": self.balance.id, "amount": 1})]
            ),
            "created by name": lambda env: env["rebate.settlement"].name_create("RS/1"),
            "imported": lambda env: self._load(
                env["rebate.settlement"], ["state", "form"], ["Released", "goods"]
            ),
        }.items():
            self._attack(label, attack, user=self._get_preparers())
        kept = (
            self.env["rebate.settlement"]
            .with_user(self.rebate_admin)
            .with_context(
                default_state="done",
                default_approval_state="approved",
                default_reverses_id=self.done.id,
            )
            .create({})
        )
        self.assertRecordValues(
            kept, [{"state": "draft", "approval_state": "none", "reverses_id": False}]
        )

    def test_released_settlements(self):
        """What has been released stays."""
        for label, values in {
            "draft again": {"state": "draft"},
            "cancelled": {"state": "cancel"},
            "another form": {"form": "next"},
            "another company": {"company_id": self.env.company.id + 1},
        }.items():
            self._attack(
                f"released: {label}",
                lambda env, values=values: (
                    env["rebate.settlement"].browse(self.done.id).write(values)
                ),
                user=self._get_preparers(),
            )

    def _load(self, records, names, row):
        result = records.load(names, [row])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def test_own_settlement(self):
        """Who prepared, filled in or submitted a settlement does not approve it."""
        for user in (self.financier, self.director):
            user.sudo().group_ids += self.env.ref("channel_rebate.group_officer")
        settlement = self._settle_as_officer(self.programme, submit=False)
        settlement.with_user(self.financier).action_fill()
        self.departments["finance"].sudo().fallback_id = self.departments["sales"]
        settlement.action_submit_for_approval()
        seats = settlement.sudo().approval_round_id.seat_ids
        self.assertNotIn(self.financier, seats.candidate_ids)
        with self.assertRaises(UserError), self.cr.savepoint():
            seats[:1].with_user(self.financier).action_approve()

    def test_larger_by_claims(self):
        """What is claimed back does not make a settlement smaller for its approvers."""
        other = self.env["res.partner"].sudo().create({"name": "Claimed"})
        programme = self._create_programme(partners=self.partner | other)
        refund = self._invoice(1000, partner=other)
        self._approve(self._settle_as_officer(programme))
        self._return(refund, 1000)
        self._invoice(1000)
        self._drain()
        settlement = self._settle_as_officer(programme, submit=False)
        self.assertEqual(settlement.amount, 0)
        self.assertEqual(settlement._approval_amounts()[settlement.id], 100)
