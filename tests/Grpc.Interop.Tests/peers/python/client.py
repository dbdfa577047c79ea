"""The cases, called from grpcio."""

import asyncio
import re
import time
import uuid

import grpc
import grpc.aio

import contract
from contract import ALL_BYTES, MAX_MESSAGE, MIB, PRINTABLE, PROBE

CASES = {}
ROOMY = [
    ("grpc.max_receive_message_length", MAX_MESSAGE),
    ("grpc.max_send_message_length", -1),
]


def case(name):
    def register(run):
        CASES[name] = run
        return run

    return register


def require(condition, what=""):
    if not condition:
        raise AssertionError(what)


def equal(actual, expected):
    require(actual == expected, f"{actual!r} instead of {expected!r}")


class Client:
    """A service's methods as callables, on a connection of its own."""

    def __init__(self, target, service=PROBE, options=ROOMY):
        # Without it every channel with the same arguments shares one connection.
        self.channel = grpc.aio.insecure_channel(
            target, [*options, ("grpc.use_local_subchannel_pool", 1)]
        )
        self.types = {}
        for method, request, reply in contract.methods(service):
            make = getattr(self.channel, contract.kind(method))
            path = f"/{service}/{method.name}"
            callable_ = make(path, request.SerializeToString, reply.FromString)
            self.types[method.name] = request
            setattr(self, method.name, callable_)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.channel.close()


def message(name, **fields):
    return contract.message(f"apisvc.interop.v1.{name}")(**fields)


def parcel(**fields):
    return message("Parcel", **fields)


async def outcome(call):
    """Code and message at the end of a call."""
    code, details = (await call.code()).value[0], await call.details()
    # grpcio says "OK" where a server sent no message.
    return code, "" if (code, details) == (0, "OK") else details


async def fails(call):
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error
    raise AssertionError("The call succeeded.")


async def drain(call):
    messages = []
    try:
        while (each := await call.read()) is not grpc.aio.EOF:
            messages.append(each)
    except (grpc.aio.AioRpcError, asyncio.CancelledError):
        pass
    return messages


async def until(condition, what):
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        if value := await condition():
            return value
        await asyncio.sleep(0.015)
    raise AssertionError(f"Not in time: {what}")


async def observed(client, key, what):
    async def look():
        seen = await client.Observe(message("HoldKey", key=key))
        return seen if getattr(seen, what) else None

    return await until(look, f"the server saw the call {what}")


def tagged(prefix):
    return (
        (f"{prefix}-text", "plain value"),
        (f"{prefix}-printable", PRINTABLE),
        (f"{prefix}-twice", "one"),
        (f"{prefix}-twice", "two"),
        (f"{prefix}-all-bin", ALL_BYTES),
    )


def values(metadata, key):
    """HTTP allows a list of values in one field; so does gRPC."""
    found = [v for k, v in metadata if k == key]
    return found if key.endswith("-bin") else re.sub(", ", ",", ",".join(found))


def require_tagged(metadata, prefix):
    equal(values(metadata, f"{prefix}-text"), "plain value")
    equal(values(metadata, f"{prefix}-printable"), PRINTABLE.replace(", ", ","))
    equal(values(metadata, f"{prefix}-twice"), "one,two")
    equal(values(metadata, f"{prefix}-all-bin"), [ALL_BYTES])


def hold(client, timeout=None):
    key = str(uuid.uuid4())
    return key, client.Hold(message("HoldKey", key=key), timeout=timeout)


@case("unary")
async def unary(target):
    async with Client(target) as client:
        request = parcel(text="Grüße 世界", payload=ALL_BYTES, number=-7)
        equal(await client.Echo(request), request)
        equal(await client.Echo(parcel()), parcel())


@case("client streaming")
async def client_streaming(target):
    async with Client(target) as client:
        for count in (0, 1, 200):
            parcels = (parcel(text=str(i % 10), payload=bytes(1000)) for i in range(count))
            texts = "".join(str(i % 10) for i in range(count))
            totals = message("Totals", messages=count, bytes=count * 1000, texts=texts)
            equal(await client.Sum(parcels), totals)


@case("server streaming")
async def server_streaming(target):
    async with Client(target) as client:
        for count in (0, 1, 200):
            call = client.Count(message("CountRequest", messages=count, size=1000))
            messages = await drain(call)
            equal(await outcome(call), (0, ""))
            equal([m.number for m in messages], list(range(1, count + 1)))
            require(all(len(m.payload) == 1000 for m in messages))


@case("duplex streaming")
async def duplex_streaming(target):
    async with Client(target) as client:
        call = client.Chat()
        # Each answer is awaited before the next question: neither side may hold messages back.
        for number in range(1, 101):
            await call.write(parcel(number=number, text="ping"))
            equal((await call.read()).number, number)
        await call.done_writing()
        equal(await drain(call), [])
        equal(await outcome(call), (0, ""))


