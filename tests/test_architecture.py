"""The house rules that a machine can check: who imports whom, how much a folder may hold."""

from __future__ import annotations

import ast
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import draw_architecture

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    [*ROOT.glob("*.py")]
    + [
        path
        for name in ("fsdesk", "ui", "installers", "tests")
        for path in (ROOT / name).rglob("*.py")
    ]
)
QT = {"PySide6", "shiboken6"}
# Of these the documents say that they will be there.
TO_BE_MADE = {"out/demo", "0010_what_it_is_for.py"}
HEAVY = {"openpyxl", "matplotlib", "sqlalchemy", "reportlab", "docx"}


def modules_after(code: str) -> set[str]:
    """Run code in a new Python and give the names of the packages that it imported."""
    asked = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.slow
def test_imports_go_one_way():
    # In a process of its own, since the tool turns off the loggers of the one that it runs in.
    code = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_folder_holds_more_sources_than_can_be_overlooked():
    counted = draw_architecture.folders()
    assert counted["fsdesk/domain"]
    longest = draw_architecture.LONGEST_FOLDER
    del counted["fsdesk/store/migrations/versions"]  # one a step, found by its number
    assert not {folder: number for folder, number in counted.items() if number > longest}


def test_the_picture_shows_the_present_floors_and_subjects():
    """When this fails: python docs/draw_architecture.py."""
    drawing = draw_architecture.PICTURE.read_text(encoding="utf-8")
    words = re.search("<dc:description>(.*?)</dc:description>", drawing, re.DOTALL)
    house = draw_architecture.look()
    assert html.unescape(words[1]) == draw_architecture.described(house)
    # It says that a room uses rooms to its left only.
    assert not draw_architecture.against_order(house)


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md", "README.md"])
def test_files_and_folders_that_developers_are_told_of_exist(document):
    words = (ROOT / document).read_text(encoding="utf-8")
    told = set(re.findall(r"[`(]([\w./]+/[\w.]*|[\w/]+\.(?:py|md|toml|yaml|svg|txt))[`)]", words))
    assert len(told) > 3
    tops = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    present = [path.as_posix() for top in tops for path in (top, *top.rglob("*"))]
    # A name may leave out its beginning, as paths on one floor do in a table.
    known = "\n".join(present) + "\n"
    missing = {name for name in told if f"/{name.strip('./')}\n" not in known}
    assert {name for name in missing if "SUBJECT" not in name and name not in TO_BE_MADE} == set()


def test_nothing_is_called_utils():
    assert not [path for path in SOURCES if path.stem in {"utils", "util", "helpers", "misc"}]


def loaded_by_command(*arguments: str) -> set[str]:
    """Give the packages that a whole run of main.py with these arguments imported."""
    code = f"""
import runpy, sys
sys.argv = ["main.py", *{list(arguments)!r}]
try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
"""
    return modules_after(code)


def test_the_help_loads_neither_qt_nor_a_heavy_library():
    assert not loaded_by_command("--help") & (QT | HEAVY)


@pytest.mark.slow
def test_a_command_that_works_on_a_workspace_loads_no_qt(tmp_path):
    workspace = ("--workspace", str(tmp_path / "office"))
    assert not loaded_by_command(*workspace, "init", "--role", "office") & QT
    loaded = loaded_by_command(*workspace, "status", "--json")
    assert "sqlalchemy" in loaded
    assert not loaded & (QT | {"psycopg"})  # only who has a server needs its driver


@pytest.mark.slow
def test_importing_the_whole_core_never_loads_qt():
    code = """
import pkgutil, importlib, fsdesk
for found in pkgutil.walk_packages(fsdesk.__path__, "fsdesk."):
    if ".migrations" not in found.name:
        importlib.import_module(found.name)
"""
    loaded = modules_after(code)
    assert "fsdesk" in loaded
    assert not loaded & (QT | {"ui"})


