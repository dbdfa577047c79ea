using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's program in a test, as far as its building of the application.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Takes what an AppHost builds.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly: <c>Projects.AppHost</c>.</typeparam>
    /// <remarks>
    /// The application has no dashboard, and a data folder of its own that goes with it; configuration can name another.
    /// </remarks>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class =>
        RunAsync(typeof(TEntryPoint), [], configure: null, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    /// <param name="args">The program's command line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class =>
        RunAsync(typeof(TEntryPoint), args, configure: null, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    /// <param name="args">The program's command line.</param>
    /// <param name="configureBuilder">Changes the options and the host's settings, such as to have a dashboard.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class =>
        RunAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    /// <param name="entryPoint">A type of the AppHost's assembly.</param>
    /// <param name="args">The program's command line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        CancellationToken cancellationToken = default
    ) => RunAsync(entryPoint, args, configure: null, cancellationToken);

    /// <summary>Starts with an empty application, without an AppHost.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var builder = new DistributedApplicationBuilder(
            new DistributedApplicationOptions { Args = args, DisableDashboard = true }
        );
        TestData.Use(builder);
        return new TestingBuilder(builder, run: null);
    }

    private static async Task<IDistributedApplicationTestingBuilder> RunAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure,
        CancellationToken cancellationToken
    )
    {
        var run = new AppHostRun(entryPoint.Assembly, args, configure);
        return new TestingBuilder(await run.BuilderAsync(cancellationToken), run);
    }
}
