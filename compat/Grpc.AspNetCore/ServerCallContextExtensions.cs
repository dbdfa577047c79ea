using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>From a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    // Where tests that make their own context put the request.
    private const string UserStateKey = "__HttpContext";

    /// <exception cref="InvalidOperationException">The call is not served by ASP.NET Core.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        return serverCallContext is HttpServerCallContext call ? call.HttpContext
            : serverCallContext.UserState.TryGetValue(UserStateKey, out var value)
            && value is HttpContext http
                ? http
            : throw new InvalidOperationException(
                "Could not get HttpContext from ServerCallContext. HttpContext can only be accessed when gRPC services are hosted by ASP.NET Core."
            );
    }
}
