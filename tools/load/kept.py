"""What is to be kept whole: signatures, files, payments, mails; checks as in
:mod:`.invariants`.
"""

import hashlib

from odoo.tools import SQL
from odoo.tools.mail import email_normalize

MOST_TOLD = 5
#: of whose files each is read and compared
MODELS = (
    *("order.acceptance", "sale.order", "order.shipping.notice", "stock.picking"),
    *("sale.order.letter", "account.move"),
)
STATEMENTS = {
    "an accepted slip has no signature": """
        SELECT s.id FROM order_acceptance s
         WHERE s.state = 'signed' AND s.way = 'portal' AND NOT EXISTS (
               SELECT FROM ir_attachment a WHERE a.res_model = 'order.acceptance'
                  AND a.res_id = s.id AND a.res_field = 'signature'
                  AND a.checksum IS NOT NULL AND a.file_size > 0)
         UNION ALL
        SELECT id FROM order_acceptance
         WHERE state = 'signed' AND way = 'paper'
           AND (paper_id IS NULL OR sha256 IS NULL)
    """,
    "a slip is signed by half": """
        SELECT id FROM order_acceptance
         WHERE (state = 'signed') != (signed_on IS NOT NULL)
            OR (state = 'signed') != (result IS NOT NULL)
         UNION
        SELECT l.acceptance_id FROM order_acceptance_line l
          JOIN order_acceptance s ON s.id = l.acceptance_id AND s.state = 'signed'
         WHERE ABS(COALESCE(l.accepted_qty, 0) + COALESCE(l.rejected_qty, 0)
                   - l.quantity) > 0.0001
    """,
    "goods of an accepted slip did not arrive": """
        SELECT s.id, p.name, p.state FROM order_acceptance s
          JOIN stock_picking p ON p.id = s.transfer_id
         WHERE s.state = 'signed' AND s.result = 'accepted' AND p.state != 'done'
    """,
    "a transfer is done by half": """
        SELECT p.name, m.state FROM stock_picking p
          JOIN stock_move m ON m.picking_id = p.id
         WHERE p.state = 'done' AND m.state NOT IN ('done', 'cancel')
    """,
    "an order has no lines": """
        SELECT o.name FROM sale_order o
         WHERE NOT EXISTS (SELECT FROM sale_order_line l WHERE l.order_id = o.id)
    """,
    "a payment was not booked": """
        SELECT p.id, p.name FROM account_payment p
     LEFT JOIN account_move m ON m.id = p.move_id
         WHERE p.state IN ('in_process', 'paid') AND m.state IS DISTINCT FROM 'posted'
    """,
    "a paper was sent without its file": """
        SELECT 'letter', id FROM sale_order_letter
         WHERE state = 'sent' AND (attachment_id IS NULL OR sha256 IS NULL
                                   OR date_sent IS NULL)
         UNION ALL
        SELECT 'notice', id FROM order_shipping_notice
         WHERE state = 'sent' AND (attachment_id IS NULL OR sha256 IS NULL
                                   OR date_sent IS NULL)
    """,
    "a letter confirms something else than was approved": """
        SELECT l.id FROM sale_order_letter l
          JOIN document_approval_round r ON r.id = l.round_id
         WHERE l.fingerprint != r.fingerprint
    """,
    "a confirmed order has no letter": """
        SELECT o.name FROM sale_order o
          JOIN res_company c ON c.id = o.company_id AND c.sale_policy_letter
         WHERE o.state = 'sale'
           AND NOT EXISTS (SELECT FROM sale_order_letter l
                            WHERE l.round_id = o.approval_round_id)
    """,
    "a paper that was sent has no mail": """
        SELECT paper.kind, paper.id FROM (
            SELECT 'letter' AS kind, id, attachment_id FROM sale_order_letter
             WHERE state = 'sent'
             UNION ALL
            SELECT 'notice', id, attachment_id FROM order_shipping_notice
             WHERE state = 'sent') paper
         WHERE NOT EXISTS (
            SELECT FROM message_attachment_rel a
              JOIN mail_notification n ON n.mail_message_id = a.message_id
                   AND n.notification_type = 'email'
             WHERE a.attachment_id = paper.attachment_id)
    """,
    "a mail was lost": """
        SELECT n.id, n.notification_status FROM mail_notification n
     LEFT JOIN mail_mail m ON m.mail_message_id = n.mail_message_id
               AND m.state IN ('outgoing', 'exception')
         WHERE n.notification_type = 'email' AND m.id IS NULL
           AND n.notification_status NOT IN ('sent', 'canceled')
    """,
    "a mail failed without a reason": """
        SELECT id FROM mail_mail
         WHERE state = 'exception' AND COALESCE(failure_reason, '') = ''
    """,
}


def broken_files(env) -> list[str]:
    """Return files that cannot be read, or are others than were stored."""
    # the ones of fields are hidden from a search that does not name the field
    files = env["ir.attachment"].search(
        [
            ("res_model", "in", MODELS),
            ("type", "=", "binary"),
            ("id", "!=", False),
            "|",
            ("res_field", "=", False),
            ("res_field", "!=", False),
        ]
    )
    wrong = [
        f"{file.name} of {file.res_model} {file.res_id}"
        for file in files
        if file.checksum and hashlib.sha1(file.raw or b"").hexdigest() != file.checksum
    ]
    for model, column in (
        ("sale.order.letter", "attachment_id"),
        ("order.shipping.notice", "attachment_id"),
        ("order.acceptance", "paper_id"),
    ):
        for paper in env[model].search([(column, "!=", False)]):
            if hashlib.sha256(paper[column].raw or b"").hexdigest() != paper.sha256:
                wrong.append(f"{model} {paper.id}: another file than was sent")
    return wrong[:MOST_TOLD]


def missing_mails(env, taken: list) -> list[str]:
    """Return what Odoo says it has sent and the mail server has not got.

    :param taken: [message id, address] of what the mail server took
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT m.message_id, COALESCE(p.email_normalized, n.mail_email_address)
              FROM mail_notification n
              JOIN mail_message m ON m.id = n.mail_message_id
         LEFT JOIN res_partner p ON p.id = n.res_partner_id
             WHERE n.notification_type = 'email' AND n.notification_status = 'sent'
            """
        )
    )
    got = {(number, address) for number, address in taken}
    lost = [
        f"{number} to {address}"
        for number, address in rows
        if (number, email_normalize(address) or address) not in got
    ]
    return lost[:MOST_TOLD]
