namespace Grpc.Core;

/// <summary>How a channel is secured, and the credentials of all its calls.</summary>
public abstract class ChannelCredentials
{
    private protected ChannelCredentials() { }

    /// <summary>Plain text.</summary>
    public static ChannelCredentials Insecure { get; } = new TransportCredentials(Secure: false);

    /// <summary>TLS, with the certificates that the platform trusts.</summary>
    public static ChannelCredentials SecureSsl { get; } = new TransportCredentials(Secure: true);

    /// <summary>A channel's credentials with those of its calls.</summary>
    public static ChannelCredentials Create(
        ChannelCredentials channelCredentials,
        CallCredentials callCredentials
    )
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return channelCredentials.IsSecure && channelCredentials.Call is null
            ? new CompositeChannelCredentials(callCredentials)
            : throw new ArgumentException(
                "Call credentials can be composed only with secure channel credentials that have none yet.",
                nameof(channelCredentials)
            );
    }

    internal abstract bool IsSecure { get; }

    internal virtual CallCredentials? Call => null;

    private sealed class TransportCredentials(bool Secure) : ChannelCredentials
    {
        internal override bool IsSecure => Secure;
    }

    private sealed class CompositeChannelCredentials(CallCredentials call) : ChannelCredentials
    {
        internal override bool IsSecure => true;

        internal override CallCredentials Call => call;
    }
}
