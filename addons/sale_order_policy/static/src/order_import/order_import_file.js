import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

/**
 * A file field as a large area that a spreadsheet can be dropped on.
 */
export class OrderImportFile extends BinaryField {
    static template = "sale_order_policy.OrderImportFile";

    setup() {
        super.setup();
        this.drop = useState({ isOver: false });
        this.notifications = useService("notification");
    }

    get hasFile() {
        return Boolean(this.props.record.data[this.props.name]);
    }

    async onDrop(ev) {
        this.drop.isOver = false;
        const [file, second] = ev.dataTransfer.files;
        if (!file || this.props.readonly) {
            return;
        }
        if (second) {
            this.notifications.add(_t("One file at a time, please."), { type: "warning" });
            return;
        }
        const url = await getDataURLFromFile(file);
        await this.update({ data: url.split(",")[1], name: file.name });
    }
}

export const orderImportFile = {
    ...binaryField,
    component: OrderImportFile,
    displayName: _t("Spreadsheet"),
};

registry.category("fields").add("sale_order_import_file", orderImportFile);
