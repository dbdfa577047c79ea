"""The grpcio side of the interoperability tests.

peer.py server DESCRIPTORS   prints "listening PORT" and serves until stdin closes
peer.py client DESCRIPTORS   runs the cases that stdin names, a JSON object a line
"""

import asyncio
import inspect
import json
import sys
import traceback

import contract

role, descriptors = sys.argv[1:]
contract.load(descriptors)


async def lines():
    """stdin, line by line. The parent holds the other end: when it is gone, so is the need for this process."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield line


async def serve():
    import server

    running, port = await server.start()
    print(f"listening {port}", flush=True)
    async for _ in lines():
        pass
    await running.stop(None)


async def answer(line):
    import client

    command = json.loads(line)
    identity, name, target = (command.pop(key) for key in ("id", "name", "target"))
    try:
        case = client.CASES[name]
        wanted = inspect.signature(case).parameters
        await case(target, **{key: value for key, value in command.items() if key in wanted})
        error = None
    except Exception:
        error = traceback.format_exc()
    print(json.dumps({"id": identity, "error": error}), flush=True)


async def call():
    print("ready", flush=True)
    running = set()
    async for line in lines():
        task = asyncio.create_task(answer(line))
        running.add(task)
        task.add_done_callback(running.discard)


asyncio.run(serve() if role == "server" else call())
