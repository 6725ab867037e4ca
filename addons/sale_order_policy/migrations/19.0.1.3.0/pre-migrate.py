"""What channel partners answered to letters becomes what any customer may answer.

The tables and what the registry knows of them move from ``channel_rebate`` to this
add-on, rows and numbers unchanged.
"""

from odoo.tools import SQL

_MOVED = (
    ("channel.confirmation.line", "sale.order.letter.answer.line"),
    ("channel.confirmation", "sale.order.letter.answer"),
)
_CRON = ("ir_cron_channel_confirmation", "ir_cron_letter_answer")


def migrate(cr, version):
    """Rename tables, models and references, if ``channel_rebate`` is installed."""
    cr.execute("SELECT to_regclass('channel_confirmation')")
    if not cr.fetchone()[0]:
        return
    cr.execute(
        "ALTER TABLE channel_confirmation_line RENAME confirmation_id TO answer_id"
    )
    cr.execute("ALTER TABLE channel_confirmation ADD COLUMN remind_on timestamp")
    _drop_rules(cr)
    for old, new in _MOVED:
        _rename_table(cr, old.replace(".", "_"), new.replace(".", "_"))
        _rename_model(cr, old, new)
        _rename_references(cr, old.replace(".", "_"), new.replace(".", "_"))
    cr.execute(
        "UPDATE ir_model_fields SET name = 'answer_id'"
        " WHERE model = 'sale.order.letter.answer.line' AND name = 'confirmation_id'"
    )
    cr.execute(
        "UPDATE ir_model_fields SET relation_field = 'answer_id'"
        " WHERE model = 'sale.order.letter.answer' AND name = 'line_ids'"
    )
    cr.execute(
        "UPDATE ir_model_data"
        " SET name = 'field_sale_order_letter_answer_line__answer_id'"
        " WHERE name = 'field_sale_order_letter_answer_line__confirmation_id'"
    )
    _move_cron(cr)


def _drop_rules(cr):
    """Drop the rules of the old models; the new ones are data of this add-on."""
    cr.execute(
        "WITH gone AS (DELETE FROM ir_model_data WHERE module = 'channel_rebate'"
        " AND model = 'ir.rule' AND starts_with(name, 'channel_confirmation')"
        " RETURNING res_id)"
        " DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM gone)"
    )


def _rename_table(cr, old, new):
    """Rename a table with its sequence, constraints and indexes."""
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", _name(old), _name(new)))
    cr.execute(
        SQL(
            "ALTER SEQUENCE %s RENAME TO %s",
            _name(f"{old}_id_seq"),
            _name(f"{new}_id_seq"),
        )
    )
    cr.execute(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = to_regclass(%s) AND starts_with(conname, %s)",
        (new, old),
    )
    for (name,) in cr.fetchall():
        cr.execute(
            SQL(
                "ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                _name(new),
                _name(name),
                _name(_get_new(name, old, new)),
            )
        )
    cr.execute(
        "SELECT indexname FROM pg_indexes"
        " WHERE tablename = %s AND starts_with(indexname, %s)",
        (new, old),
    )
    for (name,) in cr.fetchall():
        after = _name(_get_new(name, old, new))
        cr.execute(SQL("ALTER INDEX %s RENAME TO %s", _name(name), after))


def _get_new(name, old, new):
    """Return the new name of something that begins with the name of its table."""
    return (new + name[len(old) :]).replace("_confirmation_id_", "_answer_id_")


def _rename_model(cr, old, new):
    cr.execute("UPDATE ir_model SET model = %s WHERE model = %s", (new, old))
    cr.execute("UPDATE ir_model_fields SET model = %s WHERE model = %s", (new, old))
    cr.execute(
        "UPDATE ir_model_fields SET relation = %s WHERE relation = %s", (new, old)
    )
    cr.execute("UPDATE ir_filters SET model_id = %s WHERE model_id = %s", (new, old))


def _rename_references(cr, old, new):
    """Give what describes the model to this add-on, but for the partner's file."""
    cr.execute(
        "UPDATE ir_model_constraint SET name ="
        " replace(%s || substr(name, %s), '_confirmation_id_', '_answer_id_'),"
        " module = CASE WHEN name LIKE '%%channel_partner_id%%' THEN module ELSE"
        " (SELECT id FROM ir_module_module WHERE name = 'sale_order_policy') END"
        " WHERE starts_with(name, %s)",
        (new, len(old) + 1, old),
    )
    for prefix in ("model_{}", "field_{}__", "selection__{}__", "constraint_{}_"):
        before, after = prefix.format(old), prefix.format(new)
        cr.execute(
            "UPDATE ir_model_data SET name = %s || substr(name, %s),"
            " module = CASE WHEN name LIKE '%%channel_partner_id%%'"
            " THEN module ELSE 'sale_order_policy' END"
            " WHERE module = 'channel_rebate' AND starts_with(name, %s)"
            " AND (name = %s OR right(%s, 1) = '_')",
            (after, len(before) + 1, before, before, before),
        )


def _move_cron(cr):
    """Keep the scheduled job, with whatever was set on it, under its new name."""
    old, new = _CRON
    cr.execute(
        "UPDATE ir_act_server SET name = jsonb_build_object('en_US',"
        " 'Orders: letters customers did not answer') WHERE id IN ("
        "SELECT cron.ir_actions_server_id FROM ir_cron cron JOIN ir_model_data data"
        " ON data.model = 'ir.cron' AND data.res_id = cron.id"
        " WHERE data.module = 'channel_rebate' AND data.name = %s)",
        (old,),
    )
    cr.execute(
        "UPDATE ir_model_data SET module = 'sale_order_policy',"
        " name = %s || substr(name, %s)"
        " WHERE module = 'channel_rebate' AND starts_with(name, %s)",
        (new, len(old) + 1, old),
    )


def _name(name):
    return SQL.identifier(name)
