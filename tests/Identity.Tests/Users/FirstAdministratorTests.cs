using System.Text.RegularExpressions;
using ApiSvc.Identity.Users;
using ApiSvc.Testing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.Users;

/// <summary>What the first start makes, and the later ones leave alone.</summary>
public sealed partial class FirstAdministratorTests
{
    private const string Given = "given by the configuration";

    [Fact]
    public async Task Start_PasswordGiven_MakesTheUserAndPrintsNothingSecret()
    {
        await using var host = await IdentityHost.StartReadyAsync(
            settings: [("Administrator:User", "root"), ("Administrator:Password", Given)]
        );

        var (login, hash, roles) = (await ReadAsync(host)).ShouldHaveSingleItem();
        login.ShouldBe("root");
        roles.ShouldBe(["admin"]);
        PasswordHash.Verify(hash, Given).ShouldBeTrue();
        host.Logs.All.ShouldAllBe(l => !l.Contains(Given, StringComparison.Ordinal));
        host.Logs.All.ShouldContain(l => l.Contains("made the administrator 'root'"));
    }

    [Fact]
    public async Task Start_NoPassword_PrintsARandomOneOnce()
    {
        await using var host = await IdentityHost.StartReadyAsync();

        var password = PrintedPassword(host).ShouldHaveSingleItem();
        password.Length.ShouldBe(43);
        var (login, hash, _) = (await ReadAsync(host)).ShouldHaveSingleItem();
        login.ShouldBe("admin");
        PasswordHash.Verify(hash, password).ShouldBeTrue();
        foreach (var usual in (string[])["admin", "password", "changeme", ""])
        {
            PasswordHash.Verify(hash, usual).ShouldBeFalse();
        }

        await using var other = await IdentityHost.StartReadyAsync();
        PrintedPassword(other).ShouldHaveSingleItem().ShouldNotBe(password);
    }

    [Fact]
    public async Task SecondStart_OtherPasswordGiven_ChangesAndPrintsNothing()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using (
            var first = await IdentityHost.StartReadyAsync(
                database,
                ("Administrator:Password", Given)
            )
        )
        {
            (await ReadAsync(first)).ShouldHaveSingleItem();
        }

        await using var second = await IdentityHost.StartReadyAsync(
            database,
            ("Administrator:User", "other"),
            ("Administrator:Password", "a later one, given anew")
        );

        var (login, hash, _) = (await ReadAsync(second)).ShouldHaveSingleItem();
        login.ShouldBe("admin");
        PasswordHash.Verify(hash, Given).ShouldBeTrue();
        second.Logs.All.ShouldAllBe(l => !l.Contains("First start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_TwoAtOnce_MakeOneOfEach()
    {
        var database = await PostgresServer.CreateDatabaseAsync();

        var hosts = await Task.WhenAll(
            IdentityHost.StartReadyAsync(database, WithoutAdminClient),
            IdentityHost.StartReadyAsync(database, WithoutAdminClient)
        );
        await using var first = hosts[0];
        await using var second = hosts[1];

        (await ReadAsync(first)).ShouldHaveSingleItem();
        hosts.Sum(h => PrintedPassword(h).Count()).ShouldBe(1);
        hosts.Sum(h => PrintedClients(h).Count()).ShouldBe(1);
    }

    [Fact]
    public async Task Start_NoAdminClientConfigured_PrintsOneOnceThatCanDoAll()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        (string Id, string Secret) printed;
        await using (var first = await IdentityHost.StartReadyAsync(database, WithoutAdminClient))
        {
            printed = PrintedClients(first).ShouldHaveSingleItem();
            var caller = await first.CallerAsync(printed.Id, printed.Secret);
            await caller.CreateTeamAsync("made-by-it");
        }

        await using var second = await IdentityHost.StartReadyAsync(database, WithoutAdminClient);

        PrintedClients(second).ShouldBeEmpty();
        var again = await second.CallerAsync(printed.Id, printed.Secret);
        (await again.GetAsync("/v1/teams")).Text.ShouldContain("made-by-it");
        using var wrong = await second.AskAsync(
            IdentityHost.Basic(printed.Id, printed.Secret[..^1] + "_"),
            ("grant_type", "client_credentials")
        );
        wrong.StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Start_AdminClientConfigured_MakesNoOther()
    {
        await using var host = await IdentityHost.StartReadyAsync();

        PrintedClients(host).ShouldBeEmpty();
        await using var db = new NpgsqlConnection(host.ConnectionString);
        (await db.ExecuteScalarAsync<long>("select count(*) from platform_clients")).ShouldBe(0);
        host.Logs.All.ShouldAllBe(l => !l.Contains(IdentityHost.Secret, StringComparison.Ordinal));
    }

    // The configured client is none of an administrator then.
    private static (string, string?) WithoutAdminClient =>
        ("Issuer:Clients:admin:Roles:0", "auditor");

    private static IEnumerable<string> PrintedPassword(IdentityHost host) =>
        host
            .Logs.All.Select(l => Password().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups["password"].Value);

    private static IEnumerable<(string Id, string Secret)> PrintedClients(IdentityHost host) =>
        host
            .Logs.All.Select(l => Client().Match(l))
            .Where(m => m.Success)
            .Select(m => (m.Groups["id"].Value, m.Groups["secret"].Value));

    private static async Task<IEnumerable<(string Login, string Hash, string[] Roles)>> ReadAsync(
        IdentityHost host
    )
    {
        await using var db = new NpgsqlConnection(host.ConnectionString);
        return await db.QueryAsync<(string, string, string[])>(
            "select login, password_hash, platform_roles from users"
        );
    }

    [GeneratedRegex(
        "with the password (?<password>\\S+) ",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Password();

    [GeneratedRegex(
        "client '(?<id>client_\\w+)' with the secret (?<secret>\\S+) ",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Client();
}
