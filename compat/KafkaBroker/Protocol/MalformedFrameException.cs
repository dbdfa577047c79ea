namespace KafkaBroker.Protocol;

/// <summary>The bytes of a connection are not the protocol's; the connection cannot go on.</summary>
internal sealed class MalformedFrameException(string message) : Exception(message);
