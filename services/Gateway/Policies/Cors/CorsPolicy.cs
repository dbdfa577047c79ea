using System.Globalization;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies.Cors;

/// <summary>
/// The CORS protocol of the Fetch standard. What an origin may do is the gateway's to say: the upstream's own fields of
/// the protocol are replaced.
/// </summary>
internal sealed class CorsPolicy : IRequestPolicy, IResponsePolicy
{
    private static readonly HeaderName[] OwnFields =
    [
        HeaderName.AccessControlAllowOrigin,
        HeaderName.AccessControlAllowCredentials,
        HeaderName.AccessControlExposeHeaders,
        HeaderName.AccessControlAllowMethods,
        HeaderName.AccessControlAllowHeaders,
        HeaderName.AccessControlMaxAge,
    ];

    private readonly byte[][] _origins;
    private readonly bool _isForAll;
    private readonly bool _credentials;
    private readonly byte[] _methods;
    private readonly byte[] _headers;
    private readonly byte[] _exposed;
    private readonly byte[]? _maxAge;

    /// <exception cref="RefusedResourceException">The settings contradict each other.</exception>
    public CorsPolicy(CorsSettings settings)
    {
        _isForAll = settings.AllowedOrigins.Contains("*");
        _credentials = settings.AllowCredentials;
        if (_isForAll && _credentials)
        {
            throw new RefusedResourceException(
                "/allowCredentials",
                "Credentials cannot be allowed to every origin."
            );
        }

        _origins = [.. settings.AllowedOrigins.Select(Encoding.ASCII.GetBytes)];
        _methods = List(settings.AllowedMethods, "/allowedMethods");
        _headers = List(settings.AllowedHeaders, "/allowedHeaders");
        _exposed = List(settings.ExposedHeaders, "/exposedHeaders");
        _maxAge = settings.MaxAge is { } age
            ? Encoding.ASCII.GetBytes(age.Seconds.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    public PolicyStage Stage => PolicyStage.Cors;

    /// <summary>Whether the request asks what another one may do.</summary>
    public static bool IsPreflight(Exchange exchange) =>
        exchange.Method.SequenceEqual("OPTIONS"u8)
        && exchange.RequestHeaders.Has(HeaderName.Origin)
        && exchange.RequestHeaders.Has(HeaderName.AccessControlRequestMethod);

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange) =>
        new(IsPreflight(exchange) ? Verdict.Of(Answer.NoContent) : Verdict.Continue);

    public void OnResponse(Exchange exchange)
    {
        var fields = exchange.ResponseHeaders;
        foreach (var name in OwnFields)
        {
            fields.Remove(name);
        }

        if (!_isForAll)
        {
            fields.Add(HeaderName.Vary, "Origin"u8);
        }

        var origin = exchange.RequestHeaders.Get(HeaderName.Origin);
        if (!Allows(origin))
        {
            return;
        }

        fields.Set(HeaderName.AccessControlAllowOrigin, _isForAll ? "*"u8 : origin);
        if (_credentials)
        {
            fields.Set(HeaderName.AccessControlAllowCredentials, "true"u8);
        }

        if (IsPreflight(exchange))
        {
            AnswerPreflight(exchange, fields);
        }
        else if (_exposed.Length > 0)
        {
            fields.Set(HeaderName.AccessControlExposeHeaders, _exposed);
        }
    }

    private void AnswerPreflight(Exchange exchange, HeaderFields fields)
    {
        var asked = exchange.RequestHeaders;
        var methods = _methods.Length > 0 ? _methods : MethodsHere(exchange);
        fields.Set(HeaderName.AccessControlAllowMethods, methods);
        var headers =
            _headers.Length > 0 ? _headers : asked.Get(HeaderName.AccessControlRequestHeaders);
        if (headers.Length > 0)
        {
            fields.Set(HeaderName.AccessControlAllowHeaders, headers);
        }

        if (_maxAge is not null)
        {
            fields.Set(HeaderName.AccessControlMaxAge, _maxAge);
        }
    }

    private static ReadOnlySpan<byte> MethodsHere(Exchange exchange)
    {
        var allowed = exchange.Api!.MethodsAt(exchange);
        return allowed.Length > 0
            ? Encoding.ASCII.GetBytes(allowed)
            : exchange.RequestHeaders.Get(HeaderName.AccessControlRequestMethod);
    }

    private bool Allows(ReadOnlySpan<byte> origin)
    {
        if (origin.IsEmpty)
        {
            return false;
        }

        foreach (var allowed in _origins)
        {
            if (origin.SequenceEqual(allowed))
            {
                return true;
            }
        }

        return _isForAll;
    }

    private static byte[] List(IReadOnlyList<string> names, string pointer) =>
        names.All(HeaderName.IsToken)
            ? Encoding.ASCII.GetBytes(string.Join(", ", names))
            : throw new RefusedResourceException(pointer, "It holds something that is no name.");
}
