namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Whether the database is there with the schema of this build. Background services await it first.</summary>
public sealed class DatabaseReady
{
    private readonly TaskCompletionSource _ready = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Stays true once it is: a database that is lost later fails the calls that need it.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Why not yet, in a sentence.</summary>
    public string Reason { get; private set; } = "Migrations have not run yet.";

    /// <summary>Completes when the database is ready.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        _ready.Task.WaitAsync(cancellationToken);

    internal void Set() => _ready.TrySetResult();

    internal void Fail(string reason) => Reason = reason;
}
