using System.Security.Cryptography;
using System.Text;
using ApiSvc.Gateway.Credentials;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Tests.Credentials;

public sealed class AccessTokenValidatorTests
{
    private static readonly string[] Critical = ["b64"];

    private readonly TokenTestBed _bed = new();

    [Fact]
    public async Task ValidateAsync_GoodToken_SaysWhatIsInIt()
    {
        var result = await _bed.ValidateAsync(_bed.Token(_bed.OurKey));

        result.Status.ShouldBe(TokenStatus.Valid);
        var token = result.Token!;
        token.Subject.ShouldBe("somebody");
        token.ClientId.ShouldBe("client_1");
        token.Id.ShouldBe("token-1");
        token.Scopes.ShouldBe(["orders.read", "orders.write"]);
        token.ExpiresAt.ShouldBe(_bed.Time.GetUtcNow().AddMinutes(5));
        token.Issuer.Name.ShouldBe(TokenTestBed.Ours);
    }

    [Theory]
    [InlineData("apis", new string[0], true)]
    [InlineData("other", new string[0], false)]
    [InlineData("other", new[] { "other" }, true)]
    [InlineData("apis", new[] { "other" }, false)]
    [InlineData("APIS", new string[0], false)]
    public async Task IsFor_Audience_MustBeOneOfTheAccepted(
        string audience,
        string[] accepted,
        bool expected
    )
    {
        var text = _bed.Token(_bed.OurKey, change: d => d.Audience = audience);

        (await _bed.ValidateAsync(text)).Token!.IsFor(accepted).ShouldBe(expected);
    }

    [Fact]
    public async Task ValidateAsync_WrongTokens_AreRefusedWithTheReason()
    {
        var key = _bed.OurKey;
        var now = _bed.Time.GetUtcNow().UtcDateTime;
        var stranger = TokenTestBed.NewEcKey("ours-1");
        (string Token, TokenStatus Status)[] cases =
        [
            ("", TokenStatus.Malformed),
            ("a.b.c", TokenStatus.Malformed),
            ("é.é.é", TokenStatus.Malformed),
            (new string('a', 20_000), TokenStatus.Malformed),
            (_bed.Token(stranger), TokenStatus.BadSignature),
            (_bed.Token(TokenTestBed.NewEcKey("unknown")), TokenStatus.UnknownKey),
            (
                _bed.Token(key, change: d => d.Issuer = "https://nobody.test"),
                TokenStatus.UnknownIssuer
            ),
            (
                _bed.Token(key, change: d => d.Issuer = TokenTestBed.Ours + "/"),
                TokenStatus.UnknownIssuer
            ),
            (
                _bed.Token(key, change: d => d.SigningCredentials = null),
                TokenStatus.AlgorithmNotAccepted
            ),
            (Confused(), TokenStatus.AlgorithmNotAccepted),
            (_bed.Token(key, change: d => d.Expires = now.AddSeconds(-31)), TokenStatus.Expired),
            (_bed.Token(key, change: d => d.Expires = now.AddSeconds(-29)), TokenStatus.Valid),
            (_bed.Token(key, change: d => d.Expires = null), TokenStatus.Expired),
            (
                _bed.Token(key, change: d => d.NotBefore = now.AddSeconds(31)),
                TokenStatus.NotYetValid
            ),
            (_bed.Token(key, change: d => d.NotBefore = now.AddSeconds(29)), TokenStatus.Valid),
            (_bed.Token(key, change: d => d.TokenType = "JWT"), TokenStatus.WrongType),
            (
                _bed.Token(
                    key,
                    change: d =>
                        d.AdditionalHeaderClaims = new Dictionary<string, object>(
                            StringComparer.Ordinal
                        )
                        {
                            ["crit"] = Critical,
                        }
                ),
                TokenStatus.Malformed
            ),
            (Tampered(_bed.Token(key)), TokenStatus.BadSignature),
        ];

        foreach (var (token, status) in cases)
        {
            (await _bed.StatusAsync(token)).ShouldBe(status, token);
        }
    }

    [Theory]
    [InlineData(SecurityAlgorithms.RsaSha256)]
    [InlineData(SecurityAlgorithms.RsaSha384)]
    [InlineData(SecurityAlgorithms.RsaSha512)]
    public async Task ValidateAsync_RsaToken_IsValidUnlessTheIssuerNamesOtherAlgorithms(
        string algorithm
    )
    {
        var key = TokenTestBed.NewRsaKey("rsa");
        var token = _bed.Token(key, algorithm);
        Replace(_bed.Issuer(TokenTestBed.Ours, TokenTestBed.Jwks(key)));
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Valid);