@case("deadline reaches the server")
async def deadline_reaches(target):
    async with Client(target) as client:
        # The deadline counts from the call on, also while there is no connection yet.
        await client.channel.channel_ready()
        key, call = hold(client, 0.4)
        seen = await observed(client, key, "started")
        # grpcio rounds what it sends up.
        require(0 < seen.timeout_ms <= 410, f"{seen.timeout_ms} ms")
        await drain(call)
        equal((await outcome(call))[0], 4)
        await observed(client, key, "ended")


@case("deadline kept by the client")
async def deadline_client(target):
    async with Client(target) as client:
        begun = time.monotonic()
        _, call = hold(client, 0.3)
        await drain(call)
        equal((await outcome(call))[0], 4)
        require(time.monotonic() - begun < 3, "in time")


@case("deadline kept by the server")
async def deadline_server(target, direct):
    async with Client(target) as client, Client(direct) as watcher:
        await client.channel.channel_ready()
        key, call = hold(client, 0.4)
        await observed(watcher, key, "started")
        await drain(call)
        equal((await outcome(call))[0], 4)
        await observed(watcher, key, "ended")


@case("cancelled by the client")
async def cancelled_by_client(target):
    async with Client(target) as client:
        key, call = hold(client)
        await observed(client, key, "started")
        call.cancel()
        equal((await outcome(call))[0], 1)
        await observed(client, key, "ended")


@case("cancelled by the server")
async def cancelled_by_server(target):
    async with Client(target) as client:
        call = client.Chat()
        for number in range(1, 11):
            await call.write(parcel(number=number))
            equal((await call.read()).number, number)
        await call.write(parcel(number=-1))
        # The client has not finished its side when the status comes.
        equal(await drain(call), [])
        equal(await outcome(call), (1, "stopped by the server"))


@case("metadata")
async def metadata(target):
    async with Client(target) as client:
        call = client.Echo(parcel(), metadata=tagged("x-head"))
        require_tagged(await call.initial_metadata(), "x-head")
        await call


@case("trailers")
async def trailers(target):
    async with Client(target) as client:
        call = client.Echo(parcel(), metadata=tagged("x-tail"))
        await call
        require_tagged(await call.trailing_metadata(), "x-tail")
        request = message("FailRequest", code=9, message="no")
        error = await fails(client.Fail(request, metadata=tagged("x-tail")))
        require_tagged(error.trailing_metadata(), "x-tail")


@case("two binary values of one name")
async def two_binary_values(target):
    async with Client(target) as client:
        sent = [bytes([1]), bytes([255, 254])]
        metadata = tuple((name, value) for name in ("x-head-bin", "x-tail-bin") for value in sent)
        call = client.Echo(parcel(), metadata=metadata)
        equal(values(await call.initial_metadata(), "x-head-bin"), sent)
        await call
        equal(values(await call.trailing_metadata(), "x-tail-bin"), sent)


@case("status codes")
async def status_codes(target):
    async with Client(target) as client:
        for code in range(17):
            text = f"because of {code}" if code else ""
            request = message("FailRequest", code=code, message=text, after=2)
            call = client.Fail(request)
            equal(await outcome(call), (code, text))
            if code:
                late = client.FailAfter(request)
                equal(len(await drain(late)), 2)
                equal(await outcome(late), (code, text))


@case("status message not in ASCII")
async def status_message(target):
    async with Client(target) as client:
        for text in ("Größe 世界 🚀", '100% %41 "quoted"', "two\nlines\ttab"):
            equal(await outcome(client.Fail(message("FailRequest", code=3, message=text))), (3, text))


@case("rich status")
async def rich_status(target):
    async with Client(target) as client:
        request = message("FailRequest", code=3, message="Größe", details=True)
        error = await fails(client.Fail(request))
        equal(error.code().value[0], 3)
        (details,) = values(error.trailing_metadata(), "grpc-status-details-bin")
        status = contract.message("google.rpc.Status").FromString(details)
        equal((status.code, status.message, len(status.details)), (3, "Größe", 1))
        equal(status.details[0].type_url, "type.googleapis.com/google.rpc.BadRequest")
        bad_request = contract.message("google.rpc.BadRequest").FromString(status.details[0].value)
        equal(
            [(v.field, v.description) for v in bad_request.field_violations],
            [("name", "Give a name."), ("größe", "1 to 100.")],
        )


@case("message of 10 MiB")
async def large_message(target):
    async with Client(target) as client:
        request = parcel(payload=b"x" * 10 * MIB)
        equal((await client.Echo(request)).payload == request.payload, True)


