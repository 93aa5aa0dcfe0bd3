import pytest

from meshwright.frontends.istio.retries import DEFAULT, DEFAULT_WITH_HASH, retry_policy

BY_DEFAULT = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"


def test_a_rule_without_retries_is_tried_twice_more():
    assert retry_policy(None, consistent_hash=False) is DEFAULT
    assert DEFAULT.attempts == 2


def test_consistent_hashing_keeps_a_retry_on_its_host():
    assert retry_policy(None, consistent_hash=True) is DEFAULT_WITH_HASH
    assert retry_policy({"attempts": 1}, consistent_hash=True).avoid_previous_hosts is False
    told = {"attempts": 1, "retryIgnorePreviousHosts": True}
    assert retry_policy(told, consistent_hash=True).avoid_previous_hosts is True


@pytest.mark.parametrize("written", [{"attempts": 0}, {}, {"attempts": -1}, {"retryOn": "5xx"}])
def test_no_attempts_means_no_retries(written):
    assert retry_policy(written, consistent_hash=False) is None


@pytest.mark.parametrize(
    ("retry_on", "conditions", "codes"),
    [
        pytest.param("5xx,reset", "5xx,reset", (), id="names stay"),
        pytest.param("503", ",retriable-status-codes", (503,), id="a code brings the condition that reads it"),
        pytest.param("reset,503,429", "reset,retriable-status-codes", (503, 429), id="codes leave the names"),
        pytest.param("503,retriable-status-codes", "retriable-status-codes", (503,), id="which is not added twice"),
        pytest.param(" reset , , 5xx", "reset,5xx", (), id="spaces and empty parts go"),
        pytest.param("799,reset", "799,reset", (), id="a number that is no status is a name"),
        pytest.param("", BY_DEFAULT, (), id="nothing means the default"),
    ],
)
def test_conditions_are_names_and_status_codes(retry_on, conditions, codes):
    policy = retry_policy({"attempts": 1, "retryOn": retry_on}, consistent_hash=False)
    assert (policy.retry_on, policy.retriable_status_codes) == (conditions, codes)


def test_retries_may_ask_for_other_localities():
    policy = retry_policy({"attempts": 1, "retryRemoteLocalities": True}, consistent_hash=False)
    assert policy.previous_priorities_every == 2
