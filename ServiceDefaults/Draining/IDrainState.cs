namespace ApiSvc.ServiceDefaults.Draining;

/// <summary>Whether this process is shutting down.</summary>
public interface IDrainState
{
    /// <summary>True from the first sign of shutting down: readiness is gone, but calls are still answered.</summary>
    bool IsDraining { get; }

    /// <summary>
    /// Cancelled when load balancers have had their time: long streams end then, so that their clients go to
    /// another process. Short calls run on to their end.
    /// </summary>
    CancellationToken DrainToken { get; }
}
