"""The intents every desk understands, by name. Data may hold more (a company's own); none of these may be missing.

What each means stands in docs/ears.md. This page knows names and how many lines each owes, nothing of texts.
"""

OUT_OF_SCOPE = "out_of_scope"
"""What the desk does not handle: a learned class of its own, and what an unknown message counts as in reports."""

CATALOGUE: frozenset[str] = frozenset(
    {
        # What a customer wants done
        "request_disclosure",
        "request_correction",
        "request_deletion",
        "request_suspension",
        "request_stop_sharing",
        "opt_out_marketing",
        "withdraw_consent",
        "check_status",
        "cancel_request",
        "add_to_request",
        "complain",
        "report_incident",
        "talk_to_staff",
        # What a customer asks
        "ask_data_collected",
        "ask_collection_method",
        "ask_purposes",
        "ask_third_parties",
        "ask_joint_use",
        "ask_outsourcing",
        "ask_security",
        "ask_external_services",
        "ask_analytics_ads",
        "ask_retention",
        "ask_policy_changes",
        "ask_exceptions",
        "ask_procedure",
        "ask_verification",
        "ask_fees",
        "ask_response_time",
        "ask_representative",
        "ask_contact",
        # Talk
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "help",
        "bot_challenge",
        "stop",
        "change_language",
        OUT_OF_SCOPE,
    }
)

LINES_OWED = 150
"""The fewest training examples an intent may have in each language."""

LINES_OWED_OUT_OF_SCOPE = 500
"""The same for `out_of_scope`, which has the whole rest of the world to cover."""

TEST_LINES_OWED = 12
"""The fewest test lines that an intent may have in each language beside its training lines."""

LINES_OWED_BY_OWN_INTENT = 8
"""For an intent that a company adds: recognised from this many on."""


def lines_owed(intent: str) -> int:
    """How many training examples `intent` owes in each language; a company's own intent owes eight."""
    if intent == OUT_OF_SCOPE:
        return LINES_OWED_OUT_OF_SCOPE
    return LINES_OWED if intent in CATALOGUE else LINES_OWED_BY_OWN_INTENT
