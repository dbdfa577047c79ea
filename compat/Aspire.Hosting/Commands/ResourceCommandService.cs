using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Starts and stops single resources.</summary>
public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    /// <summary>Carries out a command on all replicas of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource,
        string commandName,
        CancellationToken cancellationToken = default
    )
    {
        var results = await Task.WhenAll(
            resource.Ids().Select(id => ExecuteCommandAsync(id, commandName, cancellationToken))
        );
        return Array.Find(results, r => !r.Success) ?? results[0];
    }

    /// <summary>Carries out a command on a replica.</summary>
    /// <param name="resourceId">The replica; of a resource without replicas its name.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId,
        string commandName,
        CancellationToken cancellationToken = default
    )
    {
        if (_orchestrator.Find(resourceId) is not { } instance)
        {
            return CommandResults.Failure($"There is no resource '{resourceId}' to start or stop.");
        }

        if (commandName == KnownResourceCommands.StopCommand)
        {
            await instance.StopAsync(cancellationToken);
        }
        else if (commandName == KnownResourceCommands.StartCommand)
        {
            await instance.StartAsync(cancellationToken);
        }
        else if (commandName == KnownResourceCommands.RestartCommand)
        {
            await instance.StopAsync(cancellationToken);
            await instance.StartAsync(cancellationToken);
        }
        else
        {
            return CommandResults.Failure(
                $"'{commandName}' is no command of '{resourceId}': there are start, stop and restart."
            );
        }

        return CommandResults.Success();
    }
}

/// <summary>The commands that every resource with a process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it, after what it waits for.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Ends it.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Ends it and starts it.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it was carried out.</summary>
    public required bool Success { get; init; }

    /// <summary>Why not.</summary>
    public string? Message { get; init; }
}

/// <summary>Makes results.</summary>
public static class CommandResults
{
    /// <summary>It was carried out.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It was not.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) =>
        new() { Success = false, Message = errorMessage };
}
