import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Asks the questions of a checklist: all of them at once, one press per answer, on a
 * phone too. The value is a one2many whose lines have a question (`name`), an `answer`
 * and a `remark`.
 */
export class ApprovalChecklist extends Component {
    static template = "document_approval.ApprovalChecklist";
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    get options() {
        const [first] = this.lines;
        return first ? first.fields.answer.selection : [];
    }

    get unanswered() {
        return this.lines.filter((line) => !line.data.answer).length;
    }

    get summary() {
        return this.unanswered
            ? _t("%s to answer", this.unanswered)
            : _t("All answered");
    }

    isWrong({ data }) {
        return data.must_be_yes && data.answer && data.answer !== "yes";
    }

    answer(line, value) {
        return line.update({ answer: value });
    }

    remark(line, ev) {
        return line.update({ remark: ev.target.value });
    }
}

export const approvalChecklist = {
    component: ApprovalChecklist,
    displayName: _t("Checklist"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: () => [
        {
            name: "check_id",
            type: "many2one",
            relation: "document.approval.check",
            readonly: false,
        },
        { name: "name", type: "char", readonly: true },
        { name: "must_be_yes", type: "boolean", readonly: true },
        {
            name: "answer",
            type: "selection",
            selection: [
                ["yes", _t("Yes")],
                ["no", _t("No")],
                ["na", _t("Not applicable")],
            ],
            readonly: false,
        },
        { name: "remark", type: "char", readonly: false },
    ],
};

registry.category("fields").add("document_approval_checklist", approvalChecklist);
