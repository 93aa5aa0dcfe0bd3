"""A GitHub and a GitLab on this machine, as far as comments go."""

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_LIST = re.compile(r"/(?:repos/shop/mesh/issues/7/comments|projects/42/merge_requests/7/notes)")
_ONE = re.compile(r"/(?:repos/shop/mesh/issues/comments|projects/42/merge_requests/7/notes)/(\d+)")


class Forge:
    """Comments by their numbers, and the requests that came."""

    def __init__(self, url):
        self.url = url
        self.comments = {}
        self.asked = []
        self.headers = []
        self.answers = []

    def write(self, body, **more):
        number = len(self.comments) + 1
        self.comments[number] = {"id": number, "body": body, **more}

    def bodies(self):
        return [each["body"] for each in self.comments.values()]


@contextmanager
def forge():
    """Yield a platform that listens on the loopback address; ``answers`` are statuses to give before it works."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if status in (301, 302):
                self.send_header("Location", "https://elsewhere.example.com/")
            self.end_headers()
            self.wfile.write(data)

        def _do(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            found.asked.append(f"{self.command} {parts.path}")
            found.headers.append(dict(self.headers))
            if found.answers:
                return self._answer(found.answers.pop(0), {"message": "not now"})
            one = _ONE.fullmatch(parts.path)
            if self.command == "GET" and _LIST.fullmatch(parts.path):
                page = {key: int(values[0]) for key, values in parse_qs(parts.query).items()}
                start = page["per_page"] * (page["page"] - 1)
                return self._answer(200, list(found.comments.values())[start : start + page["per_page"]])
            if self.command == "POST" and _LIST.fullmatch(parts.path):
                found.write(body["body"])
                return self._answer(201, {})
            if self.command in ("PATCH", "PUT") and one and int(one[1]) in found.comments:
                found.comments[int(one[1])]["body"] = body["body"]
                return self._answer(200, {})
            return self._answer(404, {"message": "not found"})

        do_GET = do_POST = do_PATCH = do_PUT = _do  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Forge(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