@case("request over the limit")
async def request_over_limit(target):
    async with Client(target) as client:
        error = await fails(client.Echo(parcel(payload=bytes(MAX_MESSAGE + 1))))
        require(error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
        await client.Echo(parcel())


@case("reply over the limit")
async def reply_over_limit(target):
    async with Client(target, options=[]) as client:
        error = await fails(client.Echo(parcel(reply_size=4 * MIB)))
        require(error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
        await client.Echo(parcel())


@case("gzip request")
async def gzip_request(target):
    async with Client(target) as client:
        request = parcel(payload=b"z" * MIB, text="packed")
        reply = await client.Echo(request, compression=grpc.Compression.Gzip)
        require(reply == request)


@case("gzip reply")
async def gzip_reply(target):
    async with Client(target) as client:
        request = parcel(payload=b"z" * MIB)
        require(await client.Echo(request, metadata=(("x-gzip", "1"),)) == request)


@case("1000 streams on one connection")
async def thousand_streams(target):
    async with Client(target) as client:
        calls = [client.Chat() for _ in range(1000)]

        async def ask(call, number):
            await call.write(parcel(number=number))
            return (await call.read()).number

        async def finish(call):
            await call.done_writing()
            await drain(call)
            return await outcome(call)

        # All have been answered, none has ended: they are open at the same time.
        answers = await asyncio.gather(*(ask(call, i) for i, call in enumerate(calls, 1)))
        equal(answers, list(range(1, 1001)))
        equal(set(await asyncio.gather(*map(finish, calls))), {(0, "")})


@case("server killed")
async def server_killed(target, key):
    async with Client(target) as client:
        call = client.Hold(message("HoldKey", key=key))
        await drain(call)
        equal((await outcome(call))[0], 14)


@case("client killed")
async def client_killed(target, key):
    """Opens two calls and waits to be killed."""
    async with Client(target) as client:
        unfinished = client.Sum()
        await unfinished.write(parcel(text="unfinished"))
        await drain(client.Hold(message("HoldKey", key=key)))


@case("unimplemented")
async def unimplemented(target):
    async with Client(target) as client, Client(target, "apisvc.interop.v1.Absent") as absent:
        equal((await outcome(client.Unwritten(parcel())))[0], 12)
        equal((await outcome(absent.Call(parcel())))[0], 12)
        unknown = client.channel.unary_unary("/apisvc.interop.v1.Probe/Unknown")
        equal((await outcome(unknown(b"")))[0], 12)


@case("reflection")
async def reflection(target):
    from google.protobuf import descriptor_pb2

    async with Client(target, "grpc.reflection.v1alpha.ServerReflection") as client:
        ask = client.types["ServerReflectionInfo"]
        call = client.ServerReflectionInfo()
        await call.write(ask(list_services="*"))
        services = (await call.read()).list_services_response.service
        require(PROBE in [s.name for s in services], services)

        await call.write(ask(file_containing_symbol=PROBE))
        files = (await call.read()).file_descriptor_response.file_descriptor_proto
        found = [descriptor_pb2.FileDescriptorProto.FromString(file) for file in files]
        (probe,) = [s for f in found for s in f.service if f"{f.package}.{s.name}" == PROBE]
        expected = [method.name for method, _, _ in contract.methods(PROBE)]
        equal([method.name for method in probe.method], expected)

        (file,) = [f.name for f in found if probe in f.service]
        await call.write(ask(file_by_filename=file))
        again = (await call.read()).file_descriptor_response.file_descriptor_proto
        require(any(descriptor_pb2.FileDescriptorProto.FromString(f).name == file for f in again))

        await call.write(ask(file_containing_symbol="apisvc.interop.v1.Nothing"))
        equal((await call.read()).error_response.error_code, 5)
        await call.done_writing()
        await drain(call)
        equal((await outcome(call))[0], 0)


def health(service):
    return contract.message("grpc.health.v1.HealthCheckRequest")(service=service)


@case("health check")
async def health_check(target):
    async with Client(target, "grpc.health.v1.Health") as client:
        for service in ("", PROBE):
            equal((await client.Check(health(service))).status, 1)
        equal((await outcome(client.Check(health("unknown"))))[0], 5)


@case("health watch")
async def health_watch(target):
    async with Client(target, "grpc.health.v1.Health") as client, Client(target) as probe:

        async def next_is(call, status):
            while (await call.read()).status != status:
                pass

        call = client.Watch(health(PROBE))
        await asyncio.wait_for(next_is(call, 1), 8)
        await probe.SetHealth(message("Health", service=PROBE, serving=False))
        await asyncio.wait_for(next_is(call, 2), 8)
        await probe.SetHealth(message("Health", service=PROBE, serving=True))
        await asyncio.wait_for(next_is(call, 1), 8)
        call.cancel()
        equal((await outcome(call))[0], 1)
        unknown = client.Watch(health("unknown"))
        equal((await unknown.read()).status, 3)
        unknown.cancel()
