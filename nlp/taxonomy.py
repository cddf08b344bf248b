"""What a message can be: its intent, and the categories with their label, office and rank."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files


class Intent(StrEnum):
    """What the person wants with the message."""

    REPORT = "report"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    INQUIRY = "inquiry"
    OTHER = "other"


class Category(StrEnum):
    """What is alleged or complained about; the order is the order of the numbers officers use."""

    RED_ENVELOPE = "red_envelope"
    KICKBACK = "kickback"
    REFERRAL_COMMISSION = "referral_commission"
    PRESCRIPTION_DATA = "prescription_data"
    SALES_REP = "sales_rep"
    PROCUREMENT = "procurement"
    OUTSIDE_PURCHASE = "outside_purchase"
    INSURANCE_FRAUD = "insurance_fraud"
    OVER_TREATMENT = "over_treatment"
    OVERCHARGING = "overcharging"
    IMPROPER_MEDICATION = "improper_medication"
    UNLICENSED_PRACTICE = "unlicensed_practice"
    FALSE_DOCUMENTS = "false_documents"
    FALSE_ADVERTISING = "false_advertising"
    TOUTING = "touting"
    PRIVACY_BREACH = "privacy_breach"
    ILLEGAL_BIOMEDICAL = "illegal_biomedical"
    PRODUCT_SAFETY = "product_safety"
    COVERUP_RETALIATION = "coverup_retaliation"
    SERVICE_ATTITUDE = "service_attitude"
    CARE_QUALITY = "care_quality"
    PROCESS_ENVIRONMENT = "process_environment"

    @property
    def facts(self) -> "CategoryFacts":
        """Label, description, default offices and flags."""
        return _facts()[self]

    @property
    def label(self) -> str:
        """The short Chinese label, for cards and lists."""
        return self.facts.labels["zh"]

    @property
    def description(self) -> str:
        """One plain Chinese sentence for officers."""
        return self.facts.descriptions["zh"]

    @property
    def is_misconduct(self) -> bool:
        """True for what is alleged against staff or companies, false for plain complaints."""
        return not self.facts.complaint

    @property
    def always_urgent(self) -> bool:
        """True where every case is pushed at once."""
        return self.facts.urgent

    @property
    def sealed(self) -> bool:
        """True where only the configured supervisors may read the case."""
        return self.facts.sealed


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What is written about a category; labels and descriptions are keyed by language (zh, en)."""

    labels: dict[str, str]
    descriptions: dict[str, str]
    lead: str
    supporting: tuple[str, ...]
    complaint: bool
    urgent: bool
    sealed: bool


@lru_cache(maxsize=1)
def _facts() -> dict[Category, CategoryFacts]:
    table = tomllib.loads(files("nlp").joinpath("data/categories.toml").read_text("utf-8"))
    return {category: _one(table[category.value]) for category in Category}


def _one(row: dict[str, object]) -> CategoryFacts:
    texts: dict[str, list[str]] = {key: row[key] for key in ("zh", "en")}  # type: ignore[misc]
    supporting: list[str] = row.get("supporting", [])  # type: ignore[assignment]
    return CategoryFacts(
        labels={language: both[0] for language, both in texts.items()},
        descriptions={language: both[1] for language, both in texts.items()},
        lead=str(row["lead"]),
        supporting=tuple(supporting),
        complaint=bool(row.get("complaint", False)),
        urgent=bool(row.get("urgent", False)),
        sealed=bool(row.get("sealed", False)),
    )


MISCONDUCT = frozenset(c for c in Category if c.is_misconduct)
COMPLAINTS = frozenset(c for c in Category if not c.is_misconduct)
