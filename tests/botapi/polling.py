"""The methods by which a bot fetches its updates, or says where to bring them."""

import re
from urllib.parse import urlsplit

from tests.botapi.checks import boolean, integer, json_of
from tests.botapi.cloud import Cloud, WebhookState
from tests.botapi.refusals import Flaw, JsonObject, Refusal, bad_request, conflict
from tests.botapi.updates import DEFAULT_KINDS
from tests.botapi.wire import Call

LONGEST_POLL = 50
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_updates(cloud: Cloud, call: Call) -> list[JsonObject]:
    """Confirm what the offset confirms, and give out what waits; wait for it where the bot has time."""
    limit = integer(call, "limit", 100, 1, 100)
    patience = integer(call, "timeout", 0, 0, LONGEST_POLL)
    with cloud.changing():
        if cloud.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        _take_allowed_updates(cloud, call)
        cloud.queue.confirm_below(integer(call, "offset", 0, -(2**31), 2**31 - 1))
        if cloud.queue.pending or not patience:
            return cloud.queue.give_out(limit)
        cloud.poll += 1
        ours = cloud.poll
    await cloud.bell.wait(lambda: _is_over(cloud, ours), patience)
    with cloud.lock:
        if cloud.closing or call.caller_gone():
            raise Refusal(500, "Internal Server Error: restart")
        if cloud.webhook.url:
            raise conflict("terminated by setWebhook request")
        if cloud.poll != ours:
            raise conflict(OTHER_POLLER)
        return cloud.queue.give_out(limit)


def _is_over(cloud: Cloud, ours: int) -> bool:
    with cloud.lock:
        return bool(cloud.closing or cloud.webhook.url or cloud.poll != ours or cloud.queue.pending)


def _take_allowed_updates(cloud: Cloud, call: Call) -> None:
    try:
        cloud.queue.allow(json_of(call, "allowed_updates", "allowed_updates"))
    except Flaw:
        return  # the real server ignores a list that does not parse


def set_webhook(cloud: Cloud, call: Call) -> bool:
    """Set, change or (with an empty url) delete the webhook."""
    url = call.get("url")
    if boolean(call, "drop_pending_updates"):
        cloud.queue.clear()
    if not url:
        return _without_webhook(cloud)
    parts = urlsplit(url)
    if parts.scheme not in {"", "http", "https"} or not (parts.hostname or parts.path) or " " in url:
        raise bad_request("invalid webhook URL specified")
    secret = call.get("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    most = integer(call, "max_connections", 40, 1, 100)
    _take_allowed_updates(cloud, call)
    now = cloud.webhook
    if (now.url, now.secret_token, now.max_connections) != (url, secret, most):
        cloud.webhook = WebhookState(url, secret, most, now.generation + 1)
    return True


def delete_webhook(cloud: Cloud, call: Call) -> bool:
    if boolean(call, "drop_pending_updates"):
        cloud.queue.clear()
    return _without_webhook(cloud)


def _without_webhook(cloud: Cloud) -> bool:
    cloud.webhook = WebhookState(generation=cloud.webhook.generation + 1)
    return True


def get_webhook_info(cloud: Cloud, call: Call) -> JsonObject:
    webhook = cloud.webhook
    info: JsonObject = {
        "url": webhook.url, "has_custom_certificate": False, "pending_update_count": len(cloud.queue.pending),
    }  # fmt: skip
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_date:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
    if cloud.queue.allowed != DEFAULT_KINDS:
        info["allowed_updates"] = sorted(cloud.queue.allowed)
    return info
