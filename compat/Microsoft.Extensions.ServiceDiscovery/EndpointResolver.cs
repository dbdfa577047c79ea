using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Where a service is, by configuration: <c>Services:catalog:http:0 = http://10.0.0.5:8080</c>, or one value without the
/// number. Read once and again when the configuration changes.
/// </summary>
internal sealed class EndpointResolver : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly IDisposable _subscription;
    private ConcurrentDictionary<Uri, Endpoints> _found = new();

    public EndpointResolver(IConfiguration configuration)
    {
        _configuration = configuration;
        _subscription = ChangeToken.OnChange(
            configuration.GetReloadToken,
            () => Volatile.Write(ref _found, new())
        );
    }

    /// <summary>The address that a request goes to: that of the service, or its own with a plain scheme and host.</summary>
    /// <exception cref="InvalidOperationException">The configuration holds something that is no address.</exception>
    public Uri Resolve(Uri uri)
    {
        var authority = new Uri(uri.GetLeftPart(UriPartial.Authority));
        return Volatile.Read(ref _found).GetOrAdd(authority, Find).Next() is { } endpoint
            ? At(uri, endpoint)
            : PassThrough(uri);
    }

    public void Dispose() => _subscription.Dispose();

    private Endpoints Find(Uri authority)
    {
        var query = ServiceQuery.Parse(authority);
        var service = _configuration.GetSection("Services").GetSection(query.Service);
        string[] names = query.Endpoint is { } name ? [name] : ["default", .. query.Schemes];
        var section = names.Select(service.GetSection).FirstOrDefault(s => s.Exists());
        if (section is null)
        {
            return new([]);
        }

        var values = section.Value is { Length: > 0 } ? [section] : section.GetChildren();
        var all = values.Select(value => Parse(value, query)).ToList();

        // Of the schemes asked for, the first that an address has.
        var scheme = query.Schemes.FirstOrDefault(s =>
            all.Exists(endpoint => endpoint.Scheme == s)
        );
        return new([.. all.Where(endpoint => endpoint.Scheme == scheme)]);
    }

    private static Uri Parse(IConfigurationSection section, ServiceQuery query)
    {
        var value = section.Value ?? "";
        if (!value.Contains("://", StringComparison.Ordinal))
        {
            value = $"{query.Schemes[0]}://{value}";
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri
            : throw new InvalidOperationException(
                $"Configuration {section.Path} is no address of the service {query.Service}: '{section.Value}'."
            );
    }

    private static Uri At(Uri uri, Uri endpoint)
    {
        var result = new UriBuilder(uri)
        {
            Scheme = endpoint.Scheme,
            Host = endpoint.Host,
            Port = endpoint.Port,
        };
        if (endpoint.AbsolutePath.Length > 1)
        {
            result.Path = $"{endpoint.AbsolutePath.TrimEnd('/')}/{uri.AbsolutePath.TrimStart('/')}";
        }

        return result.Uri;
    }

    private static Uri PassThrough(Uri uri)
    {
        var query = ServiceQuery.Parse(uri);
        return query.Endpoint is null && query.Schemes.Count == 1
            ? uri
            : new UriBuilder(uri) { Scheme = query.Schemes[0], Host = query.Service }.Uri;
    }

    /// <summary>The addresses of one service, which take turns.</summary>
    private sealed class Endpoints(Uri[] all)
    {
        private uint _turn = uint.MaxValue;

        public Uri? Next() =>
            all.Length == 0 ? null : all[Interlocked.Increment(ref _turn) % (uint)all.Length];
    }
}
