from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDefaultNames(TransactionCase):
    """The usual departments, levels and flow are named in every language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["res.lang"].search([("code", "=", "zh_TW")]).active = False
        cls.company = cls.env["res.company"].create({"name": "Branch"})
        cls.flow = (
            cls.env["res.company"]
            .with_context(lang="zh_CN")
            .browse(cls.company.id)
            ._sale_policy_create_default_flow()
        )

    def _finance(self, lang):
        return (
            self.env["document.approval.department"]
            .with_context(lang=lang)
            .search([("company_id", "=", self.company.id), ("code", "=", "finance")])
        )

    def test_created_by_a_chinese_user(self):
        self.assertEqual(self._finance("en_US").name, "Finance")
        self.assertEqual(self._finance("zh_CN").name, "财务部")
        levels = self.flow.level_ids
        self.assertEqual(levels[1].with_context(lang="zh_CN").name, "联合审核")
        self.assertEqual(levels[1].with_context(lang="en_US").name, "Joint review")
        self.assertEqual(self.flow.with_context(lang="zh_CN").name, "销售订单")
        check = levels[1].seat_ids.check_ids[:1].with_context(lang="en_US")
        self.assertEqual(check.name, "Specification complete and clear?")

    def test_language_added_later(self):
        self._finance("zh_CN").name = "财务中心"
        self.flow.level_ids[3].with_context(lang="en_US").name = "Board"
        check = self.flow.level_ids.seat_ids.check_ids[:1].with_context(lang="en_US")
        check.name = "Blueprint signed?"
        self.env["res.lang"]._activate_lang("zh_TW")
        self.env["ir.module.module"]._load_module_terms(
            ["sale_order_policy"], ["zh_CN", "zh_TW"]
        )
        self.assertEqual(self._finance("zh_TW").name, "財務部")
        self.assertEqual(self._finance("zh_CN").name, "财务中心", "named by somebody")
        self.assertEqual(
            self.flow.level_ids[3].with_context(lang="zh_TW").name, "Board"
        )
        self.assertEqual(check.with_context(lang="zh_TW").name, "Blueprint signed?")
