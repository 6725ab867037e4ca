"""Answers that do not raise, turned into what a caller is to understand by them."""

from odoo.exceptions import UserError


def of_import(result):
    """Return what an import answered.

    :raise UserError: with its first error, if it has any
    """
    errors = [m["message"] for m in result["messages"] if m["type"] == "error"]
    if errors:
        raise UserError(errors[0])
    return result


def last_refusal(calls):
    """Make every call of ``{what: call}``, each of which has to be refused.

    :return: the first that went through
    :raise Exception: the last refusal, if all were refused
    """
    refusal = None
    for what, call in calls.items():
        try:
            call()
        except Exception as error:  # the judge looks at its kind
            refusal = error
        else:
            return what
    raise refusal


def found(result):
    """Return what was found.

    :raise UserError: when it is nothing, which is as good as a refusal
    """
    if not result:
        raise UserError("Nothing was found.")
    return result
