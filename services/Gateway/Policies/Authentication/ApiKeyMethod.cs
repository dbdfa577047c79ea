using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>An API key in a field, as a bearer token or in a query parameter. The upstream never gets it.</summary>
internal sealed class ApiKeyMethod : IAuthenticationMethod
{
    private readonly HeaderName? _header;
    private readonly byte[] _query;
    private readonly bool _bearer;

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
            : _query.Length == 0 && settings?.Bearer != true ? HeaderName.XApiKey
            : null;
        _bearer = settings?.Bearer ?? true;
    }

    /// <summary>The query parameter that carries the key; empty if none does.</summary>
    public byte[] Parameter => _query;

    // There is no registered scheme for keys; RFC 9110 asks for a challenge with every 401 all the same.
    public byte[] Challenge { get; } = "ApiKey realm=\"apisvc\""u8.ToArray();

    public byte[] RefusedChallenge => Challenge;

    public bool IsCarriedBy(Exchange exchange) =>
        (_header is not null && exchange.RequestHeaders.Has(_header))
        || IsBearer(exchange)
        || (_query.Length > 0 && QueryText.TryFind(exchange.Query, _query, out _));

    public ValueTask<Problem?> AuthenticateAsync(Exchange exchange)
    {
        var place = PlaceOf(exchange);
        if (place is not null && exchange.RequestHeaders.Count(place) != 1)
        {
            return new(GatewayProblems.WrongCredential);
        }

        var key =
            place == HeaderName.Authorization ? BearerToken.In(exchange.RequestHeaders)
            : place is not null ? exchange.RequestHeaders.Get(place)
            : QueryText.TryFind(exchange.Query, _query, out var range) ? exchange.Query[range]
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

        if (place == HeaderName.Authorization)
        {
            exchange.RequestHeaders.Remove(HeaderName.Authorization);
        }

        if (_query.Length > 0)
        {
            exchange.UpstreamQuery = QueryText.Without(exchange.Query, _query, exchange.Arena);
        }

        return new((Problem?)null);
    }

    // The field that carries the key; null: the query does.
    private HeaderName? PlaceOf(Exchange exchange) =>
        _header is not null && exchange.RequestHeaders.Has(_header) ? _header
        : IsBearer(exchange) ? HeaderName.Authorization
        : null;

    private bool IsBearer(Exchange exchange) =>
        _bearer && BearerToken.In(exchange.RequestHeaders).StartsWith("ak_"u8);
}
