"""Question files for the tests of what comes in and goes out."""

import io
import random
import zipfile

GIFT = """$CATEGORY: $course$/top/กฎหมาย/ท้องถิ่น

// [tag:ปกครอง]
::เมืองหลวง:: เมืองหลวงของไทยคือข้อใด {=กรุงเทพมหานคร ~%-50%นนทบุรี ~ระยอง}

กรุงเทพมหานครมี 50 เขต {TRUE}

ข้อความอธิบาย ไม่มีคำถาม
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CHOICE = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{name}" title="{name}" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>{body}<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
<simpleChoice identifier="A">ก</simpleChoice><simpleChoice identifier="B">ข</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""
DRAWING = CHOICE.replace("choiceInteraction", "drawingInteraction")


def package(**files: str | bytes) -> bytes:
    """A zip of these files; ``__`` in a name stands for a slash, ``_xml`` at its end for the ending."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            part = zipfile.ZipInfo(name.replace("__", "/").replace("_", "."), (2026, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(part, content)
    return stream.getvalue()


def qti() -> bytes:
    """Two items, one with a picture, and one that the bank has no way of answering; large enough for the worker."""
    noise = random.Random(1).randbytes(5_000)
    return package(
        noise_bin=noise,
        items__one_xml=CHOICE.format(name="one", body='<p>ผังใด <img src="../pics/a%20b.png" alt="ผัง"/></p>'),
        items__two_xml=CHOICE.format(name="two", body="<p>ข้อใด</p>"),
        items__three_xml=DRAWING.format(name="three", body="<p>วาด</p>"),
        **{"pics__a b_png": PNG},
    )
