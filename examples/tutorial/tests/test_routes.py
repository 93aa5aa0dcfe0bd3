"""Where requests go: each assertion is answered as istiod and Envoy would, and a failure says why."""


def test_the_host_leads_to_the_app(mesh):
    assert mesh("dist").get("http://guestbook.example.com/").goes_to("guestbook")


def test_other_hosts_lead_nowhere(mesh):
    assert mesh("dist").get("http://other.guestbook.example.com/").answers(404)
