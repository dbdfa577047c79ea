using ApiSvc.Identity.Keys;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.Identity.Tests.Keys;

public sealed class SigningKeyTests
{
    [Fact]
    public async Task Start_TwoInstancesAtOnce_MakeOneKeyThatSignsAndOneThatWaitsByAlgorithm()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var first = await IdentityHost.StartAsync(database);
        await using var second = await IdentityHost.StartAsync(database);

        (await KeyIdAsync(first)).ShouldBe(await KeyIdAsync(second));
        await using var db = new NpgsqlConnection(database);
        (
            await db.QueryAsync<(string, long, long)>(
                "select algorithm, count(*), count(signs_from) from signing_keys group by 1 order by 1"
            )
        ).ShouldBe([("ES256", 2L, 1L), ("RS256", 2L, 1L)]);
    }

    [Fact]
    public async Task Start_Again_HasTheSameKey()
    {
        string before;
        string database;
        await using (var first = await IdentityHost.StartAsync())
        {
            before = await KeyIdAsync(first);
            database = first.ConnectionString;
        }

        await using var second = await IdentityHost.StartAsync(database);

        (await KeyIdAsync(second)).ShouldBe(before);
    }

    [Fact]
    public async Task Start_OtherKeyRing_IsUnreadyWithTheReasonAndMakesNoNewKey()
    {
        await using var first = await IdentityHost.StartReadyAsync();
        var otherKey = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

        await using var second = await IdentityHost.StartAsync(
            first.ConnectionString,
            ("Sealing:Keys:k1", otherKey)
        );

        var health = await Eventually.GetAsync(
            async () =>
            {
                using var response = await second.Management.GetAsync("/health");
                return await response.Content.ReadAsStringAsync();
            },
            text => text.Contains("was not sealed there")
        );
        health.ShouldContain("unhealthy");
        await using var db = new NpgsqlConnection(first.ConnectionString);
        (await db.ExecuteScalarAsync<long>("select count(*) from signing_keys")).ShouldBe(4);
    }

    [Fact]
    public async Task Stored_TheKey_IsSealed()
    {
        await using var host = await IdentityHost.StartReadyAsync();
        await using var db = new NpgsqlConnection(host.ConnectionString);

        var stored = (
            await db.QueryAsync<SigningKeyRow, byte[], (SigningKeyRow Row, byte[] Key)>(
                $"select {SigningKeyRow.Columns}, private_key from signing_keys",
                (row, key) => (row, key),
                splitOn: "private_key"
            )
        ).AsList();

        stored.Count.ShouldBe(4);
        foreach (var (row, key) in stored)
        {
            Should.Throw<System.Security.Cryptography.CryptographicException>(() =>
                SigningKey.From(row, key)
            );
        }
    }

    [Theory]
    [InlineData("ES256", 256)]
    [InlineData("RS256", 2048)]
    public void Make_APrivateKey_IsAnotherEachTimeAndOfItsSize(string algorithm, int bits)
    {
        var keys = new RandomPrivateKeys();
        var row = new SigningKeyRow(Guid.NewGuid(), algorithm, DateTime.UtcNow, SignsFrom: null);

        var (first, second) = (
            SigningKey.From(row, keys.Make(algorithm)),
            SigningKey.From(row, keys.Make(algorithm))
        );

        first.Key.KeySize.ShouldBe(bits);
        (first.Public.X ?? first.Public.Modulus).ShouldNotBe(
            second.Public.X ?? second.Public.Modulus
        );
    }

    private static async Task<string> KeyIdAsync(IdentityHost host)
    {
        var keys = host.Services.GetRequiredService<SigningKeys>();
        await Eventually.HoldsAsync(() => keys.All.Count > 0, "a signing key");
        return keys.Get(SigningAlgorithms.Default).Row.KeyId;
    }
}
