"""The translation files of the add-ons: making, merging, checking them."""

LANGUAGES = ("zh_CN", "zh_TW")
