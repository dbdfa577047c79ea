using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>The base of generated clients, which can make copies of themselves.</summary>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    protected ClientBase() { }

    protected ClientBase(ChannelBase channel)
        : base(channel) { }

    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker) { }

    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration) { }

    /// <summary>A client whose calls carry this host as authority.</summary>
    public T WithHost(string host) =>
        NewInstance(new ClientBaseConfiguration(Configuration.UndecoratedCallInvoker, host));

    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;
    private readonly CallInvoker? _callInvoker;

    /// <summary>For mocks; such a client cannot call.</summary>
    protected ClientBase() { }

    protected ClientBase(ChannelBase channel)
        : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker())
    { }

    protected ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker, host: null)) { }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _callInvoker = configuration.CreateDecoratedCallInvoker();
    }

    protected CallInvoker CallInvoker => _callInvoker ?? throw Unconfigured();

    internal ClientBaseConfiguration Configuration => _configuration ?? throw Unconfigured();

    private static InvalidOperationException Unconfigured() =>
        new("The client was made without a channel; only its overridden methods can be called.");

    /// <summary>What makes a client: where its calls go, and their host.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly string? _host;

        internal ClientBaseConfiguration(CallInvoker undecoratedCallInvoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(undecoratedCallInvoker);
            UndecoratedCallInvoker = undecoratedCallInvoker;
            _host = host;
        }

        internal CallInvoker UndecoratedCallInvoker { get; }

        internal CallInvoker CreateDecoratedCallInvoker() =>
            _host is null
                ? UndecoratedCallInvoker
                : UndecoratedCallInvoker.Intercept(new HostInterceptor(_host));
    }
}
