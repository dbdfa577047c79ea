using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Credentials;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Tests.Credentials;

/// <summary>A validator with a clock and issuers that tests move.</summary>
internal sealed class TokenTestBed : IJwksDownload
{
    public const string Ours = "https://identity.test";
    public const string Theirs = "https://elsewhere.test";

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
    };

    public TokenTestBed()
    {
        Remote = new(this, Time, NullLogger<RemoteKeys>.Instance);
        Validator = new(Time);
        Credentials = CredentialSet.Empty with
        {
            Issuers = IssuerSet.Empty.With(
                [Issuer(Ours, jwks: Jwks(OurKey)), Issuer(Theirs, jwks: null)],
                []
            ),
        };
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public SecurityKey OurKey { get; } = NewEcKey("ours-1");

    public RemoteKeySets Remote { get; }

    public AccessTokenValidator Validator { get; }

    public CredentialSet Credentials { get; set; }

    /// <summary>What is at the other issuer's address; null: it does not answer.</summary>
    public string? Published { get; set; }

    public int Downloads { get; private set; }

    public static SecurityKey NewEcKey(string id, ECCurve? curve = null) =>
        new ECDsaSecurityKey(ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256)) { KeyId = id };

    public static SecurityKey NewRsaKey(string id) =>
        new RsaSecurityKey(RSA.Create(2048)) { KeyId = id };

    public static string Jwks(params SecurityKey[] keys) =>
        JsonSerializer.Serialize(
            new
            {
                keys = keys.Select(k =>
                {
                    var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(k);
                    return jwk.Kty == "EC"
                        ? (object)
                            new
                            {
                                kty = jwk.Kty,
                                kid = k.KeyId,
                                crv = jwk.Crv,
                                x = jwk.X,
                                y = jwk.Y,
                                use = "sig",
                            }
                        : new
                        {
                            kty = jwk.Kty,
                            kid = k.KeyId,
                            n = jwk.N,
                            e = jwk.E,
                            use = "sig",
                        };
                }),
            }
        );

    public IssuerEntry Issuer(string name, string? jwks, params string[] algorithms)
    {
        var message = new Issuer
        {
            Issuer_ = name,
            Audiences = { "apis" },
            Jwks = ByteString.CopyFromUtf8(jwks ?? ""),
            JwksUri = jwks is null ? name + "/jwks" : "",
        };
        message.Algorithms.Add(algorithms);
        return IssuerEntry.From(message, Remote);
    }

    public string Token(
        SecurityKey key,
        string algorithm = SecurityAlgorithms.EcdsaSha256,
        Action<SecurityTokenDescriptor>? change = null
    )
    {
        var now = Time.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = Ours,
            Audience = "apis",
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = "somebody",
                ["client_id"] = "client_1",
                ["jti"] = "token-1",
                ["sid"] = "session-1",
                ["scope"] = "orders.read orders.write",
            },
            SigningCredentials = new(key, algorithm),
        };
        change?.Invoke(descriptor);
        return _handler.CreateToken(descriptor);
    }

    public async Task<TokenResult> ValidateAsync(string token) =>
        await Validator.ValidateAsync(
            Encoding.UTF8.GetBytes(token),
            Credentials,
            TestContext.Current.CancellationToken
        );

    public async Task<TokenStatus> StatusAsync(string token) => (await ValidateAsync(token)).Status;

    public void Revoke(Revocation revocation) =>
        Credentials = Credentials with
        {
            Revocations = Credentials.Revocations.With([revocation], []),
        };

    Task<string> IJwksDownload.GetAsync(Uri address, CancellationToken cancellationToken)
    {
        Downloads++;
        return Published is { } text
            ? Task.FromResult(text)
            : Task.FromException<string>(new HttpRequestException("It does not answer."));
    }
}
