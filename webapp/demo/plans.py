"""The assessment plan of the demonstration's cohorts, every number with its reason, and their programme."""

from decimal import Decimal

from webapp.assessments.plans.rules import (
    ComponentContent,
    CriterionContent,
    GateContent,
    PlanContent,
    TieBreakerContent,
)

ANCHORS = (
    ("1", "กล่าวถึงโดยไม่มีข้อมูลสนับสนุน"),
    ("5", "วิเคราะห์ด้วยข้อมูลของพื้นที่และเสนอทางเลือก"),
    ("10", "วิเคราะห์ครบทุกด้าน เสนอทางเลือกพร้อมต้นทุน ผู้รับผิดชอบ และตัวชี้วัด"),
)


def _line(code: str, thai: str, english: str, weight: int) -> CriterionContent:
    return CriterionContent(code, thai, english, Decimal(weight), Decimal(10), ANCHORS)


PROPOSAL_RUBRIC = (
    _line("problem", "การวิเคราะห์ปัญหาของพื้นที่", "Analysis of the district's problem", 40),
    _line("feasibility", "ความเป็นไปได้ของข้อเสนอ", "Feasibility of the proposal", 35),
    _line("presentation", "การนำเสนอและตอบข้อซักถาม", "Presentation and answers", 25),
)
PROJECT_RUBRIC = (
    _line("result", "ผลที่เกิดขึ้นจริง", "Results achieved", 50),
    _line("participation", "การมีส่วนร่วมของประชาชนและหน่วยงาน", "Participation of citizens and agencies", 30),
    _line("report", "รายงานและการเรียนรู้", "Report and learning", 20),
)


def plan(*, tie_breakers: tuple[str, ...]) -> PlanContent:
    """Exam 50, proposal 30, project 10, coaching 10; two pass marks, two gates."""
    reasons = {
        "exam": "วัดความรู้ที่ใช้ตัดสินใจจริงเป็นลำดับแรก",
        "proposal": "วัดความสามารถในการนำความรู้ไปใช้กับพื้นที่",
        "level_tenure": "ประสบการณ์ในระดับตำแหน่งปัจจุบันที่ยาวกว่าได้ลำดับก่อน",
        "entry_date": "ผู้เข้ารับราชการก่อนได้ลำดับก่อน",
    }
    return PlanContent(
        components=(
            ComponentContent(
                "exam", "สอบวัดความรู้หลังการอบรม", "Examination after training", Decimal(50), Decimal(100), Decimal(60), "exam",
                "มติคณะทำงาน: ความรู้ ความสามารถ ทักษะ และสมรรถนะ (ข้อ 4.1) มีน้ำหนักครึ่งหนึ่ง เกณฑ์ผ่านร้อยละ 60 ตามแนวของหลักสูตรเดิม",
            ),
            ComponentContent(
                "proposal", "โครงร่างข้อเสนอการพัฒนางานของสำนักงานเขต", "Proposal outline", Decimal(30), Decimal(100), Decimal(60), "proposal",
                "ข้อ 4.2 ของแนวทางการพัฒนา: การนำเสนอโครงร่างแสดงวิสัยทัศน์ต่อพื้นที่", PROPOSAL_RUBRIC,
            ),
            ComponentContent(
                "project", "โครงการที่ได้รับมอบหมาย", "Project assignment", Decimal(10), Decimal(100), None, "project",
                "คณะกรรมการให้ใช้โครงการแทนการศึกษาดูงานบางส่วน (ข้อ 7.4) จึงให้น้ำหนักพอให้ตั้งใจทำ", PROJECT_RUBRIC,
            ),
            ComponentContent(
                "coaching", "การพัฒนาจากการสอนงาน", "Growth through coaching", Decimal(10), Decimal(100), None, "coaching",
                "ข้อสังเกตที่ 9 ของอนุกรรมการ: ให้ความสำคัญกับการสอนงานและการให้คำปรึกษา",
            ),
        ),
        gates=(
            GateContent("attendance_percent", Decimal(80), "ระเบียบการฝึกอบรมของสถาบัน: เข้าเรียนไม่น้อยกว่าร้อยละ 80"),
            GateContent("coaching_hours", Decimal(12), "ให้ได้รับการสอนงานอย่างน้อยเดือนละ 2 ชั่วโมงตลอดหลักสูตร"),
        ),
        tie_breakers=tuple(TieBreakerContent(key, reasons[key]) for key in tie_breakers),
    )  # fmt: skip


PROGRAMME = (
    (
        "S01",
        "lecture",
        "ทิศทางการพัฒนากรุงเทพมหานครและบทบาทของเขต",
        "Where Bangkok is heading, and the district's part in it",
        6,
    ),
    ("S02", "lecture", "กฎหมายและอำนาจหน้าที่ของผู้บริหารเขต", "Law and powers of district executives", 6),
    ("S03", "lecture", "การบริหารกรุงเทพมหานครด้านการพัฒนาเมือง", "BMA administration in city development", 6),
    ("S04", "lecture", "การบริหารกรุงเทพมหานครด้านการพัฒนาชุมชน", "BMA administration in community development", 6),
    ("S05", "lecture", "การคลังและการจัดเก็บรายได้ท้องถิ่น", "Local finance and revenue", 6),
    ("S06", "lecture", "การสื่อสารและการมีส่วนร่วมของประชาชน", "Communication and engaging the public", 6),
    ("S07", "activity", "การเจรจาต่อรองและจัดการความขัดแย้ง", "Negotiation and conflict", 6),
    ("S08", "activity", "การคิดเชิงออกแบบเพื่อบริการของเขต", "Design thinking for district services", 6),
    ("S09", "activity", "ภาวะผู้นำและการบริหารการเปลี่ยนแปลง", "Leadership and change management", 6),
    ("S10", "activity", "จำลองสถานการณ์น้ำท่วมและภัยพิบัติ", "Flood and disaster simulation", 6),
    ("S11", "experience", "เรียนรู้งานจากผู้บริหารต้นแบบ", "Shadowing a model executive", 12),
    ("S12", "experience", "นำเสนอโครงร่างข้อเสนอต่อคณะกรรมการ", "Presenting the proposal to the panel", 6),
)