# Where something else than `fsdesk/files.py` may touch the disk, and why.
MAY_WRITE = {
    ("fsdesk/places.py", "write_bytes"): "before anything is imported, into a folder of one run",
    ("ui/system/crash.py", "open"): "a stream that stays open for what breaks the process",
    ("ui/self_test.py", "mkdtemp"): "the folder of one trial, away from the user's",
    ("fsdesk/bench/benchmark.py", "TemporaryDirectory"): "the folder of one measuring",
    ("fsdesk/bench/server.py", "TemporaryDirectory"): "the same",
    ("fsdesk/bench/cluster.py", "chown"): "an account that isn't root must write there",
    ("fsdesk/store/care/raw.py", "connect"): "SQLite writes its own files; copies are made aside",
    ("fsdesk/store/care/passphrase.py", "ZipFile"): "an archive inside one that `files` writes",
    ("fsdesk/packets/safe/archive.py", "ZipFile"): "in memory, for the reader that comes next",
}
PATH_METHODS = {"write_bytes", "write_text", "touch", "rename", "unlink", "rmdir", "mkdir"}
OS_FUNCTIONS = {
    *("open", "write", "replace", "rename", "renames", "remove", "unlink", "rmdir", "removedirs"),
    *("mkdir", "makedirs", "link", "symlink", "truncate", "fdopen", "mkfifo"),
}
SHUTIL_MAY = {"which", "disk_usage"}
TEMPFILE_MAY = {"gettempdir"}
WRITING_CLASSES = {"QFile", "QSaveFile", "QTemporaryFile", "QPdfWriter", "FileIO"}


def opens_to_write(call: ast.Call, place: int) -> bool:
    """Tell whether the mode in a call means writing; one that can't be seen does.

    Args:
        call: Of `open` or of a zip file.
        place: Of the mode; the first argument of a method may as well be something else's name.
    """
    named = [word.value for word in call.keywords if word.arg == "mode"]
    for value in named or call.args[place : place + 1]:
        if not isinstance(value, ast.Constant):
            return place > 0 or bool(named)
        mode = set(str(value.value))
        return mode <= set("rwaxbt+") and bool(mode & set("wax+"))
    return False


def way_of_writing(call: ast.Call) -> str:
    """Name the way in which a call writes, moves or removes a file; empty when it doesn't."""
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    owner = getattr(getattr(function, "value", None), "id", "")
    is_method = isinstance(function, ast.Attribute)
    found = {
        "os": name in OS_FUNCTIONS,
        "shutil": name not in SHUTIL_MAY,
        "tempfile": name not in TEMPFILE_MAY,
        "sqlite3": name == "connect",
    }.get(owner)
    if found is None:
        found = (
            name in WRITING_CLASSES
            or (is_method and name in PATH_METHODS)
            # A path is given one place; a text two, a date or a record named parts.
            or (is_method and name == "replace" and (len(call.args), call.keywords) == (1, []))
            or (name == "open" and opens_to_write(call, 0 if is_method else 1))
            or (name == "ZipFile" and opens_to_write(call, 1))
        )
    return name if found else ""


def ways_of_writing(code: str) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return [way for call in calls if (way := way_of_writing(call))]


def imports_by_name(code: str) -> set[str]:
    """Give what is imported out of modules whose functions are known by the module's name."""
    found = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom))
    watched = {"os", "shutil", "tempfile", "sqlite3", "io"}
    return {part.name for node in found if node.module in watched for part in node.names}


def test_there_is_one_way_to_write_a_file():
    found = {
        (path.relative_to(ROOT).as_posix(), way)
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"}
        and path != ROOT / "fsdesk" / "files.py"
        for way in ways_of_writing(path.read_text(encoding="utf-8"))
    }
    assert found == set(MAY_WRITE)
    assert ways_of_writing((ROOT / "fsdesk" / "files.py").read_text(encoding="utf-8"))


