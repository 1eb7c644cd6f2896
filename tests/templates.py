"""Editing a Word template as an office does."""

from __future__ import annotations

from docx import Document

from fsdesk.services import word_templates


def edited(workspace, template, file, old, new):
    """Export a template, change a wording as Word would, and give the file."""
    word_templates.export(workspace, template, file)
    document = Document(file)
    for paragraph in document.paragraphs:
        if old in paragraph.text:
            text = paragraph.text.replace(old, new)
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = text
    document.save(file)
    return file
