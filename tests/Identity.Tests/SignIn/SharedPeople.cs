using System.Net;
using System.Text.Json;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Testing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>One Identity with its own pages for the tests of a class, each with users of its own.</summary>
public sealed class SharedPeople : IAsyncLifetime
{
    internal const string Password = "brown foxes jump over 7 dogs";

    internal IdentityHost Host { get; private set; } = null!;

    internal ApiCaller Admin { get; private set; } = null!;

    internal Mailbox Mail { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Host = await IdentityHost.StartSigningInAsync(
            ("Mail:Folder", Mail.Folder),
            ("Mail:PollInterval", "00:00:00.050"),
            ("Registration:Enabled", "true")
        );
        Admin = await Host.AdminAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Mail.Folder, recursive: true);
    }

    internal async Task AdvanceAsync(TimeSpan by)
    {
        Host.Time.Advance(by);
        Admin = await Host.AdminAsync();
    }

    internal Person NewPerson() => new(Host);

    internal async Task<TestUser> NewUserAsync(params string[] platformRoles)
    {
        var login = $"u-{Guid.NewGuid():n}";
        var made = await Admin.PostAsync(
            "/v1/users",
            new
            {
                login,
                name = "Ada Shopper",
                email = $"{login}@example.org",
                platformRoles,
                password = Password,
            }
        );
        return new(made.ShouldBe(HttpStatusCode.Created).Id, login, $"{login}@example.org");
    }

    /// <summary>Somebody who is signed in.</summary>
    internal async Task<Person> SignInAsync(TestUser user)
    {
        var person = NewPerson();
        var shown = await person.SignInAsync(user.Login, Password);
        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        person.At.ShouldBe("/account");
        return person;
    }

    /// <summary>Turns the second factor on for who is signed in.</summary>
    internal async Task<(byte[] Seed, IReadOnlyList<string> Recovery)> TurnOnSecondFactorAsync(
        Person person
    )
    {
        var page = await person.GetAsync(SecondFactorPages.Path);
        var seed = SecondFactorText.ReadSeed(page.Text);
        var done = await person.SubmitAsync(
            page,
            SecondFactorPages.Path,
            ("code", SecondFactorText.CodeAt(seed, Host.Time.GetUtcNow()))
        );
        done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
        return (seed, SecondFactorText.ReadRecoveryCodes(done.Text));
    }

    /// <summary>The actions that the audit log has of an object, with their results and what came after.</summary>
    internal async Task<List<(string Action, string Result, string? After)>> AuditAsync(
        string objectId
    )
    {
        await using var db = new NpgsqlConnection(Host.ConnectionString);
        return (
            await db.QueryAsync<(string, string, string?)>(
                "select action, result, after_state::text from service.audit_log where object_id = @objectId order by position",
                new { objectId }
            )
        ).AsList();
    }

    internal async Task<JsonElement> IntrospectAsync(CodeFlowClient client, string token) =>
        (
            await Host.PostFormAsync(
                "/connect/introspect",
                IdentityHost.Basic(client.Id, client.Secret),
                ("token", token)
            )
        )
            .ShouldBe(HttpStatusCode.OK)
            .Body;

    internal async Task<CodeFlowClient> NewClientAsync()
    {
        var team = await Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        var (id, secret) = await CodeFlow.MakeClientAsync(
            Admin,
            Host.AddApplication(team),
            "orders.read"
        );
        return new(id, secret, team);
    }

    /// <summary>Signs in at a client, agrees, and gets tokens.</summary>
    internal async Task<Answer> TokensAsync(
        Person person,
        CodeFlowClient client,
        string scope = "openid orders.read"
    )
    {
        var shown = await person.GetAsync(client.Address(scope));
        if (shown.Status == HttpStatusCode.OK)
        {
            shown = await person.SubmitAsync(shown, "/connect/consent", ("decision", "allow"));
        }

        shown.Status.ShouldBe(HttpStatusCode.SeeOther, shown.Text);
        return (
            await Host.PostFormAsync(
                "/connect/token",
                IdentityHost.Basic(client.Id, client.Secret),
                ("grant_type", "authorization_code"),
                ("code", shown.Answer["code"]),
                ("redirect_uri", CodeFlow.RedirectUri),
                ("code_verifier", CodeFlow.Verifier)
            )
        ).ShouldBe(HttpStatusCode.OK);
    }
}

internal sealed record TestUser(string Id, string Login, string Email);

internal sealed record CodeFlowClient(string Id, string Secret, string Team)
{
    public string Address(string scope = "openid orders.read") =>
        $"/connect/authorize?response_type=code&client_id={Id}&redirect_uri={Uri.EscapeDataString(CodeFlow.RedirectUri)}"
        + $"&scope={Uri.EscapeDataString(scope)}&state=s&code_challenge={CodeFlow.Challenge}&code_challenge_method=S256";
}
