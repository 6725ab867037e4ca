import errno
import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_attachment as base

from .common_originals import OriginalsCommon


def _open_full(path, mode="r", *args, **kwargs):
    """Open files on a disk that has room for ten bytes more."""
    file = open(path, mode, *args, **kwargs)
    if "w" in mode:
        file.write(b"%PDF-1.4 b")
        file.close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return file


@tagged("post_install", "-at_install")
class TestFullDisk(OriginalsCommon):
    """What cannot be stored is refused in words, and can be sent again."""

    def _store_on_full_disk(self):
        with (
            patch.object(base, "open", _open_full, create=True),
            mute_logger("odoo.addons.sale_order_policy.models.ir_attachment_stored"),
        ):
            return self._attach(self.order, content=self.scan)

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        # no file of an earlier run is the same
        self.scan = b"%PDF-1.4 bigger than ten bytes" + os.urandom(20)

    def test_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "No space left on device"):
            self._store_on_full_disk()

    def test_can_be_sent_again(self):
        """Odoo alone keeps ten bytes and takes the same file for another one."""
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._store_on_full_disk()
        self.assertEqual(self._attach(self.order, content=self.scan).raw, self.scan)

    def test_what_is_stored_already_needs_no_room(self):
        """The same file again is no new one, however full the disk is."""
        first = self._attach(self.order, content=self.scan)
        again = self._store_on_full_disk()
        self.assertEqual(again.store_fname, first.store_fname)
        self.assertEqual(first.raw, self.scan)
