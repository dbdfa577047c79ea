namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's builder, in a test: all the AppHost said is in it, and more can be.</summary>
public interface IDistributedApplicationTestingBuilder
    : IDistributedApplicationBuilder,
        IAsyncDisposable,
        IDisposable
{
    /// <summary>Makes the application, as the AppHost's program would.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
