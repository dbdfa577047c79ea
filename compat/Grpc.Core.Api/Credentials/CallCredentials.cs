namespace Grpc.Core;

/// <summary>Credentials of a call: code that adds metadata, such as a token, to each call over a secure channel.</summary>
public abstract class CallCredentials
{
    private protected CallCredentials() { }

    /// <summary>Credentials that are all of these, in order.</summary>
    public static CallCredentials Compose(params CallCredentials[] credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return credentials.Length < 2
            ? throw new ArgumentException(
                "At least two credentials are composed.",
                nameof(credentials)
            )
            : new CompositeCallCredentials([.. credentials]);
    }

    /// <summary>Credentials that this function adds.</summary>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptorCallCredentials(interceptor);
    }

    /// <summary>Adds what the credentials add, in order.</summary>
    internal abstract Task ApplyAsync(AuthInterceptorContext context, Metadata metadata);
}

/// <summary>Adds credentials of a call to its metadata.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

/// <summary>The call that credentials are wanted for.</summary>
public class AuthInterceptorContext
{
    public AuthInterceptorContext(string serviceUrl, string methodName)
        : this(serviceUrl, methodName, CancellationToken.None) { }

    public AuthInterceptorContext(
        string serviceUrl,
        string methodName,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(serviceUrl);
        ArgumentNullException.ThrowIfNull(methodName);
        ServiceUrl = serviceUrl;
        MethodName = methodName;
        CancellationToken = cancellationToken;
    }

    /// <summary>Scheme, host and service, such as <c>https://host/package.Service</c>.</summary>
    public string ServiceUrl { get; }

    public string MethodName { get; }

    public CancellationToken CancellationToken { get; }
}

internal sealed class InterceptorCallCredentials(AsyncAuthInterceptor interceptor) : CallCredentials
{
    internal override Task ApplyAsync(AuthInterceptorContext context, Metadata metadata) =>
        interceptor(context, metadata);
}

internal sealed class CompositeCallCredentials(IReadOnlyList<CallCredentials> parts)
    : CallCredentials
{
    internal override async Task ApplyAsync(AuthInterceptorContext context, Metadata metadata)
    {
        foreach (var part in parts)
        {
            await part.ApplyAsync(context, metadata);
        }
    }
}
