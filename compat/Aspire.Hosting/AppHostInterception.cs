using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Lets a test take part where an AppHost's program builds and runs its application. It holds for what is called from
/// where it was set.
/// </summary>
internal sealed class AppHostInterception
{
    private static readonly AsyncLocal<AppHostInterception?> Ambient = new();

    public static AppHostInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public required Action<
        DistributedApplicationOptions,
        HostApplicationBuilderSettings
    > Creating { get; init; }

    public required Action<DistributedApplicationBuilder> Created { get; init; }

    /// <summary>Called when the program builds; the application is built when it returns.</summary>
    public required Action<DistributedApplicationBuilder> Building { get; init; }

    public required Action<DistributedApplication> Built { get; init; }

    /// <summary>Stands for running the application, which the test does.</summary>
    public required Func<Task> Run { get; init; }
}
