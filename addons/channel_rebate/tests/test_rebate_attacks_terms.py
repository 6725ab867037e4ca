from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_rebate_attacks import RebateAttackCommon


@tagged("post_install", "-at_install")
class TestRebateAttacksTerms(RebateAttackCommon):
    """What was approved of a programme stays as it was approved (SPEC B6, M2)."""

    def _terms(self, version):
        """Return attacks on the terms of a version, by name."""
        tier = version.tier_ids[:1]
        participant = self.programme.participant_ids
        speed = {"days": 10, "percent": 100}
        programme = self.programme

        def write(record, **values):
            return lambda env: env[record._name].browse(record.id).write(values)

        return {
            "rate": write(tier, rate=50),
            "rate through the version": write(
                version, tier_ids=[Command.update(tier.id, {"rate": 50})]
            ),
            "rate through the programme": write(
                programme,
                version_ids=[
                    Command.update(
                        version.id,
                        {"tier_ids": [Command.update(tier.id, {"rate": 50})]},
                    )
                ],
            ),
            "another tier": lambda env: env["rebate.tier"].create(
                {"version_id": version.id, "value_from": 1, "rate": 90}
            ),
            "another tier by default": lambda env: (
                env["rebate.tier"]
                .with_context(default_version_id=version.id)
                .create({"value_from": 1, "rate": 90})
            ),
            "an own tier": lambda env: env["rebate.tier"].create(
                {
                    "version_id": version.id,
                    "participant_id": participant.id,
                    "rate": 90,
                }
            ),
            "an extra rate": write(
                version,
                target_ids=[
                    Command.create({"participant_id": participant.id, "extra_rate": 9})
                ],
            ),
            "a speed": write(version, speed_ids=[Command.create(speed)]),
            "a tier copied": lambda env: (
                env["rebate.tier"].browse(tier.id).copy({"value_from": 2, "rate": 9})
            ),
            "a tier less": lambda env: env["rebate.tier"].browse(tier.id).unlink(),
            "a tier imported": lambda env: self._load(
                env["rebate.tier"], [".id", "rate"], [str(tier.id), "90"]
            ),
            **self._programme_terms(write),
        }

    def _programme_terms(self, write):
        """Return attacks on what is said by the programme itself."""
        programme = self.programme
        return {
            "currency": write(
                programme,
                currency_id=self.env["res.currency"]
                .with_context(active_test=False)
                .search([("id", "!=", programme.currency_id.id)], limit=1)
                .id,
            ),
            "dates": write(programme, date_from="2020-01-01"),
            "periods": write(programme, period_type="month"),
            "stacking": write(programme, stack_group=False),
            "place": write(programme, sequence=1),
            "deleted": lambda env: (
                env["rebate.programme"].browse(programme.id).unlink()
            ),
        }

    def _load(self, records, names, row):
        result = records.load(names, [row])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def test_terms_in_force(self):
        version = self.programme.version_ids
        attacks = self._terms(version)
        attacks["cap"] = lambda env: (
            env["rebate.version"].browse(version.id).write({"cap_amount": 1e6})
        )
        for name in ("number", "state", "valid_from", "simulation", "company_id"):
            attacks[name] = lambda env, name=name: (
                env["rebate.version"]
                .browse(version.id)
                .write(
                    {
                        "number": {"number": 99},
                        "state": {"state": "draft"},
                        "valid_from": {"valid_from": "2027-01-01"},
                        "simulation": {"simulation": {}},
                        "company_id": {"company_id": self._get_other_company().id},
                    }[name]
                )
            )
        for label, attack in attacks.items():
            self._attack(label, attack, user=self.rebate_admin | self.salesman)

    def test_terms_being_approved(self):
        action = self.programme.action_new_version()
        version = self.env["rebate.version"].browse(action["res_id"])
        version.with_user(self.rebate_admin).action_submit_for_approval()
        attacks = self._terms(version)
        attacks["state"] = lambda env: (
            env["rebate.version"].browse(version.id).write({"state": "active"})
        )
        attacks["approval"] = lambda env: (
            env["rebate.version"]
            .browse(version.id)
            .write({"approval_state": "approved"})
        )
        for label, attack in attacks.items():
            self._attack(label, attack, user=self.rebate_admin)
        # what may be changed is approved anew
        version.with_user(self.rebate_admin).cap_amount = 1e6
        self.assertEqual(version.approval_state, "superseded")
        self.assertEqual(version.state, "draft")

    def test_new_versions(self):
        other = self._get_other_company()
        programme = self.programme
        values = {"programme_id": programme.id, "tier_ids": []}

        def create(context=None, **more):
            return lambda env: (
                env["rebate.version"]
                .with_context(**(context or {}))
                .create({**values, **more})
            )

        for label, attack in {
            "in force": create(state="active"),
            "approved": create(approval_state="approved"),
        }.items():
            self._attack(label, attack, user=self.rebate_admin)
        version = create(
            {
                "default_state": "active",
                "default_approval_state": "approved",
                "default_company_id": other.id,
                "default_simulation": {"x": 1},
            },
            company_id=other.id,
        )(self.env(user=self.rebate_admin))
        self.assertRecordValues(
            version,
            [
                {
                    "state": "draft",
                    "approval_state": "none",
                    "company_id": self.company.id,
                    "simulation": False,
                }
            ],
        )
        self._attack(
            "moved to another company",
            lambda env: (
                env["rebate.version"].browse(version.id).write({"company_id": other.id})
            ),
            user=self.rebate_admin,
        )

    def _get_other_company(self):
        company = self.env["res.company"].sudo().search([("name", "=", "Other root")])
        company = company or company.create({"name": "Other root"})
        self.rebate_admin.sudo().company_ids += company
        return company

    def test_own_terms(self):
        """Who set a rate does not approve it, whoever submits the version."""
        for user in (self.financier, self.director):
            user.sudo().group_ids += self.env.ref("channel_rebate.group_manager")
        self.departments["finance"].sudo().fallback_id = self.departments["sales"]
        programme = self._prepare_programme()
        version = programme.version_ids
        version.tier_ids.with_user(self.financier).rate = 6
        version.with_user(self.rebate_admin).action_submit_for_approval()
        seats = version.sudo().approval_round_id.seat_ids
        self.assertNotIn(self.financier, seats.candidate_ids)

    def test_participants(self):
        other = self.env["res.partner"].sudo().create({"name": "Other"})
        contact = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Contact", "parent_id": self.partner.id})
        )
        participant = self.programme.participant_ids
        company = self._get_other_company()
        for label, values in {
            "another customer": {"partner_id": other.id},
            "another company": {"company_id": company.id},
            "another salesperson": {"user_id": self.manager.id},
            "its balances": {"balance_ids": [Command.clear()]},
        }.items():
            self._attack(
                label,
                lambda env, values=values: (
                    env["rebate.participant"].browse(participant.id).write(values)
                ),
                user=self.rebate_admin | self.officer,
            )
        for label, values, error in (
            ("twice", {"partner_id": self.partner.id}, IntegrityError),
            ("a contact", {"partner_id": contact.id}, UserError),
        ):
            with (
                self.subTest(label),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
            ):
                with self.cr.savepoint():
                    self.env["rebate.participant"].with_user(self.rebate_admin).create(
                        {"programme_id": self.programme.id, **values}
                    )
        self._attack(
            "removed",
            lambda env: env["rebate.participant"].browse(participant.id).unlink(),
            user=self.rebate_admin | self.officer,
        )

    def test_archived_programme_counts_on(self):
        self.programme.with_user(self.rebate_admin).active = False
        self._invoice(1000)
        self._assert_balance(self.programme, earned_amount=150, released_amount=50)

    def test_programme_of_a_branch(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.rebate_admin.sudo().company_ids += branch
        with self.assertRaisesRegex(UserError, "main company"), self.cr.savepoint():
            self._prepare_programme(company_id=branch.id)

    def test_order_moved_into_the_period(self):
        """A confirmed order counts by the day it was placed."""
        programme = self._create_programme(
            version={"stage": "order"},
            date_from="2026-03-01",
            date_to="2026-03-03",
            period_type="once",
        )
        order = self._create_order({"price_unit": 1000.0})
        order.sudo().action_confirm()
        order.sudo().date_order = "2026-03-10 09:00:00"
        self._assert_balance(programme, provisional_amount=0)
        for user in (self.salesman, self.manager):
            with self.assertRaisesRegex(UserError, "period"), self.cr.savepoint():
                order.with_user(user).date_order = "2026-03-02 09:00:00"
        self._assert_balance(programme, provisional_amount=0)
