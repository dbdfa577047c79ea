using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.ServiceDefaults.Sealing;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Signs with the suite's own key what Identity would never sign: it opens the key as Identity does.</summary>
internal sealed class SuiteSigner : IDisposable
{
    private static readonly SealedColumn PrivateKey = new("signing_keys", "id", "private_key");

    private readonly ECDsa _key;

    private SuiteSigner(ECDsa key) => _key = key;

    public static async Task<SuiteSigner> OpenAsync(Suite suite)
    {
        var secret = await suite
            .App.Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.OfType<ParameterResource>()
            .Single(p => p.Name == "identity-sealing-key")
            .GetValueAsync(CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Sealing:ActiveKey"] = "first",
                ["Sealing:Keys:first"] = $"{secret}=",
            }
        );
        builder.AddSealing();
        using var host = builder.Build();

        await using var db = new NpgsqlConnection(
            await suite.App.GetConnectionStringAsync("identitydb")
        );
        await db.OpenAsync();
        await using var query = new NpgsqlCommand(
            "select id, private_key from signing_keys where algorithm = 'ES256' and signs_from <= now() order by signs_from desc",
            db
        );
        await using var row = await query.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        var opened = host
            .Services.GetRequiredService<ISealer>()
            .Open(PrivateKey.At(row.GetGuid(0)), row.GetFieldValue<byte[]>(1));
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(opened.Value.ShouldNotBeNull(opened.Detail), out _);
        return new(key);
    }

    /// <summary>The token with another header or other claims, rightly signed.</summary>
    public string Change(string token, Action<JsonObject, JsonObject> change)
    {
        var (header, claims) = Read(token);
        change(header, claims);
        var text = Unsigned(header, claims);
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The token with another header or other claims, under the signature that it had, or none.</summary>
    public static string Forge(
        string token,
        Action<JsonObject, JsonObject> change,
        bool isSigned = true
    )
    {
        var (header, claims) = Read(token);
        change(header, claims);
        return $"{Unsigned(header, claims)}.{(isSigned ? token.Split('.')[2] : "")}";
    }

    /// <summary>Signed with the public key as if it were a shared secret.</summary>
    public string Confuse(string token)
    {
        var (header, claims) = Read(token);
        header["alg"] = "HS256";
        var text = Unsigned(header, claims);
        var secret = Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem());
        var signature = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text));
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static (JsonObject Header, JsonObject Claims) Read(string token)
    {
        var parts = token.Split('.');
        return (Part(parts[0]), Part(parts[1]));

        static JsonObject Part(string part) =>
            JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
    }

    private static string Unsigned(JsonObject header, JsonObject claims) =>
        $"{Part(header)}.{Part(claims)}";

    private static string Part(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
