import { Component } from "@odoo/owl";
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The name of an original with the icon of its type; a click shows the file, or
 * downloads what a browser cannot show.
 */
export class OriginalFileField extends Component {
    static template = "sale_order_policy.OriginalFileField";
    static props = { ...standardFieldProps };

    setup() {
        this.viewer = useFileViewer();
    }

    get name() {
        return this.props.record.data[this.props.name] || "";
    }

    get mimetype() {
        return this.props.record.data.mimetype || "";
    }

    get isReplaced() {
        return Boolean(this.props.record.data.replaced_by_id);
    }

    get file() {
        return Object.assign(new FileModel(), {
            id: this.props.record.data.attachment_id.id,
            name: this.name,
            mimetype: this.mimetype,
            type: "binary",
        });
    }

    open() {
        const file = this.file;
        if (file.isViewable) {
            this.viewer.open(file);
        } else {
            window.open(file.downloadUrl, "_blank", "noopener");
        }
    }
}

export const originalFileField = {
    component: OriginalFileField,
    displayName: _t("File of an Original"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "attachment_id", type: "many2one", relation: "ir.attachment" },
        { name: "mimetype", type: "char" },
        { name: "replaced_by_id", type: "many2one", relation: "sale.order.original" },
    ],
};

registry.category("fields").add("sale_original_file", originalFileField);
