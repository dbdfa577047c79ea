using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>The statuses of broken messages, the same on both sides.</summary>
internal static class WireStatus
{
    public static readonly Status ReceivedTooLarge = new(
        StatusCode.ResourceExhausted,
        "Received message exceeds the maximum configured message size."
    );

    public static readonly Status SentTooLarge = new(
        StatusCode.ResourceExhausted,
        "Sending message exceeds the maximum configured message size."
    );

    public static readonly Status Incomplete = new(StatusCode.Internal, "Incomplete message.");

    public static readonly Status AdditionalData = new(
        StatusCode.Internal,
        "Additional data after the message received."
    );

    public static readonly Status BadFlag = new(
        StatusCode.Internal,
        "Unexpected compressed flag value in message header."
    );

    public static readonly Status CompressedIdentity = new(
        StatusCode.Internal,
        "A compressed message was received with the 'identity' grpc-encoding."
    );

    public static RpcException Failure(this Status status) => new(status);
}
