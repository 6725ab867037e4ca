import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What a customer owes and has ordered, stacked against the limit.
 *
 * The value is prepared by `customer.credit.account._prepare_credit_bar`.
 */
export class CreditBarField extends Component {
    static template = "customer_credit_grade.CreditBar";
    static props = {
        ...standardFieldProps,
        compact: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get bar() {
        return this.props.record.data[this.props.name];
    }

    /** Full width of the bar in money. */
    get scale() {
        const positive = this.bar.parts.reduce((sum, part) => sum + Math.max(part.amount, 0), 0);
        return Math.max(this.bar.limit, positive) || 1;
    }

    get segments() {
        const shown = this.bar.parts.filter((part) => part.amount > 0);
        return shown.map((part) => ({ ...part, width: this.width(part.amount) }));
    }

    /** What was paid already, taken off the end of the stack. */
    get deduction() {
        const sum = (keep) =>
            this.bar.parts.filter(keep).reduce((total, part) => total + part.amount, 0);
        const positive = sum((part) => part.amount > 0);
        const negative = Math.min(
            -sum((part) => part.amount < 0),
            positive
        );
        return { left: this.width(positive - negative), width: this.width(negative) };
    }

    get limitPosition() {
        return this.bar.limit ? Math.min(this.width(this.bar.limit), 100) : null;
    }

    get nearPosition() {
        return this.bar.limit ? this.width(this.bar.near) : null;
    }

    /** success, warning or danger */
    get level() {
        const { mode, exposure, headroom, near, limit } = this.bar;
        if (mode === "unmanaged") {
            return "success";
        }
        if (mode === "stopped" || headroom < -0.000001) {
            return "danger";
        }
        return limit && exposure >= near ? "warning" : "success";
    }

    get legend() {
        return this.bar.parts.filter((part) => part.amount || ["receivable", "ordered"].includes(part.name));
    }

    width(amount) {
        return Math.max((amount / this.scale) * 100, 0);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.bar.currency_id });
    }

    /** Opens the documents a figure is made of. */
    async open(component) {
        if (!this.bar.account_id || this.props.compact) {
            return;
        }
        const action = await this.orm.call(
            "customer.credit.account",
            "action_open_component",
            [[this.bar.account_id], component]
        );
        await this.action.doAction(action);
    }
}

export const creditBarField = {
    component: CreditBarField,
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ compact: Boolean(options.compact) }),
};

registry.category("fields").add("credit_bar", creditBarField);
