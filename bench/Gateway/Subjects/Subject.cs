using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>A proxy that is measured; it runs on a processor of its own.</summary>
internal abstract class Subject(string name, Child process) : IAsyncDisposable
{
    public string Name => name;

    public Child Process => process;

    /// <summary>Where it takes HTTP, such as <c>http://127.0.0.1:20000</c>.</summary>
    public required string Http { get; init; }

    /// <summary>Where it takes HTTPS; null: nowhere.</summary>
    public string? Https { get; init; }

    /// <summary>Whether it gets faster while it runs, and is to be measured after that.</summary>
    public virtual bool CompilesAtRunTime => false;

    /// <summary>How many calls it has recorded, when it has told all; null: it records none.</summary>
    public virtual Task<long?> CountRecordsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<long?>(null);

    public virtual async ValueTask DisposeAsync() => await process.DisposeAsync();

    protected static async Task ListensAsync(
        Child process,
        string address,
        CancellationToken cancellationToken
    )
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await process.UntilAsync(
            async token =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri(address), token);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"listening at {address}",
            cancellationToken
        );
    }
}
