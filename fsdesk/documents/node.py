"""A YAML file as nodes that know their line, so that every problem can be pointed at."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from yaml.error import MarkedYAMLError, YAMLError

from fsdesk.documents.yaml_text import Items, Mapping, SameNameError, mapping_of
from fsdesk.domain.findings import Finding, InputRejectedError, Place, error, reject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Codes become file names, cell texts and keys of records: plain characters only.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Problems(Struct):
    """All that is wrong with a file."""

    file: str
    found: list[Finding]

    def add(self, line: int | None, message: str, remedy: str) -> None:
        """Note a problem at a line, once however often it is met."""
        finding = error(message, remedy, Place(self.file, line=line))
        if finding not in self.found:
            self.found.append(finding)

    def raise_all(self) -> None:
        """Raise InputRejectedError when anything is wrong, with all problems by their lines."""
        if self.found:
            raise InputRejectedError(*sorted(self.found, key=lambda f: f.place.line or 0))


class YamlNode(Struct, frozen=True):
    """A mapping of the file.

    Attributes:
        value: Its names and what they hold.
        line: Line on which it begins, from 1.
    """

    value: Mapping
    line: int
    problems: Problems

    def only(self, *names: str) -> YamlNode:
        """Note every key that is not among the names."""
        for key in self.value:
            if key not in names:
                self.note(f"不认识的项“{key}”", f"可用的项：{'、'.join(names)}", str(key))
        return self

    def note(self, message: str, remedy: str, key: str = "") -> None:
        """Note a problem at the line of a key, or of the node."""
        self.problems.add(self.line_of(key), message, remedy)

    def line_of(self, key: str) -> int:
        """Return the line of a key; the node's own when there is none."""
        return self.value.lines.get(key, self.line)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without default it must be there."""
        found = self.value.get(key, default)
        if isinstance(found, str) and (found.strip() or default is not None):
            return found.strip()
        if found is None or found == "":
            self.note(f"缺少“{key}”", "请补上", key)
        else:
            self.note(f"“{key}”应为文字", "请改成文字，必要时加引号", key)
        return ""

    def code(self, key: str = "code") -> str:
        """Return a code: letters, digits and hyphens."""
        return self._checked(self.text(key), key)

    def key_code(self, key: object) -> str:
        """Return a key of the mapping that is itself a code."""
        return self._checked(str(key), str(key))

    def _checked(self, code: str, key: str) -> str:
        if code and not _CODE.fullmatch(code):
            self.note(f"编码“{code}”不合规定", "只用英文字母、数字和连字符，不超过 40 个", key)
        return code

    def whole(self, key: str) -> int:
        """Return a number that counts something: 1, 2, 3 and so on."""
        found = self.number(key)
        if key in self.value and (found < 1 or found % 1):
            self.note(f"“{key}”应为从 1 起的整数", "请改成整数", key)
        return int(found)

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number that isn't negative; without default it must be there."""
        found = self.value.get(key, default)
        if is_number(found) and found >= 0:
            return float(found)
        if found is None:
            self.note(f"缺少“{key}”", "请补上数字", key)
        else:
            self.note(f"“{key}”应为不小于 0 的数字", "请改成数字", key)
        return 0.0

    def list_of(self, key: str) -> list[Any]:
        """Return a list; empty when the key is missing."""
        found: Any = self.value.get(key, [])
        if isinstance(found, list):
            return cast("list[Any]", found)
        self.note(f"“{key}”应为列表", "请每项一行，以“- ”开头", key)
        return []

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when the key is missing."""
        found = self.list_of(key)
        if not all(isinstance(item, str) for item in found):
            self.note(f"“{key}”应全部为文字", "请检查这一项", key)
        return tuple(str(item) for item in found if isinstance(item, str))

    def nodes(self, key: str) -> Iterable[YamlNode]:
        """Yield the mappings of a list."""
        items = self.list_of(key)
        lines = items.lines if isinstance(items, Items) else []
        for line, item in zip(lines, items, strict=True):
            if isinstance(item, Mapping):
                yield YamlNode(item, line, self.problems)
            else:
                self.problems.add(line, f"“{key}”中的这一项应为若干“名称: 值”", "请检查缩进")

    def child(self, key: str) -> YamlNode | None:
        """Return a mapping below this one; None when it is missing or something else."""
        found = self.value.get(key)
        if isinstance(found, Mapping):
            return YamlNode(found, self.line_of(key), self.problems)
        if found is not None:
            self.note(f"“{key}”应为若干“名称: 值”", "请检查缩进", key)
        return None


def is_number(found: object) -> bool:
    """Tell whether a value is a finite number; true and false are none."""
    return isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)


def read_yaml(path: Path) -> YamlNode:
    """Read a YAML file; dates stay text; refused, with the line, when it is none."""
    text = _text_of(path)
    place = Place(path.name)
    try:
        value = mapping_of(text)
    except SameNameError as problem:
        raise reject(
            "同一处有两个同名的项", "请删去其中一个，或改名", _marked(path, problem)
        ) from problem
    except MarkedYAMLError as problem:
        raise reject(
            "格式有误，不能识别", "请检查这一行的缩进、冒号和引号", _marked(path, problem)
        ) from problem
    except YAMLError as problem:
        raise reject("文件中有不能识别的字符", "请用文本编辑器检查", place) from problem
    except RecursionError as problem:
        raise reject("文件中有不能识别的内容", "请参照内置计划的格式检查", place) from problem
    if not value:
        raise reject("文件是空的，或不是计划文件", "请参照内置计划的格式", Place(path.name, line=1))
    return YamlNode(value, 1, Problems(path.name, []))


def _text_of(path: Path) -> str:
    place = Place(path.name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        where = Place(path.name, line=line)
        raise reject("文件不是 UTF-8 编码的文本", "请另存为 UTF-8 编码", where) from problem
    except FileNotFoundError as problem:
        raise reject("没有这个文件", "请核对文件的位置和名称", place) from problem
    except OSError as problem:
        what = "这是文件夹，不是文件" if path.is_dir() else "文件打不开"
        raise reject(what, "请选择计划文件，并确认允许读取", place) from problem


def _marked(path: Path, problem: MarkedYAMLError) -> Place:
    mark = problem.problem_mark or problem.context_mark
    return Place(path.name, line=mark.line + 1 if mark else None)
