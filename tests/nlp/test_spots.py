"""Places are found whole."""

import pytest

from nlp.normalise import normalise
from nlp.spots import find_places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("在三楼护士站塞的", ["三楼护士站"]), ("停车场给的", ["停车场"]),
        ("地下二层停车场", ["地下二层停车场"]), ("地下停車場", ["地下停車場"]),
        ("去门口药店买", ["门口药店"]), ("楼梯间", ["楼梯间"]), ("主任办公室", ["主任办公室"]),
        ("12床", ["12床"]), ("住三床", ["三床"]),
        ("微信上说的", ["微信上"]), ("医院对面的咖啡馆", ["医院对面的咖啡馆"]), ("5号诊室", ["5号诊室"]),
        ("302病房", ["302病房"]),
        ("3号楼5层", ["3号楼5层"]), ("护士站门口", ["护士站门口"]), ("他家楼下", ["他家楼下"]),
        ("B2停车场", ["B2停车场"]), ("隔壁床", ["隔壁床"]),
        ("三楼厕所", ["三楼厕所"]), ("十二楼的医生", ["十二楼"]),
        ("没有床位", []), ("一张床", []), ("三床被子", []), ("住院楼层", []), ("他家人", []),
        ("走后门", []), ("维生素b2", []),
    ],
)  # fmt: skip
def test_places(text: str, places: list[str]) -> None:
    assert [one.text for one in find_places(normalise(text), text)] == places
