import io
import json

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .channel_portal_common import ChannelPortalCommon

_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00"
    b"\x00\x00:~\x9bU\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestChannelDemandPortal(ChannelPortalCommon, HttpCase):
    """A partner's pages: his own, and nothing he types brings a price (SPEC L2)."""

    def setUp(self):
        super().setUp()
        self.authenticate("dealer", "dealer")

    def _get(self, url="/my/channel"):
        return self.url_open(url, allow_redirects=False)

    def _post(self, url="/my/channel/demands/new", files=(), **data):
        return self.url_open(
            url,
            data={"csrf_token": Request.csrf_token(self), **data},
            files=[("files", file) for file in files] or None,
            allow_redirects=False,
        )

    def _send(self, action="submit", files=(), **typed):
        return self._post(files=files, action=action, **self._type(**typed))

    def _last(self, channel=None):
        return self.env["channel.demand"].search(
            [("channel_partner_id", "=", (channel or self.channel).id)],
            limit=1,
        )

    # Placing -----------------------------------------------------------------------

    def test_order_is_sent_in(self):
        answer = self._send(files=[("plan.png", io.BytesIO(_PNG), "text/html")])
        demand = self._last()
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"/demands/{demand.id}"))
        self.assertRecordValues(
            demand,
            [
                {
                    "state": "submitted",
                    "kind": "order",
                    "end_customer_name": "Hotel Lake",
                    "end_customer_contact": "Ms Lin",
                    "end_customer_phone": "+86 571 1234",
                    "end_customer_place": "Hangzhou",
                    "submitted_by_id": self.dealer.id,
                }
            ],
        )
        self.assertRecordValues(
            demand.line_ids,
            [
                {
                    "product_id": self.product.id,
                    "product_uom_id": self.product.uom_id.id,
                    "quantity": 5.0,
                }
            ],
        )
        files = demand._portal_get_files()
        self.assertEqual(files.mapped("mimetype"), ["image/png"])
        page = self._get(f"/my/channel/demands/{demand.id}")
        self.assertIn("Hotel Lake", page.text)
        file = self._get(f"/my/channel/demands/{demand.id}/file/{files.id}")
        self.assertEqual(file.content, _PNG)

    def test_order_at_once_at_the_price_of_the_price_system(self):
        self.channel.demand_direct = "yes"
        cheap = self.env["product.pricelist"].create({"name": "Cheaper"})
        self._send(
            **{
                "price_unit": "1",
                "line-0-price_unit": "1",
                "line-0-price": "1",
                "line-0-discount": "90",
                "discount": "90",
                "pricelist_id": str(cheap.id),
                "company_id": "1",
                "state": "accepted",
                "order_id": "1",
                "user_id": str(self.stranger.id),
                "channel_partner_id": str(self.other_channel.id),
                "partner_id": str(self.stranger.partner_id.id),
            }
        )
        order = self._last().order_id
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "partner_id": self.partner.id,
                    "pricelist_id": self.pricelist.id,
                    "user_id": self.salesman.id,
                    "amount_untaxed": 400.0,
                }
            ],
        )
        self.assertFalse(self._last(self.other_channel))

    def test_empty_form(self):
        page = self._get("/my/channel/demands/new?kind=order").text
        for words in (
            "New Order",
            'data-number="0"',  # the script counts on from the highest number
            'data-number="1"',
            'name="line-1-product"',
            f'min="{self.today}"',
        ):
            self.assertIn(words, page)

    def test_sent_twice_is_once(self):
        first = self._send(request_key="abc")
        again = self._send(request_key="abc")
        self.assertEqual(first.headers["Location"], again.headers["Location"])
        self.assertEqual(
            self.env["channel.demand"].search_count(
                [("channel_partner_id", "=", self.channel.id)]
            ),
            1,
        )
        # the key of a stranger says nothing
        self.authenticate("stranger", "stranger")
        self._send(request_key="abc")
        self.assertTrue(self._last(self.other_channel))

    def test_draft_is_corrected_and_withdrawn(self):
        self._send(
            "save", **{"line-0-product": "", "line-0-quantity": "", "kind": "demand"}
        )
        demand = self._last()
        self.assertEqual(demand.state, "draft")
        self.assertFalse(demand.line_ids)
        url = f"/my/channel/demands/{demand.id}"
        answer = self._post(f"{url}/submit")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("at least one product", answer.text)
        page = self._get(f"{url}/edit")
        self.assertIn("Hotel Lake", page.text)
        self._post(
            f"{url}/edit",
            action="submit",
            **self._type(**{"line-3-product": "A big table", "line-3-quantity": "1.5"}),
        )
        self.assertEqual(demand.state, "submitted")
        self.assertEqual(demand.line_ids.mapped("quantity"), [5.0, 1.5])
        self.assertEqual(demand.line_ids[1].name, "A big table")
        self.assertFalse(demand.line_ids[1].product_id)
        # what was sent in cannot be edited any more
        answer = self._post(
            f"{url}/edit", action="save", **self._type(end_customer_name="Other")
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(demand.end_customer_name, "Hotel Lake")
        self._post(f"{url}/withdraw")
        self.assertEqual(demand.state, "withdrawn")

    # Bad input ---------------------------------------------------------------------

    def test_bad_input_keeps_what_was_typed(self):
        answer = self._send(
            **{
                "line-0-quantity": "nan",
                "line-1-product": "A big table",
                "line-1-quantity": "2",
                "end_customer_name": "",
            }
        )
        self.assertEqual(answer.status_code, 422)
        for words in (
            "Line 1, Quantity: this is no number.",
            "Enter who the end customer is.",
            "+86 571 1234",
            "A big table",
        ):
            self.assertIn(words, answer.text)
        self.assertFalse(self._last())

    def test_files_that_are_none(self):
        for name, content, words in (
            ("page.png", b"<html><script>alert(1)</script>", "neither a picture"),
            ("tool.pdf", b"MZ\x90\x00", "neither a picture"),
            ("big.png", _PNG + b"\0" * 5 * 1024 * 1024, "larger than"),
        ):
            answer = self._send(files=[(name, io.BytesIO(content), "image/png")])
            self.assertEqual(answer.status_code, 422)
            self.assertIn(words, answer.text)
        answer = self._send(files=[("a.png", io.BytesIO(_PNG), "image/png")] * 11)
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._last())

    def test_words_are_shown_as_words(self):
        self._send(
            end_customer_name="<script>alert(1)</script>",
            **{"line-0-product": "<img src=x onerror=alert(2)>"},
        )
        for url in (f"/my/channel/demands/{self._last().id}", "/my/channel/demands"):
            page = self._get(url)
            self.assertNotIn("<script>alert(1)", page.text)
            self.assertNotIn("<img src=x", page.text)

    # Whose -------------------------------------------------------------------------

    def test_others_demands_are_not_found(self):
        self._send(files=[("a.png", io.BytesIO(_PNG), "image/png")])
        demand = self._last()
        url = f"/my/channel/demands/{demand.id}"
        file = demand._portal_get_files()
        self.authenticate("stranger", "stranger")
        own = self._send() and self._last(self.other_channel)
        for path in (
            url,
            f"{url}/edit",
            f"{url}/file/{file.id}",
            f"/my/channel/demands/{own.id}/file/{file.id}",
            f"/web/content/{file.id}",
        ):
            self.assertEqual(self._get(path).status_code, 404, path)
        for step in ("submit", "withdraw", "edit"):
            answer = self._post(f"{url}/{step}", **self._type(end_customer_name="X"))
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(demand.state, "submitted")
        self.assertNotIn(demand.name, self._get("/my/channel/demands").text)

    def test_staff_visitors_and_customers_have_no_pages(self):
        self.channel._write_assessed({"state": "draft"})  # a candidate
        self.assertEqual(self._get().status_code, 404)
        self.channel._write_assessed({"state": "active"})
        self.salesman.sudo().password = "policy salesman"
        self.salesman.partner_id.sudo().parent_id = self.partner
        self.authenticate("policy salesman", "policy salesman")
        for path in ("/my/channel", "/my/channel/demands", "/my/channel/demands/new"):
            self.assertEqual(self._get(path).status_code, 404)
        self.assertEqual(self._send().status_code, 404)
        self.authenticate(None, None)
        for path in ("/my/channel", "/my/channel/demands", "/my/channel/demands/new"):
            answer = self._get(path)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])
        self.assertFalse(self._last())

    def test_terminated_reads_but_places_nothing(self):
        self._send("save")
        demand = self._last()
        self.channel._write_assessed({"state": "terminated"})
        url = f"/my/channel/demands/{demand.id}"
        self.assertIn("has ended", self._get().text)
        self.assertEqual(self._get(url).status_code, 200)
        self.assertEqual(self._get("/my/channel/demands/new").status_code, 303)
        self.assertEqual(self._send().status_code, 303)
        for step in ("submit", "withdraw"):
            self.assertEqual(self._post(f"{url}/{step}").status_code, 422)
        self._post(f"{url}/edit", action="submit", **self._type())
        self.assertEqual(demand.state, "draft")
        self.assertEqual(self._last(), demand)
        with self.assertRaises(UserError):
            self.env["channel.demand"]._portal_create(self.channel.sudo(), {}, [], "k")

    def test_without_the_token_of_the_form_nothing_happens(self):
        answer = self.url_open(
            "/my/channel/demands/new", data=self._type(action="submit")
        )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._last())

    def _rpc(self, model, method, *args, **kwargs):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_nothing_by_rpc(self):
        self._send()
        demand = self._last()
        for method, args in (
            ("read", [demand.ids, ["name"]]),
            ("search_read", [[]]),
            ("write", [demand.ids, {"state": "accepted"}]),
            ("create", [{"channel_partner_id": self.channel.id}]),
            ("action_accept", [demand.ids]),
            ("action_withdraw", [demand.ids]),
            ("unlink", [demand.ids]),
            ("_accept", [demand.ids]),
            ("_portal_create", [self.channel.id, {}, [], ""]),
        ):
            self.assertIn("error", self._rpc("channel.demand", method, *args), method)
        for model in (
            "channel.partner",
            "channel.agreement",
            "sale.order.letter.answer",
        ):
            self.assertIn("error", self._rpc(model, "search_read", []))
        self.assertEqual(demand.state, "submitted")

    def test_products_while_typing(self):
        def find(text):
            answer = self.url_open(
                "/my/channel/products",
                data=json.dumps({"params": {"text": text}}),
                headers={"Content-Type": "application/json"},
            )
            return answer.json()["result"]

        self.assertEqual(
            find("CH-"),
            [
                {
                    "id": self.product.id,
                    "name": self.product.display_name,
                    "unit": self.product.uom_id.name,
                }
            ],
        )
        self.assertEqual(find("CH-9"), [])
        self.assertEqual(find(["x"]), [])
        self.assertEqual(find(""), [])
        self.channel._write_assessed({"state": "draft"})
        self.assertEqual(find("CH-"), [])

    # The first page ----------------------------------------------------------------

    def test_first_page(self):
        agreement = self.channel.agreement_ids
        agreement.write({"terms": "<p>Thirty days</p>"})
        paper = self.env["ir.attachment"].create({"name": "paper.png", "raw": _PNG})
        agreement.attachment_ids = paper
        other = self.env["ir.attachment"].create({"name": "other.png", "raw": _PNG})
        self.other_channel.agreement_ids.attachment_ids = other
        self.channel.note = "<p>Pays late</p>"
        page = self._get().text
        for words in (
            "Dealer North",
            agreement.name,
            "100 days left",
            "Thirty days",
            "Channel Prices",
            "Salesman",
            "salesman@example.com",
        ):
            self.assertIn(words, page)
        self.assertNotIn("Pays late", page)
        self.assertNotIn("Dealer South", page)
        url = "/my/channel/agreement"
        self.assertEqual(self._get(f"{url}/{agreement.id}/{paper.id}").content, _PNG)
        theirs = self.other_channel.agreement_ids
        for path in (
            f"{url}/{theirs.id}/{other.id}",
            f"{url}/{agreement.id}/{other.id}",
            f"{url}/{agreement.id}/0",
        ):
            self.assertEqual(self._get(path).status_code, 404)

    def test_card_on_the_home_page(self):
        def count():
            answer = self.url_open(
                "/my/counters",
                data=json.dumps({"params": {"counters": ["channel_count"]}}),
                headers={"Content-Type": "application/json"},
            )
            return answer.json()["result"]["channel_count"]

        self.assertEqual(count(), 1)
        self.channel._write_assessed({"state": "draft"})
        self.assertEqual(count(), 0)

    def test_progress_until_the_order(self):
        self._send()
        demand = self._last()
        url = f"/my/channel/demands/{demand.id}"
        self.assertIn("we are looking at it", self._get(url).text)
        demand.with_user(self.salesman).action_accept()
        self.assertIn("being prepared", self._get(url).text)
        self.assertNotIn("/my/orders/", self._get(url).text)
        demand.order_id.action_confirm()
        page = self._get(url).text
        self.assertIn("Order confirmed", page)
        self.assertIn(f"/my/orders/{demand.order_id.id}", page)
