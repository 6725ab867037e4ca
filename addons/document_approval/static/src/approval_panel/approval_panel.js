import { Component, useState } from "@odoo/owl";
import {
    deserializeDateTime,
    formatDateTime,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const STATE_BADGES = {
    none: "text-bg-secondary",
    pending: "text-bg-info",
    approved: "text-bg-success",
    refused: "text-bg-danger",
    superseded: "text-bg-warning",
    withdrawn: "text-bg-secondary",
    lapsed: "text-bg-warning",
    observed: "text-bg-secondary",
};

const SEVERITY_ICONS = {
    block: "fa-ban text-danger",
    review: "fa-search text-warning",
    info: "fa-info-circle text-info",
};

const LEVEL_MARKERS = {
    done: "o_approval_marker_done",
    open: "o_approval_marker_open",
    waiting: "o_approval_marker_waiting",
    refused: "o_approval_marker_refused",
};

const SEAT_ICONS = {
    waiting: "fa-hourglass-o text-muted",
    open: "fa-clock-o text-primary",
    approved: "fa-check-circle text-success",
    refused: "fa-times-circle text-danger",
    closed: "fa-minus-circle text-muted",
};

const DECISION_ICONS = {
    submit: "fa-paper-plane text-muted",
    approve: "fa-check text-success",
    refuse: "fa-times text-danger",
    delegate: "fa-share text-info",
    add_seat: "fa-user-plus text-info",
    escalate: "fa-level-up text-warning",
    replace: "fa-exchange text-info",
    ask: "fa-question-circle text-info",
    carry_over: "fa-history text-success",
    emergency: "fa-bolt text-danger",
    supersede: "fa-pencil text-warning",
    withdraw: "fa-undo text-muted",
    lapse: "fa-hourglass-end text-warning",
};

const SPOKEN = ["approve", "refuse", "carry_over"];

/** Done by the system: what counts is who may decide from then on. */
const BROUGHT_IN = ["escalate", "replace"];

const ANSWER_ICONS = {
    yes: "fa-check-square-o text-success",
    no: "fa-square-o text-danger",
    na: "fa-minus-square-o text-muted",
};

/**
 * Shows where a document stands in its approval: what was found, who decides in
 * which order, what was decided, what changed and how earlier rounds ended.
 *
 * The value is the computed `approval_panel` of a document. Everything in it is
 * translated and free of markup; nothing is decided here.
 */
export class ApprovalPanel extends Component {
    static template = "document_approval.ApprovalPanel";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ showsHistory: false });
    }

    get panel() {
        return this.props.record.data[this.props.name] || false;
    }

    get isObserveOnly() {
        return this.panel.mode === "observe";
    }

    get amount() {
        const { amount, currency_id: currencyId } = this.panel;
        return amount ? formatMonetary(amount, { currencyId }) : "";
    }

    get submittedBy() {
        const { requester, date_submitted: date } = this.panel;
        if (!requester || !date) {
            return "";
        }
        return _t("Submitted by %(requester)s, %(date)s", {
            requester,
            date: this.shortDate(date),
        });
    }

    get historyLabel() {
        const count = this.panel.history.length;
        return count === 1 ? _t("1 earlier round") : _t("%s earlier rounds", count);
    }

    get hasEnclosures() {
        const { items = [], added = [] } = this.panel.enclosures || {};
        return Boolean(items.length || added.length);
    }

    /** The whole hash, for who compares it with a file in his hands. */
    hashLabel({ sha256 }) {
        return _t("SHA-256 of the content: %s", sha256);
    }

    toggleHistory() {
        this.state.showsHistory = !this.state.showsHistory;
    }

    // Classes

    stateBadge(state) {
        return STATE_BADGES[state] || "text-bg-secondary";
    }

    severityIcon(severity) {
        return SEVERITY_ICONS[severity] || SEVERITY_ICONS.info;
    }

    levelMarker(level) {
        return LEVEL_MARKERS[level.state] || LEVEL_MARKERS.waiting;
    }

    seatIcon(seat) {
        return SEAT_ICONS[seat.state] || SEAT_ICONS.waiting;
    }

    decisionIcon(kind) {
        return DECISION_ICONS[kind] || "fa-circle-o text-muted";
    }

    answerIcon(answer) {
        return ANSWER_ICONS[answer] || ANSWER_ICONS.na;
    }

    /** Dimmed: its turn has not come or was passed over. A preview dims nothing. */
    isPending({ state }) {
        return !this.panel.is_preview && ["waiting", "closed"].includes(state);
    }

    // Texts

    shortDate(value) {
        return value ? toLocaleDateTimeString(deserializeDateTime(value)) : "";
    }

    fullDate(value) {
        return value ? formatDateTime(deserializeDateTime(value)) : "";
    }

    roundLabel(number) {
        return _t("Round %s", number);
    }

    /** Who may still decide; who has decided is named with the decision. */
    candidates(seat) {
        if (!["open", "waiting"].includes(seat.state)) {
            return [];
        }
        const done = seat.decisions
            .filter(({ kind }) => SPOKEN.includes(kind))
            .map((decision) => decision.user);
        return seat.names.filter((name) => !done.includes(name));
    }

    moreLabel(count) {
        return _t("and %s more", count);
    }

    /** What was agreed in an earlier round is told as said by who said it. */
    decidedBy(decision) {
        const { user, kind, people, on_behalf: absent } = decision;
        if (kind === "carry_over") {
            return absent;
        }
        if (BROUGHT_IN.includes(kind)) {
            return people.join(", ");
        }
        if (kind === "delegate") {
            return user;
        }
        return absent ? _t("%(user)s for %(absent)s", { user, absent }) : user;
    }

    /** Who was brought in, and whose agreement of which round was carried over. */
    more(decision) {
        const { kind, people, on_behalf: absent, origin_number: round } = decision;
        const names = people.join(", ");
        if (kind === "carry_over") {
            return _t("agreed in round %s", round);
        }
        if (kind === "delegate") {
            return _t("%(names)s for %(absent)s", { names, absent });
        }
        return BROUGHT_IN.includes(kind) ? "" : names;
    }

    /** "Approved" and "Refused" are said by the icon of the decision. */
    saysKind(decision) {
        return !["approve", "refuse"].includes(decision.kind);
    }

    /** The reason an earlier round ended with, unless its log says it already. */
    saysMore({ reason, entries }) {
        return reason && !entries.some((decision) => decision.words === reason);
    }

    // Actions

    decide(seat, decision) {
        return this.clickButton({
            type: "action",
            name: "document_approval.document_approval_decide_action",
            buttonContext: { default_seat_ids: [seat.id], default_decision: decision },
        });
    }

    /** Ask another department to review too, from the seat one decides on. */
    addSeat(seat) {
        return this.clickButton({
            type: "action",
            name: "document_approval.document_approval_add_seat_action",
            buttonContext: { default_seat_id: seat.id },
        });
    }

    release() {
        const { resModel, resId } = this.props.record;
        return this.clickButton({
            type: "action",
            name: "document_approval.document_approval_emergency_action",
            buttonContext: { default_res_model: resModel, default_res_id: resId },
        });
    }

    printRecord() {
        return this.clickButton({
            type: "object",
            name: "action_print_approval_record",
        });
    }

    withdraw() {
        return this.clickButton({
            type: "object",
            name: "action_withdraw_approval",
            confirm: _t(
                "Withdraw this submission? What was decided so far stays in the history."
            ),
            "confirm-label": _t("Withdraw"),
        });
    }

    /** Does what a button of the view does: saves first, reloads afterwards. */
    clickButton(clickParams) {
        const { resModel, resId, resIds, evalContext } = this.props.record;
        return this.env.onClickViewButton({
            clickParams,
            // without the context of the document: its defaults are not meant for us
            getResParams: () => ({ resModel, resId, resIds, evalContext }),
        });
    }
}

export const approvalPanel = {
    component: ApprovalPanel,
    displayName: _t("Approval Panel"),
    supportedTypes: ["json"],
};

registry.category("fields").add("document_approval_panel", approvalPanel);
