import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The form of a demand: more lines, and products while one types. Without it the form
 * works as well; a name or number that fits is found when it is sent.
 */
export class ChannelDemandForm extends Interaction {
    static selector = ".o_channel_demand_form";
    dynamicContent = {
        ".o_channel_add_line": { "t-on-click": () => this.addLine() },
        ".o_channel_lines": {
            "t-on-input": this.onInput,
            "t-on-click": this.onClick,
        },
    };

    setup() {
        this.products = new Map();
        this.list = this.el.querySelector("#channel_products");
        this.search = this.debounced(this.searchProducts, 250);
        this.renumber();
    }

    get rows() {
        return [...this.el.querySelectorAll(".o_channel_line")];
    }

    addLine() {
        if (this.rows.length >= Number(this.el.dataset.mostLines)) {
            return;
        }
        const template = this.el.querySelector("template.o_channel_empty_line");
        const row = template.content.firstElementChild.cloneNode(true);
        const next = Math.max(0, ...this.rows.map((r) => Number(r.dataset.number) + 1));
        row.dataset.number = next;
        for (const node of row.querySelectorAll("[name], [id], [for]")) {
            for (const attribute of ["name", "id", "for"]) {
                const value = node.getAttribute(attribute);
                if (value) {
                    node.setAttribute(attribute, value.replace("line-0-", `line-${next}-`));
                }
            }
        }
        this.el.querySelector(".o_channel_lines").append(row);
        this.renumber();
        row.querySelector(".o_channel_product").focus();
    }

    onClick(ev) {
        if (!ev.target.closest(".o_channel_remove_line")) {
            return;
        }
        const row = ev.target.closest(".o_channel_line");
        if (this.rows.length > 1) {
            row.remove();
            this.renumber();
        } else {
            row.querySelectorAll("input").forEach((input) => (input.value = ""));
        }
    }

    renumber() {
        this.rows.forEach((row, index) => {
            row.querySelector(".o_channel_number").textContent = index + 1;
        });
    }

    onInput(ev) {
        if (!ev.target.matches(".o_channel_product")) {
            return;
        }
        const row = ev.target.closest(".o_channel_line");
        const product = this.products.get(ev.target.value);
        row.querySelector(".o_channel_product_id").value = product ? product.id : "";
        if (product) {
            row.querySelector(".o_channel_unit").value = product.unit;
        } else {
            this.search(ev.target.value);
        }
    }

    async searchProducts(text) {
        if (text.trim().length < 2) {
            return;
        }
        const found = await this.waitFor(rpc("/my/channel/products", { text }));
        this.list.replaceChildren(
            ...found.map((product) => {
                this.products.set(product.name, product);
                const option = document.createElement("option");
                option.value = product.name;
                option.label = product.unit;
                return option;
            })
        );
    }
}

registry.category("public.interactions").add("channel_rebate.demand_form", ChannelDemandForm);
