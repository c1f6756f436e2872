"""TracXMLRPC 1.1.9 on Python 3: it is published for Python 2, and is converted when it is installed.

Python's own lib2to3 does the language, the substitutions below what Trac itself has changed since: its own
markup classes instead of Genshi's, its notifications, bytes instead of strings. Only what tickets need is
kept; the calls of the wiki and of the search, and the page that documents the calls, are left out. None of
the plugin's code stands in this repository.

Used as a program by the Python that Trac runs on: `python tracrpc.py WHEEL SITE_PACKAGES`.
"""

import os
import shutil
import subprocess
import sys
import zipfile

MARKUP = "from trac.util.html import Element, Fragment, Markup"
NOTIFICATIONS = """from trac.notification.api import NotificationSystem
from trac.ticket.notification import TicketChangeEvent"""
EVENT = "NotificationSystem(self.env).notify(TicketChangeEvent({}, t, {}, {}))"

# Per file: what is written there before the conversion, and what takes its place. Each must be found.
SUBSTITUTIONS = {
    "__init__.py": [
        ("from tracrpc.wiki import *\n", ""),
        ("from tracrpc.search import *\n", ""),
    ],
    "api.py": [
        ("inspect.getargspec(", "inspect.getfullargspec("),
        ("    def __unicode__(self):", "    def __str__(self):"),
    ],
    "util.py": [("from trac.util.compat import any\n", "")],
    "json_rpc.py": [
        ("import genshi\n", MARKUP + "\nimport base64\n"),
        ("genshi.builder.Fragment", "Fragment"),
        ("genshi.core.Markup", "Markup"),
        ('obj.data.encode("base64")', 'base64.b64encode(obj.data).decode("ascii")'),
        ('val.decode("base64")', "base64.b64decode(val)"),
        ("return json.JSONEncoder(self, obj)", "return json.JSONEncoder.default(self, obj)"),
    ],
    "xml_rpc.py": [
        ("import genshi\n", MARKUP + "\n"),
        ("genshi.builder.Fragment", "Fragment"),
        ("genshi.core.Markup", "Markup"),
    ],
    "ticket.py": [
        ("import genshi\n", MARKUP + "\nfrom io import BytesIO\n"),
        ("genshi.builder.Fragment", "Fragment"),
        ("genshi.builder.Element", "Element"),
        ("import StringIO, ", "import "),
        ("t.time_created", "t['time']"),
        ("t.time_changed", "t['changetime']"),
        ("StringIO(data.data)", "BytesIO(data.data)"),
        (
            "from trac.ticket.notification import TicketNotifyEmail",
            NOTIFICATIONS,
        ),
        ("                tn = TicketNotifyEmail(self.env)\n", ""),
        ("tn.notify(t, newticket=True)", EVENT.format("'created'", "t['time']", "t['reporter']")),
        ("tn.notify(t, newticket=False, modtime=when)", EVENT.format("'changed'", "when", "author")),
    ],
    "web_ui.py": [
        ("from genshi.builder import tag\n", "from trac.util.html import tag\n"),
        ("from genshi.template.base import TemplateSyntaxError, BadDirectiveError\n", ""),
        ("from genshi.template.text import TextTemplate\n", ""),
        ("from trac.wiki.formatter import wiki_to_oneliner\n", ""),
        ("template='', content_type='text/plain',\n", "body.encode('utf-8'), 'text/plain',\n"),
        ("code, env=None, data=body)", "code)"),
        ("env=None, data=body,\n", ""),
        (", ITemplateProvider, INavigationContributor)", ")"),
    ],
}
# Methods that made the page of documentation, from their first line to that of the next one.
LEFT_OUT = [
    ("        elif accepts_mimetype(req, 'text/html')", "        else:\n"),
    ("    def _dump_docs", "    def _rpc_process"),
    ("    # ITemplateProvider methods", None),
]


def substituted(name, text):
    """The text of one file with its substitutions; what is not found there is an error."""
    for old, new in SUBSTITUTIONS.get(name, []):
        if old not in text:
            raise SystemExit("tracrpc: %s does not hold %r; is it version 1.1.9?" % (name, old))
        text = text.replace(old, new)
    if name == "web_ui.py":
        for first, following in LEFT_OUT:
            start = text.index(first)
            end = text.index(following, start) if following else len(text)
            text = text[:start] + text[end:]
    return text


def install(wheel, packages):
    """Unpack the wheel beside Trac, and leave it there as Python 3; an older conversion is replaced."""
    target = os.path.join(packages, "tracrpc")
    shutil.rmtree(target, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    for name in ("wiki.py", "search.py"):
        os.unlink(os.path.join(target, name))
    for name in os.listdir(target):
        path = os.path.join(target, name)
        if name.endswith(".py"):
            with open(path, encoding="utf-8") as file:
                text = substituted(name, file.read())
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    convert = [sys.executable, "-W", "ignore", "-m", "lib2to3", "-w", "-n", "--no-diffs", target]
    subprocess.run(convert, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    subprocess.run([sys.executable, "-W", "ignore", "-c", "import tracrpc"], check=True)


if __name__ == "__main__":
    install(sys.argv[1], sys.argv[2])
