"""Flows as a file: reads what was changed by hand, and says what is wrong.

Nothing here touches the database. The result is plain data of known types and sizes;
whether its document types, conditions, fields and departments exist is looked up by
``document.approval.flow``.
"""

import json

FORMAT = "document.approval.flows"
VERSION = 1

#: beyond these, a file is a mistake
MOST_BYTES = 1_000_000
MOST_ENTRIES = 200
MOST_LETTERS = 1_000
MOST_OF_CONDITION = 5_000
MOST_PROBLEMS = 50
MOST_NUMBER = 1_000_000

RULES = ("one", "all", "quorum")
PARTICIPATIONS = ("always", "domain", "finding", "domain_or_finding")


class FlowFileReader:
    """Reads the content of a file; ``problems`` says in words what is wrong with it.

    :param env: whose language the words are in
    """

    def __init__(self, env):
        self.env = env
        self.problems = []

    def get_data(self, content):
        """Return ``{"departments": [...], "flows": [...]}``, as far as it is readable.

        What is wrong is in ``problems``; nobody may use the result unless it is empty.

        :param bytes content: what was uploaded
        """
        data = {"departments": [], "flows": []}
        raw = self._parse(content)
        where = self.env._("The file")
        if raw is None or not self._is_object(raw, where):
            return data
        if raw.get("format") != FORMAT:
            self._say(
                self.env._(
                    "This is not a file of approval flows. Export a flow to see what "
                    "such a file looks like."
                )
            )
            return data
        if raw.get("version") != VERSION or isinstance(raw["version"], bool):
            self._say(
                self.env._(
                    "The file was written by another version of this app (%(version)s "
                    "instead of %(known)s) and cannot be read.",
                    version=_shorten(str(raw.get("version")), most=20),
                    known=VERSION,
                )
            )
            return data
        self._known(raw, ("format", "version", "departments", "flows"), where)
        for index, entry in enumerate(self._list(raw, "departments", where), 1):
            data["departments"].append(self._department(entry, index))
        for index, entry in enumerate(self._list(raw, "flows", where), 1):
            data["flows"].append(self._flow(entry, index))
        if not data["flows"]:
            self._say(self.env._("There is no flow in the file."))
        self._find_duplicates(data)
        return data

    # JSON ------------------------------------------------------------------------

    def _parse(self, content):
        """Return what the JSON says, or None."""
        if len(content) > MOST_BYTES:
            self._say(
                self.env._(
                    "The file is larger than %(size)s MB. A file of flows is much "
                    "smaller.",
                    size=MOST_BYTES // 1_000_000,
                )
            )
            return None
        try:
            return json.loads(
                content.decode("utf-8-sig"),
                parse_constant=_refuse_constant,
                object_pairs_hook=_unique_keys,
            )
        except UnicodeDecodeError:
            self._say(self.env._("The file is not text in UTF-8."))
        except RecursionError:
            self._say(self.env._("The file is nested too deeply."))
        except ValueError as error:  # JSONDecodeError too
            self._say(
                self.env._(
                    "The file is not valid JSON: %(error)s", error=str(error)[:200]
                )
            )
        return None

    # What it is about --------------------------------------------------------------

    def _department(self, raw, index):
        where = self.env._("Department %(number)s", number=index)
        if not self._is_object(raw, where):
            raw = {}
        code = self._text(raw, "code", where)
        where = self._label(where, code)
        self._known(raw, ("code", "name", "sequence", "fallback"), where)
        return {
            "where": where,
            "code": code,
            "name": self._names(raw, "name", where),
            "sequence": self._number(raw, "sequence", where, 10, most=MOST_NUMBER),
            "fallback": self._text(raw, "fallback", where, required=False),
        }

    def _flow(self, raw, index):
        where = self.env._("Flow %(number)s", number=index)
        if not self._is_object(raw, where):
            raw = {}
        names = self._names(raw, "name", where)
        where = self._label(where, get_english(names))
        known = (
            *("name", "model", "domain", "sequence", "active"),
            *("carry_over", "fallback", "levels"),
        )
        self._known(raw, known, where)
        return {
            "where": where,
            "name": names,
            "model": self._text(raw, "model", where),
            "domain": self._condition(raw, where),
            "sequence": self._number(raw, "sequence", where, 10, most=MOST_NUMBER),
            "active": self._flag(raw, "active", where, True),
            "carry_over": self._flag(raw, "carry_over", where, True),
            "fallback": self._text(raw, "fallback", where, required=False),
            "levels": [
                self._level(entry, number, where)
                for number, entry in enumerate(self._list(raw, "levels", where), 1)
            ],
        }

    def _level(self, raw, index, outer):
        where = self.env._("%(outer)s, level %(number)s", outer=outer, number=index)
        if not self._is_object(raw, where):
            raw = {}
        names = self._names(raw, "name", where)
        where = self._label(where, get_english(names))
        self._known(raw, ("name", "participation", "domain", "seats"), where)
        return {
            "where": where,
            "name": names,
            "participation": self._choice(raw, "participation", where, PARTICIPATIONS),
            "domain": self._condition(raw, where),
            "seats": [
                self._seat(entry, number, where)
                for number, entry in enumerate(self._list(raw, "seats", where), 1)
            ],
        }

    def _seat(self, raw, index, outer):
        where = self.env._("%(outer)s, seat %(number)s", outer=outer, number=index)
        if not self._is_object(raw, where):
            raw = {}
        code = self._text(raw, "department", where)
        where = self._label(where, code)
        known = (
            *("department", "rule", "quorum", "required"),
            *("deadline_days", "checks", "claims"),
        )
        self._known(raw, known, where)
        return {
            "where": where,
            "department": code,
            "rule": self._choice(raw, "rule", where, RULES),
            "quorum": self._number(raw, "quorum", where, 1, most=1000),
            "required": self._flag(raw, "required", where, True),
            "deadline_days": self._number(
                raw, "deadline_days", where, 0.0, most=3650, whole=False
            ),
            "checks": [
                self._check(entry, number, where)
                for number, entry in enumerate(self._list(raw, "checks", where), 1)
            ],
            "claims": self._claims(raw, where),
        }

    def _check(self, raw, index, outer):
        where = self.env._("%(outer)s, question %(number)s", outer=outer, number=index)
        if not self._is_object(raw, where):
            raw = {}
        self._known(raw, ("question", "must_be_yes"), where)
        return {
            "question": self._names(raw, "question", where),
            "must_be_yes": self._flag(raw, "must_be_yes", where, False),
        }

    def _claims(self, raw, where):
        claims = self._list(raw, "claims", where)
        words = [claim for claim in claims if self._is_text(claim)]
        if len(words) < len(claims) or len(set(words)) < len(words):
            self._say_of(
                where, "claims", self.env._("has to be different names of fields")
            )
        return words

    def _find_duplicates(self, data):
        """Say what is named twice, so that one would overwrite the other."""
        codes = [entry["code"].lower() for entry in data["departments"]]
        for index, entry in enumerate(data["departments"]):
            if entry["code"] and codes.index(codes[index]) < index:
                self._say(
                    self.env._("%(where)s: is in the file twice.", where=entry["where"])
                )
        names = [
            (flow["model"], get_english(flow["name"]).strip()) for flow in data["flows"]
        ]
        for index, flow in enumerate(data["flows"]):
            if flow["name"] and names.index(names[index]) < index:
                self._say(
                    self.env._("%(where)s: is in the file twice.", where=flow["where"])
                )

    # Values ------------------------------------------------------------------------

    def _text(self, raw, key, where, required=True, most=MOST_LETTERS):
        value = raw.get(key)
        if value is None and not required:
            return ""
        if value is None:
            self._say_of(where, key, self.env._("is missing"))
            return ""
        if not self._is_text(value, most):
            self._say_of(where, key, self.env._("has to be text on one line"))
            return ""
        return value.strip()

    def _names(self, raw, key, where):
        """Return {language code: text}; a text alone is meant for English."""
        value = raw.get(key)
        names = {"en_US": value} if isinstance(value, str) else value
        if names is None:
            self._say_of(where, key, self.env._("is missing"))
            return {}
        if not (
            isinstance(names, dict)
            and 0 < len(names) <= MOST_ENTRIES
            and all(self._is_text(part) for pair in names.items() for part in pair)
        ):
            self._say_of(
                where,
                key,
                self.env._("has to be text, or a text for each language code"),
            )
            return {}
        return {lang: text.strip() for lang, text in names.items()}

    def _condition(self, raw, where):
        value = raw.get("domain", "[]")
        if not self._is_text(value, MOST_OF_CONDITION, lines=True):
            self._say_of(where, "domain", self.env._("has to be a condition as text"))
            return "[]"
        return value

    def _number(self, raw, key, where, default, most, whole=True):
        value = raw.get(key, default)
        types = int if whole else (int, float)
        if (
            not isinstance(value, types)
            or isinstance(value, bool)
            or not 0 <= value <= most  # refuses NaN too
        ):
            self._say_of(
                where,
                key,
                self.env._("has to be a number between 0 and %(most)s", most=most),
            )
            return default
        return value if whole else float(value)

    def _flag(self, raw, key, where, default):
        value = raw.get(key, default)
        if not isinstance(value, bool):
            self._say_of(where, key, self.env._("has to be true or false"))
            return default
        return value

    def _choice(self, raw, key, where, choices):
        value = raw.get(key, choices[0])
        if not isinstance(value, str) or value not in choices:
            self._say_of(
                where,
                key,
                self.env._("has to be one of %(choices)s", choices=", ".join(choices)),
            )
            return choices[0]
        return value

    def _list(self, raw, key, where):
        value = raw.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            self._say_of(
                where,
                key,
                self.env._(
                    "has to be a list of at most %(most)s entries", most=MOST_ENTRIES
                ),
            )
            return []
        return value

    def _is_object(self, raw, where):
        if isinstance(raw, dict):
            return True
        self._say(
            self.env._(
                "%(where)s: has to be an object with named entries.", where=where
            )
        )
        return False

    def _known(self, raw, keys, where):
        """Say which entries mean nothing: most likely they are misspelt."""
        for key in sorted(set(raw) - set(keys))[:MOST_PROBLEMS]:
            self._say_of(where, _shorten(key), self.env._("is not known here"))

    def _is_text(self, value, most=MOST_LETTERS, lines=False):
        return (
            isinstance(value, str)
            and bool(value.strip())
            and len(value) <= most
            and not any(
                (ord(letter) < 32 and not (lines and letter in "\n\r\t"))
                or 0xD800 <= ord(letter) <= 0xDFFF
                for letter in value
            )
        )

    # Words ---------------------------------------------------------------------------

    def _label(self, where, name):
        if not name:
            return where
        return self.env._(
            "%(where)s (%(name)s)", where=where, name=_shorten(name, most=40)
        )

    def _say_of(self, where, key, what):
        self._say(
            self.env._(
                "%(where)s: “%(key)s” %(what)s.", where=where, key=key, what=what
            )
        )

    def _say(self, text):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(text)
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(self.env._("There is more that is wrong."))


def get_english(names):
    """Return the text that stands for a record in every language."""
    return names.get("en_US") or next(iter(names.values()), "")


def _shorten(text, most=60):
    """Return ``text`` fit for a sentence and for the database."""
    shown = "".join(
        letter if letter.isprintable() and not 0xD800 <= ord(letter) <= 0xDFFF else "?"
        for letter in text[: most + 1]
    )
    return shown if len(text) <= most else shown[:most] + "…"


def _refuse_constant(name):
    raise ValueError(f"{name} is not a number")


def _unique_keys(pairs):
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{_shorten(twice)}” is there twice")
    return values