        Replace(_bed.Issuer(TokenTestBed.Ours, TokenTestBed.Jwks(key), "ES256", "HS256", "none"));
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.AlgorithmNotAccepted);
    }

    [Fact]
    public async Task ValidateAsync_Es384AndEs512_AreValid()
    {
        var p384 = TokenTestBed.NewEcKey("p384", ECCurve.NamedCurves.nistP384);
        var p521 = TokenTestBed.NewEcKey("p521", ECCurve.NamedCurves.nistP521);
        Replace(_bed.Issuer(TokenTestBed.Ours, TokenTestBed.Jwks(p384, p521)));

        (await _bed.StatusAsync(_bed.Token(p384, SecurityAlgorithms.EcdsaSha384))).ShouldBe(
            TokenStatus.Valid
        );
        (await _bed.StatusAsync(_bed.Token(p521, SecurityAlgorithms.EcdsaSha512))).ShouldBe(
            TokenStatus.Valid
        );
    }

    [Fact]
    public async Task ValidateAsync_KnownToken_ExpiresWithoutANewCheck()
    {
        var token = _bed.Token(_bed.OurKey);
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Valid);

        _bed.Time.Advance(TimeSpan.FromSeconds(329));
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Valid);
        _bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Expired);
    }

    [Fact]
    public async Task ValidateAsync_TokenIdRevoked_IsRefusedKnownOrNot()
    {
        var known = _bed.Token(_bed.OurKey);
        var other = Claim("jti", "token-2");
        (await _bed.StatusAsync(known)).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(other)).ShouldBe(TokenStatus.Valid);

        _bed.Revoke(Revocation.OfToken("token-1"));

        (await _bed.StatusAsync(known)).ShouldBe(TokenStatus.Revoked);
        (await _bed.StatusAsync(_bed.Token(_bed.OurKey, change: d => d.Subject = null))).ShouldBe(
            TokenStatus.Revoked
        );
        (await _bed.StatusAsync(other)).ShouldBe(TokenStatus.Valid);
    }

    [Theory]
    [InlineData((int)RevocationKind.Client, "client_1")]
    [InlineData((int)RevocationKind.Session, "session-1")]
    public async Task ValidateAsync_IssuedBeforeTheEpoch_IsRefusedKnownOrNot(int kind, string id)
    {
        var before = _bed.Token(_bed.OurKey);
        (await _bed.StatusAsync(before)).ShouldBe(TokenStatus.Valid);
        _bed.Time.Advance(TimeSpan.FromSeconds(10));
        _bed.Revoke(new((RevocationKind)kind, id, _bed.Time.GetUtcNow()));
        var after = _bed.Token(_bed.OurKey);

        (await _bed.StatusAsync(before)).ShouldBe(TokenStatus.Revoked);
        (await _bed.StatusAsync(after)).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(_bed.Token(_bed.OurKey, change: d => d.IssuedAt = null))).ShouldBe(
            TokenStatus.Revoked
        );
    }

    [Fact]
    public async Task ValidateAsync_OurKeysRotated_FollowsTheIssuersEntry()
    {
        var next = TokenTestBed.NewEcKey("ours-2");
        var old = _bed.Token(_bed.OurKey);
        (await _bed.StatusAsync(old)).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(_bed.Token(next))).ShouldBe(TokenStatus.UnknownKey);

        Replace(_bed.Issuer(TokenTestBed.Ours, TokenTestBed.Jwks(_bed.OurKey, next)));
        (await _bed.StatusAsync(_bed.Token(next))).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(old)).ShouldBe(TokenStatus.Valid);

        Replace(_bed.Issuer(TokenTestBed.Ours, TokenTestBed.Jwks(next)));
        (await _bed.StatusAsync(old)).ShouldBe(TokenStatus.UnknownKey);
    }

    [Fact]
    public async Task ValidateAsync_IssuerRemoved_KnownTokensGoWithIt()
    {
        var token = _bed.Token(_bed.OurKey);
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Valid);

        _bed.Credentials = _bed.Credentials with
        {
            Issuers = _bed.Credentials.Issuers.With([], [TokenTestBed.Ours]),
        };

        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.UnknownIssuer);
    }

    [Fact]
    public async Task ValidateAsync_OtherIssuersKeysAway_SaysSoAndGoesOnWithTheLastGoodOnes()
    {
        var key = TokenTestBed.NewRsaKey("theirs-1");
        var token = Theirs(key);
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.KeysUnavailable);

        _bed.Published = TokenTestBed.Jwks(key);
        // A token asks at most twice a minute: made-up ones cannot make the gateway ask more.
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.KeysUnavailable);
        _bed.Downloads.ShouldBe(1);
        _bed.Time.Advance(RemoteKeys.UnknownKeyInterval);
        (await _bed.StatusAsync(token)).ShouldBe(TokenStatus.Valid);

        foreach (var bad in new[] { null, "<html>", "{\"keys\":[]}" })
        {
            _bed.Published = bad;
            _bed.Time.Advance(RemoteKeys.RefreshInterval);
            await _bed.Remote.ReadDueAsync();
            (await _bed.StatusAsync(Theirs(key))).ShouldBe(TokenStatus.Valid);
        }
    }

    [Fact]
    public async Task ValidateAsync_OtherIssuerRotates_UnknownKeyIsFetchedAndTheOldOneEnds()
    {
        var first = TokenTestBed.NewRsaKey("theirs-1");
        var second = TokenTestBed.NewRsaKey("theirs-2");
        _bed.Published = TokenTestBed.Jwks(first);
        await _bed.Remote.ReadDueAsync();
        var old = Theirs(first);
        (await _bed.StatusAsync(old)).ShouldBe(TokenStatus.Valid);
        _bed.Downloads.ShouldBe(1);

        _bed.Published = TokenTestBed.Jwks(second);
        (await _bed.StatusAsync(Theirs(second))).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(old)).ShouldBe(TokenStatus.UnknownKey);
        for (var i = 0; i < 10; i++)
        {
            var made = Theirs(TokenTestBed.NewRsaKey("made-up-" + i));
            (await _bed.StatusAsync(made)).ShouldBe(TokenStatus.UnknownKey);
        }

        _bed.Downloads.ShouldBe(2);
    }

    [Fact]
    public async Task ValidateAsync_OtherIssuersToken_MayBeOfTypeJwtAndHasNoEpochs()
    {
        var key = TokenTestBed.NewRsaKey("theirs-1");
        _bed.Published = TokenTestBed.Jwks(key);
        _bed.Revoke(new(RevocationKind.Client, "client_1", DateTimeOffset.MaxValue));

        (await _bed.StatusAsync(Theirs(key))).ShouldBe(TokenStatus.Valid);
        (await _bed.StatusAsync(Theirs(key, "dpop+jwt"))).ShouldBe(TokenStatus.WrongType);
        // Our key says nothing in another issuer's name.
        var forged = _bed.Token(_bed.OurKey, change: d => d.Issuer = TokenTestBed.Theirs);
        (await _bed.StatusAsync(forged)).ShouldBe(TokenStatus.UnknownKey);
    }

    [Fact]
    public async Task TryGetKnown_KnownToken_AllocatesNothing()
    {
        var token = Encoding.ASCII.GetBytes(_bed.Token(_bed.OurKey));
        _bed.Validator.TryGetKnown(token, _bed.Credentials, _bed.Time.GetUtcNow(), out _)
            .ShouldBeFalse();
        await _bed.ValidateAsync(Encoding.ASCII.GetString(token));
        _bed.Revoke(Revocation.OfToken("another"));
        var now = _bed.Time.GetUtcNow();

        _bed.Validator.TryGetKnown(token, _bed.Credentials, now, out var result).ShouldBeTrue();
        result.Status.ShouldBe(TokenStatus.Valid);
        Allocations
            .Of(() => _bed.Validator.TryGetKnown(token, _bed.Credentials, now, out _))
            .ShouldBe(0);
    }

    private string Claim(string name, string value) =>
        _bed.Token(_bed.OurKey, change: d => d.Claims[name] = value);

    private string Theirs(SecurityKey key, string type = "JWT") =>
        _bed.Token(
            key,
            SecurityAlgorithms.RsaSha256,
            d =>
            {
                d.Issuer = TokenTestBed.Theirs;
                d.TokenType = type;
            }
        );

    // The public key's text as the secret of a symmetric signature.
    private string Confused() =>
        _bed.Token(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(TokenTestBed.Jwks(_bed.OurKey)))
            {
                KeyId = "ours-1",
            },
            SecurityAlgorithms.HmacSha256
        );

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("somebody", "somebodx");
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    private void Replace(IssuerEntry issuer) =>
        _bed.Credentials = _bed.Credentials with
        {
            Issuers = _bed.Credentials.Issuers.With([issuer], []),
        };
}
