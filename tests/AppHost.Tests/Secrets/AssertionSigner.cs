using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>A client's key, and assertions that it signs (RFC 7523).</summary>
internal sealed class AssertionSigner : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PrivateKey => Base64Url.EncodeToString(_key.ExportParameters(true).D!);

    public JsonObject PublicKeys()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["x"] = Base64Url.EncodeToString(point.X!),
                    ["y"] = Base64Url.EncodeToString(point.Y!),
                }
            ),
        };
    }

    public string Sign(string client, string audience)
    {
        var claims = new JsonObject
        {
            ["iss"] = client,
            ["sub"] = client,
            ["aud"] = audience,
            ["jti"] = Guid.NewGuid().ToString(),
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds(),
        };
        var text = $"{Part(new() { ["alg"] = "ES256", ["typ"] = "JWT" })}.{Part(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static string Part(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
