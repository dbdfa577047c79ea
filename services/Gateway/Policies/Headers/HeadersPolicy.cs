using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies.Headers;

/// <summary>Changes fields of the request, of the response, or of both.</summary>
internal sealed class HeadersPolicy(
    IReadOnlyList<FieldEdit> request,
    IReadOnlyList<FieldEdit> response
) : IRequestPolicy, IResponsePolicy
{
    private readonly FieldEdit[] _request = [.. request];
    private readonly FieldEdit[] _response = [.. response];

    public PolicyStage Stage => PolicyStage.Shaping;

    public static HeadersPolicy Of(HeadersSettings settings) =>
        new(
            [.. settings.Request.Select((c, i) => FieldEdit.Of(c, $"/request/{i}"))],
            [.. settings.Response.Select((c, i) => FieldEdit.Of(c, $"/response/{i}"))]
        );

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        Apply(_request, exchange.RequestHeaders);
        return new(Verdict.Continue);
    }

    public void OnResponse(Exchange exchange) => Apply(_response, exchange.ResponseHeaders);

    private static void Apply(FieldEdit[] edits, HeaderFields fields)
    {
        foreach (var edit in edits)
        {
            edit.Apply(fields);
        }
    }
}

/// <summary>One change of a field.</summary>
internal sealed record FieldEdit(
    HeaderChange.Types.Action Action,
    HeaderName Name,
    ReadOnlyMemory<byte> Value
)
{
    // Of the connection, of framing, and those by which the gateway speaks for itself.
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Content-Length",
        "Host",
        "HTTP2-Settings",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    };

    /// <exception cref="RefusedResourceException">It cannot be applied.</exception>
    public static FieldEdit Of(HeaderChange change, string pointer)
    {
        if (!HeaderName.IsToken(change.Name))
        {
            throw new RefusedResourceException(pointer + "/name", "It is no field name.");
        }

        if (
            Refused.Contains(change.Name)
            || change.Name.StartsWith("x-apisvc-", StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new RefusedResourceException(pointer + "/name", "This field is not to change.");
        }

        if (!HeaderName.IsValue(change.Value))
        {
            throw new RefusedResourceException(pointer + "/value", "It is no field value.");
        }

        if (
            !Enum.IsDefined(change.Action)
            || change.Action == HeaderChange.Types.Action.Unspecified
        )
        {
            throw new RefusedResourceException(pointer + "/action", "It is no action.");
        }

        return new(change.Action, HeaderName.Of(change.Name), Encoding.UTF8.GetBytes(change.Value));
    }

    public void Apply(HeaderFields fields)
    {
        switch (Action)
        {
            case HeaderChange.Types.Action.Set:
                fields.Set(Name, Value.Span);
                break;
            case HeaderChange.Types.Action.Add:
                fields.Add(Name, Value.Span);
                break;
            case HeaderChange.Types.Action.Default when !fields.Has(Name):
                fields.Set(Name, Value.Span);
                break;
            case HeaderChange.Types.Action.Remove:
                fields.Remove(Name);
                break;
            default:
                break;
        }
    }
}
