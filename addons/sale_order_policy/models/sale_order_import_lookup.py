import difflib
import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_list

from ..spreadsheet import normalise, unit_alias

MOST_SUGGESTED_FOR = 30
MOST_CANDIDATES = 400
MOST_SUGGESTIONS = 3
BRACKETED = re.compile(r"\[([^\[\]]+)\]")


class SaleOrderImportLookup(models.AbstractModel):
    """Finds the records that the texts of a spreadsheet name (SPEC A4).

    All texts of one kind at once, with the rights of the user: what he may not see is
    unknown. A result is (record, ""), or (None, why not).
    """

    _name = "sale.order.import.lookup"
    _description = "Lookup of Order Imports"

    @api.model
    def _find_all(self, job, texts):
        """Return {kind: {text: (record, reason)}}.

        :param dict texts: {kind: set of texts}
        """
        finders = {
            "type": self._find_type,
            "customer": self._find_customer,
            "product": self._find_product,
            "unit": self._find_unit,
            "terms": self._find_terms,
            "salesperson": self._find_user,
            "source": self._find_source,
        }
        return {
            kind: self._read_together(find(job, sorted(texts[kind])))
            if texts.get(kind)
            else {}
            for kind, find in finders.items()
        }

    @api.model
    def _read_together(self, results):
        """Return the results with records whose fields are fetched all at once."""
        ids = tuple({record.id for record, _reason in results.values() if record})
        return {
            text: (record.with_prefetch(ids) if record else None, reason)
            for text, (record, reason) in results.items()
        }

    # Kinds with many records -------------------------------------------------------

    @api.model
    def _find_customer(self, job, texts):
        partners = self.env["res.partner"]
        found = self._search_texts(
            partners.with_context(active_test=True),
            texts,
            ("ref", "vat", "name"),
            partners._check_company_domain(job.company_id),
        )
        partners.union(*(m for m, _close in found.values())).fetch(["parent_id"])
        return {
            text: self._choose(
                matches.filtered(lambda partner: not partner.parent_id) or matches,
                lambda text=text, close=close: self.env._(
                    "No customer with reference, tax number or name "
                    "“%(text)s”.%(close)s",
                    text=text,
                    close=close,
                ),
                lambda text=text: self.env._(
                    "Several customers are called “%(text)s”. Write the reference of "
                    "one of them.",
                    text=text,
                ),
            )
            for text, (matches, close) in found.items()
        }

    @api.model
    def _find_product(self, job, texts):
        products = self.env["product.product"]
        found = self._search_texts(
            products,
            texts,
            ("default_code", "barcode", "name"),
            products._check_company_domain(job.company_id),
        )
        results = {}
        products.union(*(matches for matches, _close in found.values())).fetch(
            ["sale_ok"]
        )
        for text, (matches, close) in found.items():
            sold = matches.filtered("sale_ok")
            if matches and not sold:
                reason = self.env._("“%(text)s” is not for sale.", text=text)
                results[text] = (None, reason)
                continue
            results[text] = self._choose(
                sold,
                lambda text=text, close=close: self.env._(
                    "No product with reference, barcode or name “%(text)s”.%(close)s",
                    text=text,
                    close=close,
                ),
                lambda text=text, sold=sold: self.env._(
                    "“%(text)s” is the name of %(count)s products. Write the internal "
                    "reference.",
                    text=text,
                    count=len(sold),
                ),
            )
        return results

    @api.model
    def _find_user(self, job, texts):
        found = self._search_texts(
            self.env["res.users"],
            texts,
            ("login", "name"),
            Domain("share", "=", False)
            & Domain("company_ids", "in", job.company_id.ids),
        )
        return self._choose_all(found, self.env._("salesperson"))

    @api.model
    def _find_source(self, job, texts):
        found = self._search_texts(
            self.env["utm.source"], texts, ("name",), Domain.TRUE
        )
        return self._choose_all(found, self.env._("channel source"))

    # Kinds with few records, whose names are translated ------------------------------

    @api.model
    def _find_type(self, job, texts):
        types = self.env["sale.order.type"]
        types = types.search(types._check_company_domain(job.company_id))
        found = self._compare_texts(types, texts, ("code", "name"))
        return self._choose_all(found, self.env._("order type"))

    @api.model
    def _find_terms(self, job, texts):
        terms = self.env["account.payment.term"]
        terms = terms.search(terms._check_company_domain(job.company_id))
        return self._choose_all(
            self._compare_texts(terms, texts, ("name",)), self.env._("payment terms")
        )

    @api.model
    def _find_unit(self, _job, texts):
        units = self.env["uom.uom"].search([("active", "=", True)])
        found = self._compare_texts(units, texts, ("name",))
        for text, (matches, _close) in found.items():
            alias = not matches and unit_alias(text)
            unit = alias and self.env.ref(alias, raise_if_not_found=False)
            if unit and unit in units:
                found[text] = (unit, "")
        return self._choose_all(found, self.env._("unit"))

    # How it is done ------------------------------------------------------------------

    @api.model
    def _search_texts(self, model, texts, names, domain):
        """Search all texts in the fields, the first field that knows one deciding.

        One query for what is written exactly, one more for the rest: other case and
        width, and what is called nearly so.

        :return: {text: (records, " Close: ..." if there are none)}
        """
        exact = model.search_fetch(
            Domain(domain)
            & Domain.OR(Domain(n, "in", self._variants(texts)) for n in names),
            [*names],
        )
        found = self._compare(exact, texts, names)
        unknown = [text for text in texts if not found[text]]
        if not unknown:
            return {text: (records, "") for text, records in found.items()}
        near = model.search_fetch(
            Domain(domain) & self._near_domain(unknown, names),
            [*names],
            limit=MOST_CANDIDATES + len(unknown),
        )
        found |= self._compare(near, unknown, names)
        return {
            text: (records, "" if records else self._get_close(text, near, names))
            for text, records in found.items()
        }

    @api.model
    def _variants(self, texts):
        """Return the texts, and what stands in brackets as in "[REF] Name"."""
        variants = set(texts)
        for text in texts:
            variants.update(BRACKETED.findall(text)[:1])
        return list(variants)

    @api.model
    def _near_domain(self, texts, names):
        lowered = tuple(
            {text.lower() for text in texts} | {normalise(t) for t in texts}
        )

        def same(name):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "lower(%s) IN %s", model._field_to_sql(alias, name, query), lowered
                )
            )

        starts = {text[: max(2, len(text) // 3)] for text in texts[:MOST_SUGGESTED_FOR]}
        return Domain.OR(
            [
                *(same(name) for name in names),
                *(Domain(name, "ilike", start) for name in names for start in starts),
            ]
        )

    @api.model
    def _compare(self, records, texts, names):
        """Return {text: records}, the first field that knows the text deciding."""
        ids_by_name = []
        for name in names:
            ids = {}
            for record in records:
                if value := record[name]:
                    ids.setdefault(normalise(value), []).append(record.id)
            ids_by_name.append(ids)
        found = {}
        for text in texts:
            wanted = [normalise(text), *map(normalise, BRACKETED.findall(text)[:1])]
            matches = (ids[key] for key in wanted for ids in ids_by_name if key in ids)
            found[text] = records.browse(next(matches, ()))
        return found

    @api.model
    def _compare_texts(self, records, texts, names):
        """Compare texts with all records in all languages."""
        found = dict.fromkeys(texts, records.browse())
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for lang in sorted(languages, key=lambda code: code != self.env.lang):
            spoken = records.with_context(lang=lang)
            for text, matches in self._compare(spoken, texts, names).items():
                found[text] = found[text] or matches.with_env(self.env)
        return {
            text: (matches, "" if matches else self._get_close(text, records, names))
            for text, matches in found.items()
        }

    @api.model
    def _get_close(self, text, records, names):
        """Return a sentence that names what is called nearly so; it may be empty."""
        known = {
            normalise(record[n]): record[n]
            for record in records
            for n in names
            if record[n]
        }
        close = difflib.get_close_matches(normalise(text), known, MOST_SUGGESTIONS, 0.6)
        if not close:
            return ""
        return " " + self.env._(
            "Close: %(names)s.", names=format_list(self.env, [known[c] for c in close])
        )

    @api.model
    def _choose(self, matches, unknown, ambiguous):
        if len(matches) == 1:
            return (matches, "")
        return (None, ambiguous() if matches else unknown())

    @api.model
    def _choose_all(self, found, what):
        return {
            text: self._choose(
                matches,
                lambda text=text, close=close: self.env._(
                    "Unknown %(what)s “%(text)s”.%(close)s",
                    what=what,
                    text=text,
                    close=close,
                ),
                lambda text=text: self.env._(
                    "“%(text)s” is the name of several: %(what)s.", what=what, text=text
                ),
            )
            for text, (matches, close) in found.items()
        }
