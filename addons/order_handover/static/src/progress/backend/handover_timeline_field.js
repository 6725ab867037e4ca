import { Component, markup } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Shows the timeline of an order as the server made it: no user writes into it. */
export class HandoverTimelineField extends Component {
    static template = "order_handover.HandoverTimelineField";
    static props = { ...standardFieldProps };

    get html() {
        const value = this.props.record.data[this.props.name];
        return value ? markup(value.toString()) : "";
    }
}

registry.category("fields").add("handover_timeline", {
    component: HandoverTimelineField,
    supportedTypes: ["html"],
});
