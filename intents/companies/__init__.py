"""Company packs: what a company's desk is called, who answers, and what its policy says, clause by clause.

A pack is a folder with `company.yml` (the desk), `policy.yml` (numbered clauses and gaps) and `golden.yml`
(questions with the clause each must find). Packs are data; this package reads, checks and searches them. It knows
no request, no person and no law, and imports nothing of ours but `intents.parse`.
"""

from intents.companies.clauses import Answer, Clause, Gap, Text, Topics
from intents.companies.company import (
    AgentPapers,
    Calendar,
    Company,
    Fee,
    Ground,
    Item,
    Office,
    Opening,
    Span,
    Targets,
    Weekday,
)
from intents.companies.fields import PackError
from intents.companies.golden import Question, check_golden, load_golden
from intents.companies.pack import PACKS, load_companies, load_company, pack_folders
from intents.companies.policy import Policy
from intents.companies.rendering import quote, render

__all__ = [
    "PACKS",
    "AgentPapers",
    "Answer",
    "Calendar",
    "Clause",
    "Company",
    "Fee",
    "Gap",
    "Ground",
    "Item",
    "Office",
    "Opening",
    "PackError",
    "Policy",
    "Question",
    "Span",
    "Targets",
    "Text",
    "Topics",
    "Weekday",
    "check_golden",
    "load_companies",
    "load_company",
    "load_golden",
    "pack_folders",
    "quote",
    "render",
]
