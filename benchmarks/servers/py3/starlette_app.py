"""The gateway's import call in Starlette and aiohttp."""

from __future__ import absolute_import, division, print_function

import contextlib
import os

import aiohttp
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks import values

UPSTREAM = os.environ["UPSTREAM"]


async def import_instances(request):
    try:
        payload = await request.json()
    except ValueError:
        return refused(400, "the body is not JSON")
    if not isinstance(payload, dict) or not isinstance(payload.get("datas"), list):
        return refused(400, "the body must be an object with a list of rows")
    url = UPSTREAM + values.IMPORT.format(object_id=request.path_params["object_id"])
    session = request.app.state.session
    async with session.post(url, json=payload, headers=values.ORG) as response:
        answer = await response.json()
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
    routes=[Route("/cmdb/import/{object_id}", import_instances, methods=["POST"])],
    lifespan=lifespan)
