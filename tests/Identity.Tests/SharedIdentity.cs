namespace ApiSvc.Identity.Tests;

/// <summary>One Identity for the tests of a class, each with a team and an application of its own.</summary>
public sealed class SharedIdentity : IAsyncLifetime
{
    internal IdentityHost Host { get; private set; } = null!;

    internal ApiCaller Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await IdentityHost.StartReadyAsync();
        Admin = await Host.AdminAsync();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    internal async Task<(string Team, string Application)> NewApplicationAsync()
    {
        var team = await Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        return (team, Host.AddApplication(team));
    }

    /// <summary>Lets time pass, also so much that the administrator's token ends.</summary>
    internal async Task AdvanceAsync(TimeSpan by)
    {
        Host.Time.Advance(by);
        Admin = await Host.AdminAsync();
    }

    internal async Task<string> NewUserAsync()
    {
        var login = $"u-{Guid.NewGuid():n}";
        var made = await Admin.PostAsync(
            "/v1/users",
            new
            {
                login,
                name = "Ada Shopper",
                email = $"{login}@example.org",
            }
        );
        return made.ShouldBe(System.Net.HttpStatusCode.Created).Id;
    }
}
