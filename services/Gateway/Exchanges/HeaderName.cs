using System.Collections.Frozen;
using System.Text;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>
/// A field name (RFC 9110 section 5.1), made once when configuration arrives, not per call. Those that the gateway
/// itself looks at have an index, by which a lane finds them without comparing names.
/// </summary>
internal sealed class HeaderName
{
    private static readonly List<HeaderName> Indexed = [];

    public static readonly HeaderName Accept = Known("Accept");
    public static readonly HeaderName Allow = Known("Allow");
    public static readonly HeaderName AccessControlAllowCredentials = Known(
        "Access-Control-Allow-Credentials"
    );
    public static readonly HeaderName AccessControlAllowHeaders = Known(
        "Access-Control-Allow-Headers"
    );
    public static readonly HeaderName AccessControlAllowMethods = Known(
        "Access-Control-Allow-Methods"
    );
    public static readonly HeaderName AccessControlAllowOrigin = Known(
        "Access-Control-Allow-Origin"
    );
    public static readonly HeaderName AccessControlExposeHeaders = Known(
        "Access-Control-Expose-Headers"
    );
    public static readonly HeaderName AccessControlMaxAge = Known("Access-Control-Max-Age");
    public static readonly HeaderName AccessControlRequestHeaders = Known(
        "Access-Control-Request-Headers"
    );
    public static readonly HeaderName AccessControlRequestMethod = Known(
        "Access-Control-Request-Method"
    );
    public static readonly HeaderName AltSvc = Known("Alt-Svc");
    public static readonly HeaderName Authorization = Known("Authorization");
    public static readonly HeaderName CacheControl = Known("Cache-Control");
    public static readonly HeaderName Connection = Known("Connection");
    public static readonly HeaderName ContentLength = Known("Content-Length");
    public static readonly HeaderName ContentLocation = Known("Content-Location");
    public static readonly HeaderName ContentType = Known("Content-Type");
    public static readonly HeaderName Date = Known("Date");
    public static readonly HeaderName Deprecation = Known("Deprecation");
    public static readonly HeaderName Expect = Known("Expect");
    public static readonly HeaderName Forwarded = Known("Forwarded");
    public static readonly HeaderName Host = Known("Host");
    public static readonly HeaderName Http2Settings = Known("HTTP2-Settings");
    public static readonly HeaderName KeepAlive = Known("Keep-Alive");
    public static readonly HeaderName Link = Known("Link");
    public static readonly HeaderName Location = Known("Location");
    public static readonly HeaderName Origin = Known("Origin");
    public static readonly HeaderName ProxyAuthenticate = Known("Proxy-Authenticate");
    public static readonly HeaderName ProxyAuthorization = Known("Proxy-Authorization");
    public static readonly HeaderName ProxyConnection = Known("Proxy-Connection");
    public static readonly HeaderName RateLimit = Known("RateLimit");
    public static readonly HeaderName RateLimitPolicy = Known("RateLimit-Policy");
    public static readonly HeaderName RetryAfter = Known("Retry-After");
    public static readonly HeaderName Sunset = Known("Sunset");
    public static readonly HeaderName TE = Known("TE");
    public static readonly HeaderName Traceparent = Known("Traceparent");
    public static readonly HeaderName Trailer = Known("Trailer");
    public static readonly HeaderName TransferEncoding = Known("Transfer-Encoding");
    public static readonly HeaderName Upgrade = Known("Upgrade");
    public static readonly HeaderName UserAgent = Known("User-Agent");
    public static readonly HeaderName Vary = Known("Vary");
    public static readonly HeaderName Via = Known("Via");
    public static readonly HeaderName WwwAuthenticate = Known("WWW-Authenticate");
    public static readonly HeaderName XApiKey = Known("X-Api-Key");
    public static readonly HeaderName XForwardedFor = Known("X-Forwarded-For");
    public static readonly HeaderName XForwardedHost = Known("X-Forwarded-Host");
    public static readonly HeaderName XForwardedPort = Known("X-Forwarded-Port");
    public static readonly HeaderName XForwardedPrefix = Known("X-Forwarded-Prefix");
    public static readonly HeaderName XForwardedProto = Known("X-Forwarded-Proto");
    public static readonly HeaderName XRealIp = Known("X-Real-IP");
    public static readonly HeaderName XRequestId = Known("X-Request-Id");

    private static readonly FrozenDictionary<string, HeaderName> ByText =
        Indexed.ToFrozenDictionary(h => h.Text, StringComparer.OrdinalIgnoreCase);

    // By length, first and last letter: each place holds the few names that share them.
    private static readonly HeaderName[][] ByBytes =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(place => Indexed.Where(h => PlaceOf(h.Utf8.Span) == place).ToArray()),
    ];

    private HeaderName(string text, int index)
    {
        Text = text;
        Index = index;
        Utf8 = Encoding.ASCII.GetBytes(text);
    }

    /// <summary>How many names have an index; at most 64, so that sets of them are one number.</summary>
    public static int KnownCount => Indexed.Count;

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>As it is written, for the wire.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>0 to <see cref="KnownCount"/>, or -1 for a name that only configuration knows.</summary>
    public int Index { get; }

    /// <summary>The name; the known one if it is known, whatever its case.</summary>
    /// <exception cref="ArgumentException">It is no token.</exception>
    public static HeaderName Of(string text)
    {
        if (!IsToken(text))
        {
            throw new ArgumentException($"'{text}' is no field name.", nameof(text));
        }

        return ByText.TryGetValue(text, out var known) ? known : new(text, -1);
    }

    /// <summary>The known name that these bytes are, whatever their case; null if they are none. Allocates nothing.</summary>
    /// <param name="name">At least one byte.</param>
    public static HeaderName? Find(ReadOnlySpan<byte> name)
    {
        foreach (var known in ByBytes[PlaceOf(name)])
        {
            if (Ascii.EqualsIgnoreCase(name, known.Utf8.Span))
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Whether it is a token (RFC 9110 section 5.6.2).</summary>
    public static bool IsToken(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));

    /// <summary>Whether it is a field value (RFC 9110 section 5.5) as the gateway writes one.</summary>
    public static bool IsValue(string text) =>
        text.All(c => c is '\t' or (>= ' ' and <= '~') or >= '\u0080')
        && text.AsSpan().Trim(" \t").Length == text.Length;

    public bool Is(string text) => Text.Equals(text, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;

    private static int PlaceOf(ReadOnlySpan<byte> name) =>
        ((name.Length * 5) + ((name[0] | 0x20) * 11) + ((name[^1] | 0x20) * 29)) & 255;

    private static HeaderName Known(string text)
    {
        var name = new HeaderName(text, Indexed.Count);
        Indexed.Add(name);
        return name;
    }
}
