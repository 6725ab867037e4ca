import { onWillStart, useRef, useState } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { checkFileSize } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { FileUploader } from "@web/views/fields/file_handler";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * The originals of an order: drop files on them, or upload several at once, and say
 * what they are. The server decides what is kept; nothing is checked here.
 */
export class OriginalsField extends X2ManyField {
    static template = "sale_order_policy.OriginalsField";
    static components = { ...X2ManyField.components, FileUploader };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.root = useRef("root");
        this.pending = [];
        this.kinds = useState({ all: [], chosen: false });
        useDropzone(
            this.root,
            (ev) => this.onDrop(ev),
            "",
            () => this.canAdd
        );
        onWillStart(async () => {
            if (this.canAdd) {
                this.kinds.all = await this.orm.searchRead("sale.original.kind", [], ["name"]);
                this.kinds.chosen = this.kinds.all[0]?.id || false;
            }
        });
    }

    get canAdd() {
        return !this.props.readonly;
    }

    get isEmpty() {
        return !this.list.count;
    }

    onKindChange(ev) {
        this.kinds.chosen = Number(ev.target.value);
    }

    /** Called for each file that was chosen; they are sent together. */
    onUploaded({ name, data }) {
        this.pending.push({ name, data });
    }

    onUploadComplete() {
        const files = this.pending;
        this.pending = [];
        return this.add(files);
    }

    async onDrop(ev) {
        const files = [];
        for (const file of ev.dataTransfer.files) {
            if (!checkFileSize(file.size, this.notificationService)) {
                return;
            }
            const url = await getDataURLFromFile(file);
            files.push({ name: file.name, data: url.split(",")[1] || "" });
        }
        return this.add(files);
    }

    /** The order is saved first: what is typed must not get lost by the reload. */
    async add(files) {
        const { record } = this.props;
        if (!files.length || !(await record.save())) {
            return;
        }
        await this.orm.call("sale.order", "policy_add_originals", [record.resId, files], {
            kind_id: this.kinds.chosen,
        });
        await record.load();
        this.notificationService.add(
            files.length === 1 ? _t("1 original added") : _t("%s originals added", files.length),
            { type: "success" }
        );
    }

    async classify() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("sale.order", "action_classify_originals", [
            record.resId,
        ]);
        return this.action.doAction(action, { onClose: () => record.load() });
    }
}

export const originalsField = {
    ...x2ManyField,
    component: OriginalsField,
    displayName: _t("Originals of an Order"),
    supportedTypes: ["one2many"],
};

registry.category("fields").add("sale_order_originals", originalsField);
