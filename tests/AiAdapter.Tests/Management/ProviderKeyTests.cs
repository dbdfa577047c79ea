using System.Net;
using System.Text;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.AiAdapter.Tests.Management;

public sealed class ProviderKeyTests
{
    [Fact]
    public async Task Keys_AreNeverShown()
    {
        const string Rotated = "sk-rotated-Vx41secretM3qe";
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connection = await owner.ConnectionAsync(team);
        var keys = $"/v1/teams/{team}/connections/{connection}/keys";
        var answers = new List<Answer>
        {
            await owner.PostAsync(
                keys,
                new
                {
                    name = "first",
                    secret = new { key = Scene.Secret },
                    requestsPerMinute = 60,
                },
                key: "once"
            ),
        };
        var id = answers[0].ShouldBe(HttpStatusCode.Created).Id;
        await owner.VirtualModelAsync(team, connection);
        answers.Add(await owner.GetAsync($"{keys}/{id}"));
        answers.Add(await owner.GetAsync(keys));
        answers.Add(
            await owner.PostAsync($"{keys}/{id}/rotate", new { key = Rotated }, ifMatch: "\"1\"")
        );
        answers.Add(await owner.PutAsync($"{keys}/{id}", new { name = "first", parallel = 4 }));
        answers.Add(
            await owner.PostAsync(keys, new { name = "a b", secret = new { key = "short!" } })
        );
        answers.Add(
            await owner.PostAsync(
                keys,
                new { name = "x", secret = new { key = Scene.Secret, k = 1 } }
            )
        );
        await host.ServedAsync(team, "assistant");
        await Eventually.HoldsAsync(
            () => host.Events.All.Count() >= 5,
            "the audit entries are published"
        );

        answers[1]["lastFour"].ShouldBe(Scene.Secret[^4..]);
        answers[3].ShouldBe(HttpStatusCode.OK)["lastFour"].ShouldBe(Rotated[^4..]);
        answers[4].ShouldBe(HttpStatusCode.OK)["parallel"].ShouldBe("4");
        string[] places =
        [
            .. answers.Select(a => a.Text),
            .. host.Log.Lines,
            .. host.Events.All.Select(e => Encoding.UTF8.GetString(e.Payload)),
            await DumpAsync(host.Database),
        ];
        foreach (var secret in (string[])[Scene.Secret, Rotated])
        {
            var inHex = Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
            places.ShouldNotContain(p => p.Contains(secret, StringComparison.Ordinal));
            places.ShouldNotContain(p => p.Contains(inHex, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Keys_SealedAgainUnderANewKey_AreServedWithoutTheOldOne()
    {
        var newKey = (
            "Sealing:Keys:k2",
            Convert.ToBase64String([.. Enumerable.Repeat((byte)2, 32)])
        );
        await using var first = await AiHost.StartAsync();
        var (team, owner) = first.NewTeam();
        await owner.ServeAsync(team);

        await using (
            var second = await AiHost.StartAsync(
                first.Database,
                settings: [newKey, ("Sealing:ActiveKey", "k2")]
            )
        )
        {
            await using var scope = second.Services.CreateAsyncScope();
            var rewrap = scope
                .ServiceProvider.GetServices<IServiceCommand>()
                .Single(command => command.Name == "rewrap");
            (await rewrap.RunAsync(CancellationToken.None)).ShouldBe(0);
        }

        await using var third = await AiHost.StartAsync(
            first.Database,
            settings:
            [
                newKey,
                ("Sealing:ActiveKey", "k2"),
                // In the old key's place there is another one.
                ("Sealing:Keys:k1", Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 32)])),
            ]
        );
        var served = await third.ServedAsync(team, "assistant");
        served.Router.Model.Targets[0].Keys[0].Credential.Secret.ShouldBe(Scene.Secret);
    }

    [Fact]
    public async Task Create_WhereAKeyHasTwoParts_NeedsBoth()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var aws = (
            await owner.PostAsync(
                $"/v1/teams/{team}/connections",
                new
                {
                    name = "aws",
                    provider = "bedrock",
                    places = new { region = "eu-central-1" },
                }
            )
        ).Id;
        var plain = await owner.ConnectionAsync(team);
        var one = new { name = "k", secret = new { key = Scene.Secret } };
        var two = new { name = "k", secret = new { key = Scene.Secret, accessKeyId = "AKIA1" } };

        (await owner.PostAsync($"/v1/teams/{team}/connections/{aws}/keys", one))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/secret/accessKeyId required"]);
        (await owner.PostAsync($"/v1/teams/{team}/connections/{plain}/keys", two))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/secret/accessKeyId not_allowed"]);
        (await owner.PostAsync($"/v1/teams/{team}/connections/{aws}/keys", two)).ShouldBe(
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task Key_UnderAnotherConnection_IsNotThere()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connection = await owner.ConnectionAsync(team);
        var other = await owner.ConnectionAsync(team, "other");
        var key = await owner.KeyAsync(team, connection);
        var place = $"/v1/teams/{team}/connections/{other}/keys/{key}";

        (await owner.GetAsync(place)).ShouldBe(HttpStatusCode.NotFound);
        (await owner.PutAsync(place, new { name = "x" })).ShouldBe(HttpStatusCode.NotFound);
        (await owner.DeleteAsync(place)).ShouldBe(HttpStatusCode.NotFound);
        (
            await owner.PostAsync($"{place}/rotate", new { key = Scene.Secret }, ifMatch: "*")
        ).ShouldBe(HttpStatusCode.NotFound);
    }

    // Every row of every table, as text; bytes as hexadecimal.
    private static async Task<string> DumpAsync(string database)
    {
        await using var db = new NpgsqlConnection(database);
        var tables = await db.QueryAsync<string>(
            """
            select format('%I.%I', table_schema, table_name) from information_schema.tables
            where table_schema not in ('pg_catalog', 'information_schema')
            """
        );
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            foreach (var row in await db.QueryAsync<string>($"select t::text from {table} t"))
            {
                dump.AppendLine(row);
            }
        }

        dump.Length.ShouldBeGreaterThan(1000);
        return dump.ToString();
    }
}
