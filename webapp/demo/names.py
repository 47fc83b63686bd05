"""Invented names: given names and family names that are common in Thailand, put together at random."""

MEN = """
สมชาย Somchai|วรวุฒิ Worawut|กฤตภาส Krittaphat|ธนากร Thanakon|ประเสริฐ Prasert|วิชัย Wichai|สุรชัย Surachai|อนุชา Anucha
ณัฐพล Natthaphon|พงศกร Phongsakon|ชัยวัฒน์ Chaiwat|ธีรพงษ์ Thiraphong|นพดล Noppadon|บุญเลิศ Bunloet|ปิยะ Piya|พิชิต Phichit
มานพ Manop|ยุทธนา Yutthana|รังสรรค์ Rangsan|วีระ Wira|ศักดิ์ชัย Sakchai|สมบูรณ์ Sombun|สุทธิพงษ์ Sutthiphong|อดิศักดิ์ Adisak
อภิชาติ Aphichat|เกรียงไกร Kriangkrai|เฉลิมพล Chaloemphon|เทพพิทักษ์ Thepphithak|โกวิท Kowit|ไพโรจน์ Phairot|กิตติ Kitti|จักรกฤษณ์ Chakkrit
ชาญณรงค์ Channarong|ณรงค์ Narong|ทวีศักดิ์ Thawisak|ธวัชชัย Thawatchai|นิพนธ์ Niphon|ประยุทธ Prayut|พรชัย Phonchai|ภานุวัฒน์ Phanuwat
รุ่งโรจน์ Rungrot|วสันต์ Wasan|วิเชียร Wichian|สมเกียรติ Somkiat|สิทธิชัย Sitthichai|สุเมธ Sumet|อำนาจ Amnat|เอกชัย Ekkachai
"""

WOMEN = """
สมหญิง Somying|พรทิพย์ Phonthip|กาญจนา Kanchana|จันทร์เพ็ญ Chanphen|ชลธิชา Chonthicha|ณัฐธิดา Natthida|ดวงใจ Duangchai|ทัศนีย์ Thatsani
ธนพร Thanaphon|นภาพร Naphaphon|นงลักษณ์ Nonglak|บุษบา Butsaba|ปราณี Prani|ปิยนุช Piyanut|พัชรี Phatchari|เพ็ญศรี Phensi
มาลี Mali|มณีรัตน์ Manirat|ยุพา Yupha|รัตนา Rattana|รุ่งนภา Rungnapha|ลัดดา Ladda|วรรณา Wanna|วิไลวรรณ Wilaiwan
ศิริพร Siriphon|สุกัญญา Sukanya|สุดารัตน์ Sudarat|สุภาพร Suphaphon|เสาวลักษณ์ Saowalak|อรุณี Aruni|อัจฉรา Atchara|อุบล Ubon
เกศินี Kesini|เบญจมาศ Benchamat|แสงดาว Saengdao|ไพลิน Phailin|กนกวรรณ Kanokwan|จิราพร Chiraphon|ชุติมา Chutima|นิภา Nipha
ปวีณา Pawina|พิมพ์ใจ Phimchai|ภัทราวดี Phatthrawadi|วาสนา Watsana|ศศิธร Sasithon|สายพิณ Saiphin|อารีย์ Ari|ฉวีวรรณ Chawiwan
"""

FAMILIES = """
แก้วมณี Kaeomani|อัศวเดช Atsawadet|บุญยืน Bunyuen|วัฒนไพบูลย์ Watthanaphaibun|ศรีสุวรรณ Sisuwan|ทองดี Thongdi|จันทร์แก้ว Chankaeo|ใจดี Chaidi
รุ่งเรือง Rungrueang|พงษ์พานิช Phongphanit|สุขสวัสดิ์ Suksawat|มั่นคง Mankhong|เจริญสุข Charoensuk|ศรีวิไล Siwilai|ทองคำ Thongkham|วงศ์สว่าง Wongsawang
ชัยมงคล Chaimongkhon|พิพัฒน์กุล Phiphatkun|อินทรสุข Intharasuk|แสงทอง Saengthong|บัวหลวง Bualuang|กิจเจริญ Kitcharoen|สมบัติดี Sombatdi|เพชรรัตน์ Phetcharat
ธรรมรักษา Thammaraksa|นาคสวัสดิ์ Naksawat|ประสิทธิ์ผล Prasitphon|โพธิ์ทอง Phothong|ภูมิใจ Phumchai|มหาสุข Mahasuk|รักษ์ไทย Rakthai|ลิ้มเจริญ Limcharoen
วิเศษศักดิ์ Wisetsak|สุวรรณรัตน์ Suwannarat|หงษ์ทอง Hongthong|อ่อนละมัย Onlamai|เกษมสันต์ Kasemsan|เลิศวิทยา Loetwitthaya|แสนสุข Saensuk|ไชยวงศ์ Chaiwong
กาญจนพันธ์ Kanchanaphan|คงกระพัน Khongkraphan|จิตต์มั่น Chitman|ชื่นชม Chuenchom|ดำรงค์ศักดิ์ Damrongsak|ตั้งใจ Tangchai|ถาวรวัฒน์ Thawonwat|ทิพย์สมบัติ Thipsombat
นิลวรรณ Ninlawan|บุญประเสริฐ Bunprasoet|ปัญญาดี Panyadi|พันธุ์ไพศาล Phanphaisan|มีทรัพย์ Misap|ยอดเยี่ยม Yotyiam|รัตนโกสินทร์ Rattanakosin|วรรณศิริ Wannasiri
ศักดิ์สิทธิ์ Saksit|สถาพร Sathaphon|สมุทรสาคร Samutsakhon|สายบัว Saibua|หอมหวล Homhuan|อมรวิวัฒน์ Amonwiwat|เอี่ยมสะอาด Iamsaat|โชติช่วง Chotchuang
กลิ่นหอม Klinhom|เกตุแก้ว Ketkaeo|คำแหง Khamhaeng|จารุวัฒน์ Charuwat|ชูเกียรติ Chukiat|ดีประเสริฐ Diprasoet|ธนสาร Thanasan|บริสุทธิ์ Borisut
ปานทอง Panthong|ผลดี Phondi|พูลสวัสดิ์ Phunsawat|ฟักทอง Fakthong|มงคลชัย Mongkhonchai|เรืองศรี Rueangsi|ลาภผล Laphon|วงษ์ทอง Wongthong
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    names = (entry.strip() for line in text.strip().splitlines() for entry in line.split("|"))
    return [(name.split(" ")[0], name.split(" ")[1]) for name in names]


MEN_NAMES = _pairs(MEN)
WOMEN_NAMES = _pairs(WOMEN)
FAMILY_NAMES = _pairs(FAMILIES)
