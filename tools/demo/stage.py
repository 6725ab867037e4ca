"""Plays the stories: every step by its person, on its day, through Odoo's methods."""

import base64
import io
from datetime import datetime, timedelta

from freezegun import freeze_time
from PIL import Image, ImageDraw

from odoo.fields import Command

from tools.demo import papers
from tools.demo.logins import CUSTOMER

# When a story's steps are taken, in hours after 9 o'clock (in China) of its day.
HOURS = (0, 2, 5, 7, 24, 26, 29, 31, 48, 50, 53)
NINE_O_CLOCK = 1
DAYS_TO_DELIVERY = 21


class Stage:
    """The people and things of the demonstration, and what people can do."""

    def __init__(self, env, users: dict, shop) -> None:
        self.env = env
        self.users = users
        self.shop = shop
        self.customer = env["res.users"].search([("login", "=", CUSTOMER.login)])
        self.now = datetime.now()
        self.entered: dict[int, datetime] = {}
        self.verbs = {
            "approve": self.approve,
            "cancel": lambda order: order.action_cancel(),
            "confirm": lambda order: order.action_confirm(),
            "deliver": self.deliver,
            "discount": self.discount,
            "invoice": self.invoice,
            "quantity": self.quantity,
            "refuse": self.refuse,
            "send": lambda order: order.action_quotation_sent(),
            "sign": self.sign,
            "submit": lambda order: order.action_submit_for_approval(),
            "withdraw": lambda order: order.action_withdraw_approval(),
        }

    def play(self, story) -> None:
        """Enter the order and take its steps."""
        moments = self._moments(story)
        with freeze_time(next(moments)) as clock:
            order = self._enter(story)
            self.entered[order.id] = datetime.now()
            papers.attach_originals(self, order, story)
            for verb, *arguments in story.steps:
                clock.move_to(next(moments))
                self.verbs[verb](order, *arguments)
            self.env.flush_all()

    def _moments(self, story):
        """Yield the moments of a story's steps; none lies in the future."""
        start = self.now.replace(hour=NINE_O_CLOCK, minute=10, second=0, microsecond=0)
        start -= timedelta(days=story.days_ago)
        for number, hours in enumerate(HOURS):
            latest = self.now - timedelta(minutes=5 * (len(HOURS) - number))
            yield min(_on_a_working_day(start + timedelta(hours=hours)), latest)

    def _enter(self, story):
        seller = self.users[story.seller]
        customer = self.shop.customers[story.customer]
        due = datetime.now() + timedelta(days=DAYS_TO_DELIVERY)
        values = {
            "partner_id": customer.id,
            "policy_contact_id": customer.child_ids[:1].id,
            "policy_type_id": self._type(story.order_type).id,
            "policy_external_number": f"DJ-{len(self.entered) + 1:04}",
            "payment_term_id": self.shop.terms.id,
            "commitment_date": due,
            "tag_ids": [Command.link(self._tag(story.title).id)],
            "order_line": [
                Command.create(
                    {
                        "product_id": self.shop.products[product].id,
                        "product_uom_qty": quantity,
                        "discount": discount,
                        "policy_requirement": number == 0 and story.requirement,
                        "policy_reorder_kind": story.reorder_kind,
                        **({"price_unit": 0} if "price" in story.leave_out else {}),
                    }
                )
                for number, (product, quantity, discount) in enumerate(story.lines)
            ],
        }
        left_out = {
            "contact": {"policy_contact_id": False},
            "date": {"commitment_date": False},
            "terms": {"payment_term_id": False},
        }
        for subject in story.leave_out:
            values |= left_out.get(subject, {})
        return self.env["sale.order"].with_user(seller).create(values)

    def _type(self, code: str):
        return self.env["sale.order.type"].search([("code", "=", code)], limit=1)

    def _tag(self, title: str):
        tags = self.env["crm.tag"]
        return tags.search([("name", "=", title)]) or tags.create({"name": title})

    # What people do ------------------------------------------------------------

    def _seat(self, order, login: str):
        user = self.users[login]
        seats = order.sudo().approval_round_id.seat_ids
        return seats.filtered(
            lambda seat: seat.state == "open" and user in seat.candidate_ids
        ).with_user(user)

    def approve(self, order, login: str, words: str = "") -> None:
        """Agree as that person."""
        seat = self._seat(order, login)
        seat.action_approve(words, dict.fromkeys(seat.check_ids.ids, "yes"))

    def refuse(self, order, login: str, reason: str) -> None:
        """Send the order back as that person."""
        self._seat(order, login).action_refuse(reason)

    def discount(self, order, percent: str) -> None:
        """Change the discount of all lines, as the seller."""
        order.order_line.write({"discount": float(percent)})

    def quantity(self, order, number: str) -> None:
        """Change the quantity of the first line at the same price, as the seller."""
        line = order.order_line[:1]
        line.write({"product_uom_qty": float(number), "discount": line.discount})

    def deliver(self, order) -> None:
        """Ship everything, as the warehouse."""
        pickings = order.sudo().picking_ids.with_user(self.users["warehouse"])
        pickings.action_assign()
        for picking in pickings:
            if picking.button_validate() is not True:
                raise RuntimeError(f"{picking.name} of {order.name} was not delivered")

    def invoice(self, order) -> None:
        """Make the invoice as the seller; finance posts it."""
        order.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": "delivered"}).create_invoices()
        order.sudo().invoice_ids.with_user(self.users["finance"]).action_post()

    def sign(self, order) -> None:
        """Sign on the portal as the customer: what the page does with a signature."""
        # sudo: the page, too, goes on with elevated rights once access was checked
        order_sudo = order.with_user(self.customer).sudo()
        order_sudo.write(
            {
                "signed_by": self.customer.name,
                "signed_on": datetime.now(),
                "signature": _signature(),
            }
        )
        order_sudo._validate_order()
        order_sudo.message_post(
            body=f"Order signed by {self.customer.name}",
            author_id=self.customer.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def date_back(self) -> None:
        """Let the orders have been created when they were entered."""
        self.env.flush_all()
        for order_id, moment in self.entered.items():
            self.env.cr.execute(
                "UPDATE sale_order SET create_date = %s WHERE id = %s",
                [moment, order_id],
            )
        self.env.invalidate_all()


def _on_a_working_day(moment: datetime) -> datetime:
    """Return the moment, or the same time on the Monday after the weekend."""
    weekday = moment.weekday()
    return moment + timedelta(days=7 - weekday) if weekday > 4 else moment


def _signature() -> bytes:
    """Return a stroke of the pen as a picture."""
    picture = Image.new("RGB", (240, 80), "white")
    points = [(20, 60), (50, 15), (70, 60), (110, 25), (130, 60), (180, 20), (225, 50)]
    ImageDraw.Draw(picture).line(points, fill="navy", width=3, joint="curve")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return base64.b64encode(target.getvalue())
