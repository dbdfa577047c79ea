using KafkaBroker.Protocol;

namespace KafkaBroker.Server;

/// <param name="Aborted">The client has gone or the broker stops: nobody waits for the answer.</param>
internal sealed record RequestContext(
    RequestHeader Header,
    string ClientId,
    string ClientHost,
    CancellationToken Aborted
)
{
    public short Version => Header.Version;
}
