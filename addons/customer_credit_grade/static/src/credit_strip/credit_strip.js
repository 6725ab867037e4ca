import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LEVELS = { pass: "success", pay: "warning", stop: "danger", finance: "warning" };

/**
 * What an order does to the customer's credit, in one line.
 *
 * The value is prepared by `sale.order._prepare_credit_strip`; without figures for
 * those who may not read the credit account.
 */
export class CreditStripField extends Component {
    static template = "customer_credit_grade.CreditStrip";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get strip() {
        return this.props.record.data[this.props.name];
    }

    get level() {
        return LEVELS[this.strip.state];
    }

    get figures() {
        return this.strip.figures;
    }

    get words() {
        if (this.strip.state === "finance") {
            return _t("Credit: finance has to look at this order.");
        }
        return _t("Credit: nothing speaks against this order.");
    }

    get isLimited() {
        return this.figures.mode === "limited";
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.figures.currency_id });
    }

    open() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.credit.account",
            res_id: this.figures.account_id,
            views: [[false, "form"]],
        });
    }
}

export const creditStripField = {
    component: CreditStripField,
    supportedTypes: ["json"],
};

registry.category("fields").add("credit_strip", creditStripField);
