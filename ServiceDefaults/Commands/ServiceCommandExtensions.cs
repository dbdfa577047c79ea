using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Commands;

/// <summary>Runs a service, or one verb of it.</summary>
public static class ServiceCommandExtensions
{
    /// <summary>Exit code for a verb that nobody knows or that could not be carried out, and for a wrong configuration.</summary>
    public const int CouldNotRun = 2;

    /// <summary>Adds a verb. Adding the same type twice adds it once.</summary>
    public static IServiceCollection AddServiceCommand<TCommand>(this IServiceCollection services)
        where TCommand : class, IServiceCommand
    {
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IServiceCommand, TCommand>());
        return services;
    }

    /// <summary>
    /// Runs the verb that <paramref name="args"/> starts with and returns, or serves until it is told to stop.
    /// Arguments that start with a hyphen or a slash, or hold <c>=</c>, are configuration and no verb.
    /// </summary>
    /// <returns>The exit code of the program.</returns>
    public static async Task<int> RunServiceAsync(
        this WebApplication app,
        string[] args,
        CancellationToken cancellationToken = default
    )
    {
        if (
            args is not [var verb, ..]
            || verb.StartsWith('-')
            || verb.StartsWith('/')
            || verb.Contains('=')
        )
        {
            return await ServeAsync(app, cancellationToken);
        }

        await using (app)
        {
            return await RunCommandAsync(app.Services, verb, cancellationToken);
        }
    }

    private static async Task<int> ServeAsync(IHost app, CancellationToken cancellationToken)
    {
        try
        {
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(e.Failures);
        }
        catch (AggregateException e)
            when (e.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return await RefuseAsync(
                e.InnerExceptions.Cast<OptionsValidationException>()
                    .SelectMany(inner => inner.Failures)
            );
        }
    }

    // The operator can correct it and needs the words, not where in the code they come from.
    private static async Task<int> RefuseAsync(IEnumerable<string> failures)
    {
        await Console.Error.WriteLineAsync("The configuration is wrong:");
        foreach (var failure in failures)
        {
            await Console.Error.WriteLineAsync($"  {failure}");
        }

        return CouldNotRun;
    }

    private static async Task<int> RunCommandAsync(
        IServiceProvider services,
        string verb,
        CancellationToken cancellationToken
    )
    {
        await using var scope = services.CreateAsyncScope();
        var commands = scope.ServiceProvider.GetServices<IServiceCommand>().ToList();
        if (commands.Find(c => c.Name == verb) is { } command)
        {
            return await command.RunAsync(cancellationToken);
        }

        var known = string.Join(", ", commands.Select(c => c.Name).Order());
        await Console.Error.WriteLineAsync($"Unknown command '{verb}'. Known: {known}.");
        return CouldNotRun;
    }
}
