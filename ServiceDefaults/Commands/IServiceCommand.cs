namespace ApiSvc.ServiceDefaults.Commands;

/// <summary>
/// A verb of the service's program: <c>dotnet ApiSvc.Catalog.dll verify-audit</c> runs it and exits. It gets its
/// dependencies as every service does, but no background service runs and no port is opened beside it.
/// </summary>
public interface IServiceCommand
{
    /// <summary>The verb: small letters and hyphens, as in <c>verify-audit</c>.</summary>
    string Name { get; }

    /// <summary>Does the work. What it finds goes to standard output, what went wrong to standard error.</summary>
    /// <returns>The exit code: 0 = done and well, 1 = done and not well, 2 = could not be done.</returns>
    Task<int> RunAsync(CancellationToken cancellationToken);
}
