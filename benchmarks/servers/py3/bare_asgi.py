"""The gateway's import call in ASGI without a framework, and pyqwest."""

from __future__ import absolute_import, division, print_function

import json
import os

import pyqwest

from benchmarks import values

UPSTREAM = os.environ["UPSTREAM"]
PREFIX = "/cmdb/import/"
HEADERS = dict(values.ORG, **{"Content-Type": "application/json"})

client = None


async def app(scope, receive, send):
    global client
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)
    if scope["method"] != "POST" or not scope["path"].startswith(PREFIX):
        return await answer(send, 404, {"message": "not found"})
    try:
        payload = json.loads(await body_of(receive))
    except ValueError:
        return await answer(send, 400, {"message": "the body is not JSON"})
    if not isinstance(payload, dict) or not isinstance(payload.get("datas"), list):
        return await answer(send, 400, {"message": "the body must be an object with rows"})
    url = UPSTREAM + values.IMPORT.format(object_id=scope["path"][len(PREFIX):])
    response = await client.post(url, headers=HEADERS, content=json.dumps(payload).encode())
    envelope = response.json()
    if response.status != 200 or envelope.get("code") != 0:
        return await answer(send, 502, {"message": "the CMDB failed"})
    await answer(send, 200, {"message": "POST request successful", "data": envelope})


async def body_of(receive):
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    return body


async def answer(send, status, content):
    body = json.dumps(content).encode()
    await send({
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ],
    })
    await send({"type": "http.response.body", "body": body})


async def lifespan(receive, send):
    global client
    await receive()
    client = pyqwest.Client(pyqwest.HTTPTransport())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
