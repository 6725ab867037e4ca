from odoo.tools import SQL


def leave_statements(env):
    """Leave the printed statements with their customers when the add-on goes."""
    env.flush_all()
    queries = (
        "UPDATE ir_attachment file SET res_model = 'res.partner',"
        " res_id = s.partner_id FROM channel_statement s"
        " WHERE file.res_model = 'channel.statement' AND file.res_id = s.id"
        " AND file.res_field IS NULL",
        "UPDATE ir_attachment file SET res_model = 'res.partner',"
        " res_id = s.partner_id FROM channel_statement_answer a"
        " JOIN channel_statement s ON s.id = a.statement_id"
        " WHERE file.res_model = 'channel.statement.answer' AND file.res_id = a.id"
        " AND file.res_field IS NULL",
        "DELETE FROM channel_statement_paper",
        "DELETE FROM channel_statement_answer",
        "DELETE FROM channel_statement_line",
        "DELETE FROM channel_statement",
        "DELETE FROM channel_statement_series",
    )
    for query in queries:
        env.cr.execute(SQL(query))
    env.invalidate_all()
