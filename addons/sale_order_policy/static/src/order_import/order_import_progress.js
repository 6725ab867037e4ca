import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const INTERVAL = 2000;

/**
 * Shows how far an import is, and asks again as long as it is at work.
 */
export class OrderImportProgress extends Component {
    static template = "sale_order_policy.OrderImportProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), INTERVAL);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get isAtWork() {
        return ["reading", "running"].includes(this.props.record.data.state);
    }

    get percent() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.data.state === "reading"
            ? _t("Checking rows: %s %", this.percent)
            : _t("Creating orders: %s %", this.percent);
    }

    async refresh() {
        const { record } = this.props;
        if (!this.isAtWork || this.isAsking || !record.resId || document.hidden) {
            return;
        }
        this.isAsking = true;
        try {
            if (!(await record.isDirty())) {
                await record.load();
            }
        } finally {
            this.isAsking = false;
        }
    }
}

export const orderImportProgress = {
    component: OrderImportProgress,
    displayName: _t("Progress of an Import"),
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "state", type: "selection" }],
};

registry.category("fields").add("sale_order_import_progress", orderImportProgress);
