using System.Net;
using KafkaBroker.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace KafkaBroker.Server;

/// <summary>A client's connection: its requests are answered one after the other, in their order.</summary>
internal sealed partial class Connection(
    ConnectionContext transport,
    ApiTable apis,
    int maxRequestBytes,
    ILogger logger
)
{
    private readonly string _remote = transport.RemoteEndPoint?.ToString() ?? "unknown";

    private readonly string _host =
        (transport.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown";

    /// <summary>Closes it without waiting for the client.</summary>
    public void Abort() => transport.Abort();

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            using var aborted = CancellationTokenSource.CreateLinkedTokenSource(
                stopping,
                transport.ConnectionClosed
            );
            await ServeAsync(aborted.Token);
        }
        catch (MalformedFrameException malformed)
        {
            Log.Malformed(logger, _remote, malformed.Message);
        }
        catch (Exception gone)
            when (gone
                    is OperationCanceledException
                        or ConnectionResetException
                        or ConnectionAbortedException
            )
        {
            Log.Gone(logger, _remote, gone.Message);
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, _remote);
        }
        finally
        {
            await transport.DisposeAsync();
        }
    }

    private async Task ServeAsync(CancellationToken aborted)
    {
        using var frames = new FrameReader(transport.Transport.Input, maxRequestBytes);
        var sender = new ResponseSender(transport.Transport.Output);
        while (await frames.ReadAsync(aborted) is { } frame)
        {
            var (header, answering, version) = Handle(frame, aborted);
            var answer = await answering;
            if (
                answer is not null
                && !await sender.SendAsync(header.CorrelationId, answer, version)
            )
            {
                return;
            }
        }
    }

    private (RequestHeader Header, ValueTask<IResponse?> Answer, short Version) Handle(
        Memory<byte> frame,
        CancellationToken aborted
    )
    {
        var reader = new KafkaReader(frame);
        var header = RequestHeader.Read(ref reader);
        var context = new RequestContext(header, reader.NullableString() ?? "", _host, aborted);
        var answer = apis.HandleAsync(ref reader, context, out var version);
        return (header, answer, version);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Connection of {Remote} closed: it sent {Reason}")]
        public static partial void Malformed(ILogger logger, string remote, string reason);

        [LoggerMessage(LogLevel.Debug, "Connection of {Remote} ended: {Reason}")]
        public static partial void Gone(ILogger logger, string remote, string reason);

        [LoggerMessage(LogLevel.Error, "Connection of {Remote} closed by a failure")]
        public static partial void Failed(ILogger logger, Exception failure, string remote);
    }
}
