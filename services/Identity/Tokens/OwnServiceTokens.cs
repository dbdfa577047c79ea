using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.ServiceTokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>The tokens with which Identity calls others: it makes them itself instead of asking itself for them.</summary>
internal sealed class OwnServiceTokens(SigningKeys keys, AccessTokenWriter writer) : IServiceTokens
{
    private static readonly IssuerClient Itself = new(
        "identity",
        ClientKind.Service,
        [BuiltInRoles.Service],
        IssuerOptions.SuiteServices
    );

    public ValueTask<string> GetAsync(string audience, CancellationToken cancellationToken) =>
        keys.Find(Itself.AccessTokenSigningAlg) is not null
            ? new(writer.Write(Itself, [audience]).Text)
            : throw new ServiceTokenException($"No token for '{audience}': {keys.Reason}");
}
