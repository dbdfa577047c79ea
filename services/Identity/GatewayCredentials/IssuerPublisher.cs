using System.Text.Json;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Discovery;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>Tells the gateways who issues the tokens of applications, with the public keys.</summary>
internal sealed class IssuerPublisher(SigningKeys keys, IOptions<TokenOptions> tokens) : IFirstStep
{
    public async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await keys.WaitAsync(cancellationToken);
        var set = new KeySetDocument([.. keys.All.Select(k => k.Public)]);
        var log = services.GetRequiredService<CredentialLog>();
        log.Put(
            new Issuer
            {
                Issuer_ = tokens.Value.Issuer,
                Audiences = { IssuerOptions.ApiAudience },
                Jwks = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(set)),
                Algorithms = { SigningKey.Algorithm },
            }
        );
        await log.AppendAsync();
        await services.GetRequiredService<UnitOfWork>().CommitAsync(cancellationToken);
    }
}
