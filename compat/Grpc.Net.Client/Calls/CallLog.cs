using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Calls;

/// <summary>What the client logs of calls.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Debug, "The call of {Method} ended with status {Status}.")]
    public static partial void Failed(
        ILogger logger,
        string method,
        StatusCode status,
        Exception? exception
    );

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The credentials of the call of {Method} are not sent: the channel is not secure."
    )]
    public static partial void CredentialsNotSent(ILogger logger, string method);
}
