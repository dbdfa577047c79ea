namespace Grpc.Core;

/// <summary>The details of a failed call.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>Null if the server gave none, or one that cannot be read.</summary>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return ex.Trailers.GetRpcStatus(ignoreParseError: true);
    }
}
