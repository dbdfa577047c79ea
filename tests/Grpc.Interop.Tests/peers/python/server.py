"""Serves the probe and the health service with generic handlers."""

import asyncio

import grpc
import grpc.aio

import contract

CODES = {code.value[0]: code for code in grpc.StatusCode}

_observed = {}
_health = {"": True, contract.PROBE: True}
_health_changed = asyncio.Condition()


def _mirror(context, prefix):
    return tuple((k, v) for k, v in context.invocation_metadata() if k.startswith(prefix))


class Probe:
    def __init__(self):
        for name in ("Parcel", "Totals", "Observation"):
            setattr(self, name, contract.message(f"apisvc.interop.v1.{name}"))

    async def Echo(self, request, context):
        if any(key == "x-gzip" for key, _ in context.invocation_metadata()):
            context.set_compression(grpc.Compression.Gzip)
        await context.send_initial_metadata(_mirror(context, "x-head"))
        context.set_trailing_metadata(_mirror(context, "x-tail"))
        if request.reply_size:
            request.payload = bytes(request.reply_size)
            request.reply_size = 0
        return request

    async def Sum(self, requests, context):
        totals = self.Totals()
        async for parcel in requests:
            totals.messages += 1
            totals.bytes += len(parcel.payload)
            totals.texts += parcel.text
        return totals

    async def Count(self, request, context):
        for number in range(1, request.messages + 1):
            yield self.Parcel(number=number, payload=bytes(request.size))

    async def Chat(self, requests, context):
        async for parcel in requests:
            if parcel.number == -1:
                await context.abort(grpc.StatusCode.CANCELLED, "stopped by the server")
            yield parcel

    async def Fail(self, request, context):
        trailers = _mirror(context, "x-tail")
        if request.details:
            details = contract.rich_status(request.code, request.message)
            trailers += (("grpc-status-details-bin", details),)
        if request.code:
            await context.abort(CODES[request.code], request.message, trailers)
        context.set_trailing_metadata(trailers)
        return self.Parcel()

    async def FailAfter(self, request, context):
        for number in range(1, request.after + 1):
            yield self.Parcel(number=number)
        await context.abort(CODES[request.code], request.message)

    async def Hold(self, request, context):
        left = context.time_remaining()
        seen = self.Observation(started=True, timeout_ms=max(1, round(left * 1000)) if left else 0)
        # Not in a finally: a generator that is cancelled at its yield is left as it is.
        context.add_done_callback(lambda _: setattr(seen, "ended", True))
        _observed[request.key] = seen
        yield self.Parcel(text="held")
        await asyncio.Event().wait()

    async def Observe(self, request, context):
        return _observed.get(request.key, self.Observation())

    async def SetHealth(self, request, context):
        async with _health_changed:
            _health[request.service] = request.serving
            _health_changed.notify_all()
        return self.Parcel()


class Health:
    def __init__(self):
        self.Response = contract.message("grpc.health.v1.HealthCheckResponse")

    def _status(self, service):
        name = {True: "SERVING", False: "NOT_SERVING", None: "SERVICE_UNKNOWN"}[_health.get(service)]
        return self.Response(status=self.Response.ServingStatus.Value(name))

    async def Check(self, request, context):
        if request.service not in _health:
            await context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
        return self._status(request.service)

    async def Watch(self, request, context):
        last = None
        while True:
            async with _health_changed:
                await _health_changed.wait_for(lambda: self._status(request.service) != last)
                last = self._status(request.service)
            yield last


def _handlers(service, implementation):
    handlers = {}
    for method, request, reply in contract.methods(service):
        if hasattr(implementation, method.name):
            make = getattr(grpc, f"{contract.kind(method)}_rpc_method_handler")
            handlers[method.name] = make(
                getattr(implementation, method.name), request.FromString, reply.SerializeToString
            )
    return grpc.method_handlers_generic_handler(service, handlers)


async def start():
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", contract.MAX_MESSAGE)])
    server.add_generic_rpc_handlers(
        (_handlers(contract.PROBE, Probe()), _handlers("grpc.health.v1.Health", Health()))
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
