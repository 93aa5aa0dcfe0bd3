"""Wrong use of routes: each line that ends with ``# refused``, and no other, must be refused."""

from datetime import timedelta

from meshwright.charts import (
    Abort,
    Backend,
    Cors,
    Delay,
    DelegateRoutes,
    DirectResponse,
    Fault,
    HttpRoutes,
    IngressGateway,
    Match,
    Mirror,
    Redirect,
    Retries,
    Rewrite,
    Route,
    TcpRoute,
    TlsRoutes,
)
from meshwright.tree import App, Chart

chart = Chart(App(), "prod")
cart = Backend("cart.shop.svc.cluster.local", 80)
moved = Redirect(uri="/new")
team = DelegateRoutes(chart, "team", routes=[Route(to=cart)])
gateway = IngressGateway(chart, "gateway", hosts=["*"])
Route()  # refused
Route(match=Match.prefix("/a"))  # refused
Route(to=cart, redirect=moved)  # refused
Route(to=cart, delegate=team)  # refused
Route(redirect=moved, direct_response=DirectResponse(200))  # refused
Route(redirect=moved, rewrite=Rewrite(uri="/"))  # refused
Route(direct_response=DirectResponse(200), timeout=timedelta(seconds=1))  # refused
Route(to="cart")  # refused
Route(to={cart: "100"})  # refused
Route(to={cart: 99.5})  # refused
Route(to={"cart": 100})  # refused
Route(to=cart, timeout="5s")  # refused
Route(to=cart, timeout=5)  # refused
Route(to=cart, match="/a")  # refused
Route(to=cart, mirror=cart)  # refused
Route(delegate=HttpRoutes(chart, "routes", hosts=["a"], routes=[]))  # refused
Redirect(uri="/new", code=200)  # refused
Redirect(scheme="ftp")  # refused
Redirect(port="FROM_NOWHERE")  # refused
Rewrite()  # refused
Rewrite(uri="/", regex="a", replacement="b")  # refused
Rewrite(regex="a")  # refused
Retries("3")  # refused
Retries(3, on=["6xx"])  # refused
Retries(3, per_try_timeout="1s")  # refused
Abort()  # refused
Abort(500, grpc_status="OK")  # refused
Abort("500")  # refused
Delay("5s")  # refused
Delay(timedelta(seconds=1), percent="5")  # refused
Fault()  # refused
Mirror("cart")  # refused
Cors(allow_methods=["get"])  # refused
Match.any().scheme("ftp")  # refused
Match.any().port("80")  # refused
Match.any().through("shop/gateway")  # refused
HttpRoutes(chart, "no-hosts", routes=[])  # refused
HttpRoutes(chart, "gateway-by-name", hosts=["a"], routes=[], gateways=["shop/gateway"])  # refused
HttpRoutes(chart, "api", hosts=["a"], routes=[], api="ingress")  # refused
TcpRoute(to=cart, port="5432")  # refused
TlsRoutes(chart, "tls", hosts=["a"], routes=[TcpRoute(to=cart)])  # refused
