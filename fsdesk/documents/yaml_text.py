"""YAML 1.2 as plain values that know their lines; dates stay text.

PyYAML's parser is written in C: the program's own files are read at each start. It follows YAML
1.1, where ``no`` is false and ``12:30`` a number; what stands for something else than a text is
therefore told here, by the core schema of YAML 1.2 (chapter 10.3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from yaml import CSafeLoader
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from yaml.error import Mark


class Mapping(dict[Any, Any]):
    """Names and values, and on which line each name stands, from 1."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.lines: dict[Any, int] = {}


class Items(list[Any]):
    """A list, and on which line each of its items begins, from 1."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.lines: list[int] = []


class SameNameError(ConstructorError):
    """Two entries of a mapping have the same name."""


_TAG = "tag:yaml.org,2002:"
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
# What stands for something else than a text, by its first letters; the empty one stands for none.
_OTHERS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("merge", r"<<", "<"),
)


class _Loader(CSafeLoader):
    """Reads nodes; only what YAML 1.2 says is something else than a text."""

    yaml_implicit_resolvers: ClassVar = {  # pyright: ignore[reportIncompatibleVariableOverride]
        first: [
            (f"{_TAG}{kind}", re.compile(f"(?:{form})$"))
            for kind, form, letters in _OTHERS
            if first in tuple(letters)
        ]
        for first in ("", *"~nNtTfF-+.0123456789<")
    }


def mapping_of(text: str) -> Mapping | None:
    """Read a text; None where it is no mapping.

    Raises:
        MarkedYAMLError: With the place, for what is no YAML; a `SameNameError` for equal names.
        YAMLError: For characters that no text file has.
        RecursionError: For hundreds of levels.
    """
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        value = _Values(loader).of(root) if root is not None else None
    finally:
        loader.dispose()
    return value if isinstance(value, Mapping) else None


class _Values:
    """Makes the values of nodes; one that is named in several places is made once."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader
        self._made: dict[Node, Any] = {}
        self._open: set[Node] = set()  # a node within itself would never end

    def of(self, node: Node) -> Any:  # noqa: ANN401 - whatever the text holds
        if node in self._made:
            return self._made[node]
        if node in self._open:
            raise ConstructorError(None, None, "within itself", node.start_mark)
        self._open.add(node)
        if isinstance(node, ScalarNode):
            made = _scalar(node)
        elif isinstance(node, SequenceNode):
            made = self._items(node)
        else:
            made = self._mapping(node)
        self._open.discard(node)
        self._made[node] = made
        return made

    def _items(self, node: SequenceNode) -> Items:
        items = Items()
        for child in node.value:
            items.append(self.of(child))
            items.lines.append(_line(child.start_mark))
        return items

    def _mapping(self, node: Any) -> Mapping:  # noqa: ANN401 - the library's own kind
        mapping = Mapping()
        _check_names(node)
        self._loader.flatten_mapping(node)
        for key, child in node.value:
            name = self.of(key)
            mapping[name] = self.of(child)
            mapping.lines[name] = _line(key.start_mark)
        return mapping


def _check_names(node: MappingNode) -> None:
    seen: set[tuple[str, str]] = set()
    for key, _ in node.value:
        if not isinstance(key, ScalarNode):
            raise ConstructorError(None, None, "no name", key.start_mark)
        if (key.tag, key.value) in seen:
            raise SameNameError(None, None, "twice", key.start_mark)
        seen.add((key.tag, key.value))


def _scalar(node: ScalarNode) -> Any:  # noqa: ANN401 - whatever the text holds
    text: str = node.value
    try:
        match node.tag.removeprefix(_TAG):
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            case "null":
                return None
            case _:
                return text
    except ValueError as problem:  # thousands of digits, or letters that were called a number
        raise ConstructorError(None, None, str(problem), node.start_mark) from problem


def _line(mark: Mark) -> int:
    return mark.line + 1
