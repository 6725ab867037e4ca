import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const STEP_ICONS = {
    done: "fa-check-circle text-success",
    todo: "fa-exclamation-circle text-danger",
    recommended: "fa-lightbulb-o text-warning",
};

const MODE_BADGES = {
    off: "text-bg-secondary",
    observe: "text-bg-info",
    enforce: "text-bg-success",
};

/**
 * Shows what is still missing until a company can enforce its approvals. All texts
 * and states come from the server, anew whenever the screen is shown.
 */
export class ApprovalSetup extends Component {
    static template = "document_approval.ApprovalSetup";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ checklist: null });
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            this.state.checklist = await this.orm.call(
                "document.approval.setup",
                "get_checklist"
            );
        });
    }

    get percentage() {
        const { done, total } = this.state.checklist;
        return total ? Math.round((100 * done) / total) : 0;
    }

    modeBadge(mode) {
        return MODE_BADGES[mode] || "text-bg-secondary";
    }

    stepIcon(state) {
        return STEP_ICONS[state] || "";
    }

    /** Names fit side by side; sentences are listed. */
    isShort(step) {
        return step.details.every((detail) => detail.length < 40);
    }

    open(step) {
        return this.action.doAction(step.action);
    }
}

registry.category("actions").add("document_approval_setup", ApprovalSetup);
