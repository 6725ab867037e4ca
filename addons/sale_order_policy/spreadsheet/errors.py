class SpreadsheetError(Exception):
    """A file that cannot be read: a code, and values for the message about it.

    The codes are those of ``sale.order.import._get_file_message``.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
