"""The hosts that moved here from the nginx ingress controller."""

import pytest


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("http://guestbook.example.com/", "guestbook"),
        ("http://bookinfo.example.com/productpage", "productpage"),
        ("http://bookinfo.example.com/static/site.css", "productpage"),
    ],
)
def test_what_nginx_served_is_served_here(mesh, url, service):
    assert mesh("dist").get(url).goes_to(service)
