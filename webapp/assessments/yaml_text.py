"""YAML read as it is written: every scalar is its own text, so that no number ever passes through a float and no date
through another reading. ``null`` is none; a key written twice and a document that refers to itself are refused.
"""

from typing import Any

import yaml

from webapp.errors import BadInput

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes: a hundred times the cohort files seen."""

NULL = "tag:yaml.org,2002:null"


def read_yaml(content: bytes) -> Any:
    """Mappings, lists, texts and none. Raises ``BadInput`` with line and column where it is no YAML."""
    if len(content) > LARGEST_FILE:
        raise BadInput("ไฟล์ใหญ่เกินกว่าจะเป็นไฟล์ตั้งค่ารุ่น (เกิน 2 MB)")
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        return None if node is None else _value(node, {}, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadInput("ไฟล์ไม่ใช่ YAML ที่อ่านได้: บรรทัด %(line)s คอลัมน์ %(column)s", line=line, column=column) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        raise BadInput("ไฟล์ไม่ใช่ YAML ที่อ่านได้: ต้องเป็นข้อความแบบ UTF-8") from None
    except RecursionError:
        raise BadInput("ไฟล์ซ้อนกันลึกเกินไป") from None


def _value(node: yaml.Node, known: dict[int, Any], open_nodes: set[int]) -> Any:
    if id(node) in known:
        return known[id(node)]
    if id(node) in open_nodes:
        raise BadInput("ไฟล์อ้างถึงตัวเองวนไม่รู้จบ")
    open_nodes.add(id(node))
    if isinstance(node, yaml.MappingNode):
        value: Any = _mapping(node, known, open_nodes)
    elif isinstance(node, yaml.SequenceNode):
        value = [_value(item, known, open_nodes) for item in node.value]
    else:
        value = None if node.tag == NULL else str(node.value)
    open_nodes.discard(id(node))
    known[id(node)] = value
    return value


def _mapping(node: yaml.MappingNode, known: dict[int, Any], open_nodes: set[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadInput("บรรทัด %(line)s: ชื่อช่องต้องเป็นข้อความ", line=key_node.start_mark.line + 1)
        key = str(key_node.value)
        if key in found:
            raise BadInput("บรรทัด %(line)s: เขียน “%(key)s” ซ้ำ", line=key_node.start_mark.line + 1, key=key)
        found[key] = _value(value_node, known, open_nodes)
    return found
