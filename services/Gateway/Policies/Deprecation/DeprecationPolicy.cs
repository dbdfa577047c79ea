using System.Globalization;
using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies.Deprecation;

/// <summary>Says that the version goes, when, and where to go on (RFC 9745, RFC 8594, RFC 8288).</summary>
internal sealed class DeprecationPolicy : IResponsePolicy
{
    private readonly byte[]? _deprecation;
    private readonly byte[]? _sunset;
    private readonly byte[]? _link;

    public DeprecationPolicy(DateTimeOffset? deprecatedAt, DateTimeOffset? sunsetAt, Uri? link)
    {
        _deprecation = Bytes(
            deprecatedAt?.ToUnixTimeSeconds().ToString("'@'0", CultureInfo.InvariantCulture)
        );
        _sunset = Bytes(sunsetAt?.ToString("R", CultureInfo.InvariantCulture));
        _link = Bytes(
            link is null
                ? null
                : $"<{link.AbsoluteUri}>; rel=\"{(deprecatedAt is null ? "sunset" : "deprecation")}\""
        );
    }

    public PolicyStage Stage => PolicyStage.Lifecycle;

    public void OnResponse(Exchange exchange)
    {
        var fields = exchange.ResponseHeaders;
        Set(fields, HeaderName.Deprecation, _deprecation);
        Set(fields, HeaderName.Sunset, _sunset);
        if (_link is not null)
        {
            fields.Add(HeaderName.Link, _link);
        }
    }

    private static void Set(HeaderFields fields, HeaderName name, byte[]? value)
    {
        if (value is not null)
        {
            fields.Set(name, value);
        }
    }

    private static byte[]? Bytes(string? text) =>
        text is null ? null : Encoding.ASCII.GetBytes(text);
}
