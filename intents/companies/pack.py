"""Loads company packs from their folders: all faults of a pack at once, or a checked `Company`.

Touches the disk and nothing else. What the values of a file must look like stands in `reading_*`; whether they fit
together stands in `checks`.
"""

from pathlib import Path

from intents.companies.checks import check_company, check_policy
from intents.companies.company import Company
from intents.companies.fields import PackError, read_file
from intents.companies.reading_company import read_company
from intents.companies.reading_policy import read_policy

COMPANY_FILE = "company.yml"
POLICY_FILE = "policy.yml"
_PACKS = Path(__file__).parent


def load_company(folder: Path) -> Company:
    """Load the pack in `folder`, whose name is the company's id.

    Raises PackError with a sentence for each fault of both files.
    """
    faults: list[str] = []
    policy_field = read_file(folder / POLICY_FILE, faults)
    company_field = read_file(folder / COMPANY_FILE, faults)
    policy = read_policy(policy_field)
    company = read_company(company_field, policy)
    faults += [f"{POLICY_FILE}: {fault}" for fault in check_policy(policy)]
    if policy.clauses:
        faults += [f"{COMPANY_FILE}: {fault}" for fault in check_company(company, folder.name)]
    if faults:
        raise PackError([f"{folder.name}/{fault}" for fault in faults])
    return company


def load_companies() -> dict[str, Company]:
    """Load every pack that stands beside this file, by company id.

    Raises PackError with the faults of all packs together.
    """
    companies: dict[str, Company] = {}
    faults: list[str] = []
    for file in sorted(_PACKS.glob(f"*/{COMPANY_FILE}")):
        try:
            company = load_company(file.parent)
        except PackError as error:
            faults.extend(error.faults)
        else:
            companies[company.id] = company
    if faults:
        raise PackError(faults)
    return companies
