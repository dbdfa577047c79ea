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
}
