"""The gateway's import and search in Starlette and aiohttp."""

from __future__ import absolute_import, division, print_function

import contextlib
import os

import aiohttp
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

UPSTREAM = os.environ["UPSTREAM"]
HEADERS = {"org": "777777", "user": "defaultUser"}


async def call(request):
    try:
        payload = await request.json()
    except ValueError:
        return refused(400, "the body is not JSON")
    if not isinstance(payload, dict):
        return refused(400, "the body must be an object")
    url = "{}/object/{object_id}/instance/_{action}".format(UPSTREAM, **request.path_params)
    session = request.app.state.session
    try:
        async with session.post(url, json=payload, headers=HEADERS) as response:
            answer = await response.json()
    except aiohttp.ClientError:
        return refused(502, "the CMDB cannot be reached")
    if response.status != 200 or answer.get("code") != 0:
        return refused(502, "the CMDB failed")
    return JSONResponse({"message": "POST request successful", "data": answer})


def refused(status, why):
    return JSONResponse({"message": why}, status_code=status)


@contextlib.asynccontextmanager
async def lifespan(app):
    async with aiohttp.ClientSession() as session:
        app.state.session = session
        yield


app = Starlette(
    routes=[Route("/cmdb/{action}/{object_id}", call, methods=["POST"])],
    lifespan=lifespan)
