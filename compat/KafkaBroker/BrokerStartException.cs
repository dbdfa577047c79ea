namespace KafkaBroker;

/// <summary>The broker cannot start; the message says why, for the person who started it.</summary>
public sealed class BrokerStartException : Exception
{
    /// <inheritdoc cref="BrokerStartException" />
    public BrokerStartException(string message, Exception? inner = null)
        : base(message, inner) { }
}
