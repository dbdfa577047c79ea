using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Why a call's token is cancelled.</summary>
internal enum CancelCause
{
    None,
    Caller,
    Disposed,
    Deadline,
}

/// <summary>How a call ended, by the peer's word or by what went wrong here.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers, bool FromPeer)
{
    // RFC 9113, section 7, where gRPC gives the code a meaning of its own.
    private const long NoError = 0;
    private const long RefusedStream = 7;
    private const long Cancel = 8;
    private const long EnhanceYourCalm = 11;
    private const long InadequateSecurity = 12;

    /// <summary>Whether the call was given up here.</summary>
    public bool IsCancellation { get; private init; }

    public RpcException Exception() => new(Status, Trailers);

    public static CallOutcome Of(Exception exception, CancelCause cause)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is RpcException rpc)
            {
                return new CallOutcome(rpc.Status, rpc.Trailers, FromPeer: false)
                {
                    IsCancellation =
                        cause is not CancelCause.None
                        || rpc.StatusCode is StatusCode.DeadlineExceeded,
                };
            }
        }

        return cause switch
        {
            CancelCause.Deadline => Given(new Status(StatusCode.DeadlineExceeded, "", exception)),
            CancelCause.Disposed => Given(
                new Status(StatusCode.Cancelled, "gRPC call disposed.", exception)
            ),
            CancelCause.Caller => Given(
                new Status(StatusCode.Cancelled, "Call canceled by the client.", exception)
            ),
            _ => new CallOutcome(
                new Status(
                    Code(exception),
                    $"Error starting gRPC call. {Describe(exception)}",
                    exception
                ),
                Metadata.Empty,
                FromPeer: false
            ),
        };
    }

    private static CallOutcome Given(Status status) =>
        new(status, Metadata.Empty, FromPeer: false) { IsCancellation = true };

    private static StatusCode Code(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException protocol)
            {
                return protocol.ErrorCode switch
                {
                    NoError or RefusedStream => StatusCode.Unavailable,
                    Cancel => StatusCode.Cancelled,
                    EnhanceYourCalm => StatusCode.ResourceExhausted,
                    InadequateSecurity => StatusCode.PermissionDenied,
                    _ => StatusCode.Internal,
                };
            }
        }

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } =>
                StatusCode.Internal,
            HttpRequestException or IOException or SocketException => StatusCode.Unavailable,
            OperationCanceledException => StatusCode.Cancelled,
            _ => StatusCode.Internal,
        };
    }

    private static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            text.Append(text.Length > 0 ? " " : "")
                .Append(inner.GetType().Name)
                .Append(": ")
                .Append(inner.Message);
        }

        return text.ToString();
    }
}
