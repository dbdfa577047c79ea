namespace Grpc.Core;

/// <summary>Fails a call with details.</summary>
public static class RpcStatusExtensions
{
    /// <summary>With the status's own code and message.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.ToRpcException((StatusCode)status.Code, status.Message);
    }

    /// <summary>With another code and message than the status has.</summary>
    public static RpcException ToRpcException(
        this Google.Rpc.Status status,
        StatusCode statusCode,
        string message
    )
    {
        var trailers = new Metadata();
        trailers.SetRpcStatus(status);
        return new RpcException(new Status(statusCode, message), trailers);
    }
}
