"""The messages, made at run time from the descriptors that the test program wrote."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

MIB = 1024 * 1024
ALL_BYTES = bytes(range(256))
PRINTABLE = "".join(map(chr, range(32, 127))).strip()
MAX_MESSAGE = 12 * MIB

PROBE = "apisvc.interop.v1.Probe"

_pool = descriptor_pool.DescriptorPool()
_factory = message_factory.MessageFactory(_pool)


def load(path):
    with open(path, "rb") as file:
        for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
            _pool.Add(proto)


def message(name):
    return _factory.GetPrototype(_pool.FindMessageTypeByName(name))


def methods(service):
    """Name, descriptor, request type and reply type of each method."""
    for method in _pool.FindServiceByName(service).methods:
        yield method, message(method.input_type.full_name), message(method.output_type.full_name)


def streams(method):
    """Whether the client streams, whether the server does."""
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    return proto.client_streaming, proto.server_streaming


def kind(method):
    return "_".join("stream" if streaming else "unary" for streaming in streams(method))


def rich_status(code, text):
    """The google.rpc.Status of a call that failed with details."""
    bad_request = message("google.rpc.BadRequest")()
    bad_request.field_violations.add(field="name", description="Give a name.")
    bad_request.field_violations.add(field="größe", description="1 to 100.")
    status = message("google.rpc.Status")(code=code, message=text)
    status.details.add(
        type_url="type.googleapis.com/google.rpc.BadRequest", value=bad_request.SerializeToString()
    )
    return status.SerializeToString()