def test_what_writes_is_called_by_its_modules_name():
    found = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"}
        for name in imports_by_name(path.read_text(encoding="utf-8")) - {"BytesIO", "StringIO"}
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "open('a', 'w')",
        "open('a', mode='ab')",
        "open('a', how)",
        "path.open('wb')",
        "path.open(mode='x')",
        "path.replace(other)",
        "path.rename(other)",
        "path.write_text('a')",
        "path.unlink()",
        "os.replace(a, b)",
        "shutil.copyfile(a, b)",
        "tempfile.mkstemp()",
        "zipfile.ZipFile(path, 'w')",
        "QSaveFile(name)",
    ],
)
def test_a_second_way_to_write_a_file_is_noticed(code):
    assert ways_of_writing(code)


@pytest.mark.parametrize(
    "code",
    [
        "open('a')",
        "path.open('rb')",
        "archive.open(name)",
        "window.open('agenda')",
        "text.replace('a', 'b')",
        "moment.replace(tzinfo=None)",
        "replace(record, name='a')",
        "zipfile.ZipFile(path)",
        "shutil.disk_usage(path)",
    ],
)
def test_reading_is_no_writing(code):
    assert not ways_of_writing(code)


# What may stand in a finding's or an exception's words is for people: the program asks its code.
_WORDS = {"message", "remedy", "args"}
_SEARCHES = {"startswith", "endswith", "find", "index", "count"}


def test_no_control_flow_by_the_words_of_a_message():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"} or path.parent == ROOT
        for line in lines_that_ask_for_words(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        'if "还没有" in str(problem): pass',
        'if str(problem) == "没有": pass',
        'x = problem.args[0].startswith("还没有")',
        "if doubt.message == NO_ANSWER: pass",
        'while f"没有{x}" not in str(problem): pass',
        'x = str(problem).find("没有") + 1',
        'if re.search("没有", str(problem)): pass',
        'match str(problem):\n    case "没有": pass',
    ],
)
def test_control_flow_by_words_is_found(code):
    assert list(lines_that_ask_for_words(code))


def lines_that_ask_for_words(code):
    """Yield lines where the words of a message, or Chinese words in a text form, are asked for."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_search = node.func.attr in _SEARCHES
            is_pattern = getattr(node.func.value, "id", "") == "re"
            sides = [node.func.value, *node.args] if is_search or is_pattern else []
        elif isinstance(node, ast.Match):
            patterns = [case.pattern for case in node.cases]
            sides = [node.subject, *(p.value for p in patterns if isinstance(p, ast.MatchValue))]
        else:
            continue
        if any(map(is_words, sides)) or (
            any(map(is_text_form, sides)) and any(map(is_chinese, sides))
        ):
            yield node.lineno


def is_words(node):
    node = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(node, ast.Attribute) and node.attr in _WORDS


def is_text_form(node):
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"str", "repr"}


def is_chinese(node):
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return any("\u4e00" <= sign <= "\u9fff" for each in texts for sign in str(each))


# What stands in one of these is one of a few words: an enum, so that a slip of the pen is found.
_STATES = {"state", "status", "direction", "role", "signature"}


def test_states_are_compared_with_members_of_an_enum():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"}
        for line in lines_that_spell_a_state(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "code", ['x.state == "late"', 'form.state in ("a", "b")', '"unit" != facts.role']
)
def test_a_spelled_state_is_found(code):
    assert list(lines_that_spell_a_state(code))


def lines_that_spell_a_state(code):
    """Yield lines where an attribute of that name is held against a text."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = [part for side in sides for part in getattr(side, "elts", [side])]
            texts = [p for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
            if texts and any(getattr(part, "attr", "") in _STATES for part in parts):
                yield node.lineno


# A share put into words by anything but `fsdesk.domain.status.shares`.
OWN_SHARE = re.compile(r":[+]?\.\d+%\}|:\.\d+f\}\s?%|number_text\([^)]*\* ?(100|PER_CENT), \d\)\}%")


def test_there_is_one_way_to_write_a_share():
    written = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.parts[len(ROOT.parts)] in {"fsdesk", "ui"}
        and OWN_SHARE.search(path.read_text(encoding="utf-8"))
    ]
    assert written == []


