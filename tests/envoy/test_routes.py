"""Routes to Envoy's JSON and back."""

import pytest
from meshwright.envoy.read_routes import from_route_configuration
from meshwright.envoy.routes import route_configuration

from tests.envoy.corpus import PILOT, recorded_route_configurations, that_touches_traffic

RECORDED = recorded_route_configurations()
EXCEPTIONS = {
    "http-routes for-virtual-service-with-ring-hash": "a cookie's 100 nanoseconds, where the table counts microseconds",
    "http-routes for-invalid-redirect-code": "a route without any action, which Envoy refuses",
}


@pytest.mark.skipif(not PILOT.is_dir(), reason="the conformance corpus is not beside this repository")
def test_what_istiod_sends_is_written_again_as_it_was():
    different = [
        name
        for name, message in RECORDED.items()
        if name not in EXCEPTIONS
        and route_configuration(from_route_configuration(message)) != that_touches_traffic(message)
    ]
    assert len(RECORDED) > 150
    assert different == []
