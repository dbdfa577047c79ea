namespace ApiSvc.Identity.Tests.Sessions;

/// <summary>Tests of what a client gets for a user: each has a client and a signed-in user of its own.</summary>
public abstract class CodeFlowTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private protected SharedIdentity Shared => identity;

    private protected CodeFlow Flow { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Flow = await CodeFlow.StartAsync(identity);

    public ValueTask DisposeAsync()
    {
        Flow.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
