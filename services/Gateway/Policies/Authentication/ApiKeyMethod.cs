using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>An API key in a field or a query parameter. The upstream never gets it.</summary>
internal sealed class ApiKeyMethod : IAuthenticationMethod
{
    private readonly HeaderName? _header;
    private readonly byte[] _query;

    public ApiKeyMethod(ApiKeyAuthentication? settings)
    {
        var header = settings?.Header ?? "";
        _query = Encoding.UTF8.GetBytes(settings?.Query ?? "");
        if (header.Length > 0 && !HeaderName.IsToken(header))
        {
            throw new RefusedResourceException("/apiKey/header", "It is no field name.");
        }

        _header =
            header.Length > 0 ? HeaderName.Of(header)
            : _query.Length == 0 ? HeaderName.XApiKey
            : null;
    }

    /// <summary>The query parameter that carries the key; empty if none does.</summary>
    public byte[] Parameter => _query;

    // There is no registered scheme for keys; RFC 9110 asks for a challenge with every 401 all the same.
    public byte[] Challenge { get; } = "ApiKey realm=\"apisvc\""u8.ToArray();

    public byte[] RefusedChallenge => Challenge;

    public bool IsCarriedBy(Exchange exchange) =>
        (_header is not null && exchange.RequestHeaders.Has(_header))
        || (_query.Length > 0 && QueryText.TryFind(exchange.Query, _query, out _));

    public ValueTask<Problem?> AuthenticateAsync(Exchange exchange)
    {
        var inHeader = _header is not null && exchange.RequestHeaders.Has(_header);
        if (inHeader && exchange.RequestHeaders.Count(_header!) != 1)
        {
            return new(GatewayProblems.WrongCredential);
        }

        var key =
            inHeader ? exchange.RequestHeaders.Get(_header!)
            : QueryText.TryFind(exchange.Query, _query, out var place) ? exchange.Query[place]
            : default;
        var found = exchange.State.Credentials.FindKey(key, exchange.ClientAddress, exchange.Now);
        if (found.Caller is null)
        {
            return new(
                found.Failure == KeyFailure.Address
                    ? GatewayProblems.AddressNotAllowed
                    : GatewayProblems.WrongCredential
            );
        }

        exchange.Caller = found.Caller;
        if (_header is not null)
        {
            exchange.RequestHeaders.Remove(_header);
        }

        if (_query.Length > 0)
        {
            exchange.UpstreamQuery = QueryText.Without(exchange.Query, _query, exchange.Arena);
        }

        return new((Problem?)null);
    }
}
