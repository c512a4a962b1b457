"""Loads company packs from their folders: all faults of a pack at once, or a checked `Company`.

Touches the disk and nothing else. What the values of a file must look like stands in `reading_*`; whether they fit
together stands in `checks`.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from intents.companies.checks import check_company, check_policy
from intents.companies.company import Company
from intents.companies.fields import PackError, read_file
from intents.companies.policy import Policy
from intents.companies.reading_company import read_company
from intents.companies.reading_policy import read_policy

COMPANY_FILE = "company.yml"
POLICY_FILE = "policy.yml"
SOURCE_FILE = "source.txt"
"""The policy as it was published. A pack may go without it: then nobody but its author has checked the quotations."""
PACKS = Path(__file__).parent


def load_company(folder: Path) -> Company:
    """Load the pack in `folder`, whose name is the company's id.

    Raises PackError with a sentence for each fault of both files, beside what could be read.
    """
    faults: list[str] = []
    policy_field = read_file(folder / POLICY_FILE, faults)
    company_field = read_file(folder / COMPANY_FILE, faults)
    policy = read_policy(policy_field)
    company = read_company(company_field, policy)
    faults += [f"{POLICY_FILE}: {fault}" for fault in check_policy(policy)]
    faults += [f"{POLICY_FILE}: {fault}" for fault in _check_quotes(folder / SOURCE_FILE, policy)]
    if policy.clauses:
        faults += [f"{COMPANY_FILE}: {fault}" for fault in check_company(company, folder.name)]
    if faults:
        raise PackError([f"{folder.name}/{fault}" for fault in faults], replace(company, id=folder.name))
    return company


def _check_quotes(source: Path, policy: Policy) -> Iterator[str]:
    """Find quotations that the source does not have where they say, if the pack holds the source."""
    if not source.exists():
        return
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        yield f"{SOURCE_FILE} beside it cannot be read. Save it as UTF-8."
        return
    for clause in policy.clauses:
        line = lines[clause.line - 1] if clause.line <= len(lines) else ""
        if clause.quote not in line:
            yield f"clauses[{clause.id}].quote does not stand in line {clause.line} of {SOURCE_FILE}."


def pack_folders() -> dict[str, Path]:
    """Where each pack lies that stands beside this file, by its name."""
    return {file.parent.name: file.parent for file in sorted(PACKS.glob(f"*/{COMPANY_FILE}"))}


def load_companies() -> dict[str, Company]:
    """Load every pack that stands beside this file, by company id.

    Raises PackError with the faults of all packs together.
    """
    companies: dict[str, Company] = {}
    faults: list[str] = []
    for folder in pack_folders().values():
        try:
            company = load_company(folder)
        except PackError as error:
            faults.extend(error.faults)
        else:
            companies[company.id] = company
    if faults:
        raise PackError(faults)
    return companies