@pytest.mark.parametrize(
    "code",
    ['f"{share:.0%}"', 'f"{share * 100:.1f}%"', 'f"{number_text(share * 100, 1)}%"'],
)
def test_a_second_way_to_write_a_share_is_noticed(code):
    assert OWN_SHARE.search(code)


# Figures come from one reading of the year. What else makes some of what was typed, and why.
FIGURES = "fsdesk.domain.records.figures"
COMBINING = {"combined", "unit_figure", "counted", "counted_periods", "derived"}
MAY_COMBINE = {
    "fsdesk/domain/status/year.py": "the reading itself",
    "fsdesk/domain/status/known.py": "sorts what the reading is made of",
    "fsdesk/domain/records/checks.py": "holds what is being typed against what was typed before",
    "fsdesk/domain/quality/values.py": "looks for slips in what was typed, whatever counts",
    "fsdesk/services/ledger/ledger_figures.py": "puts what was typed beside what ledgers come to",
}
MAY_READ_YEARS = {
    "fsdesk/services/status/aggregation.py": "makes the reading, once for each state of the data",
    "fsdesk/bench/charts.py": "draws a year that no workspace holds",
}
# What gives out the values of many records; each user, and what it makes of them but no figure.
VALUES_OF_RECORDS = {"load_records", "load_values", "value_columns", "status_columns"}
MAY_READ_VALUES = {
    "fsdesk/services/status/aggregation.py": "the reading is made of them",
    "fsdesk/services/quality/data_quality.py": "looks for slips in what was typed",
    "fsdesk/services/ledger/ledger_figures.py": "puts them beside what ledgers come to",
    "fsdesk/services/packet/checking.py": "holds what comes in against them",
    "fsdesk/services/packet/exchange.py": "carries the records of one report",
    "fsdesk/services/packet/reviewing.py": "shows the records of one report as they stand",
    "fsdesk/services/records/undo.py": "sees whether records still stand as an edit left them",
    "fsdesk/services/status/gaps.py": "keeps what empty records held, to take a filling back",
    "fsdesk/services/ladder/drawing.py": "holds what stands in a form against what was taken over",
    "fsdesk/services/output/evidence_pack.py": "lists the records themselves, with their proofs",
}


def ways_to_figures(code: str) -> set[str]:
    """Name what a module takes to make figures of its own: by import, by attribute or by call."""
    tree = ast.parse(code)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {part.name for part in node.names}
            found |= names & COMBINING if node.module == FIGURES else set()
            found |= (
                {"figures"} if f"{node.module}.figures" == FIGURES and "figures" in names else set()
            )
            found |= names & VALUES_OF_RECORDS
        elif isinstance(node, ast.Attribute):
            found |= {node.attr} & VALUES_OF_RECORDS
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Year":
            found.add("Year")
    return found


def users_of(*ways: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"fsdesk", "ui"}
        and ways_to_figures(path.read_text(encoding="utf-8")) & set(ways)
    }


def test_there_is_one_way_to_a_figure():
    assert users_of(*COMBINING, "figures") == set(MAY_COMBINE)
    assert users_of("Year") == set(MAY_READ_YEARS)
    assert users_of(*VALUES_OF_RECORDS) == set(MAY_READ_VALUES)


@pytest.mark.parametrize(
    "code",
    [
        f"from {FIGURES} import PER_CENT, combined",
        "from fsdesk.domain.records import figures",
        "year = Year(plan, rules, known, ended=12, today=day)",
        "held = records.load_records(session)",
        "from fsdesk.store.records.records import value_columns",
    ],
)
def test_a_second_way_to_a_figure_is_noticed(code):
    assert ways_to_figures(code)
