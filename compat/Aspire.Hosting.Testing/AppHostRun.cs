using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's program, run on a thread of its own, that stops where it builds and where it runs.</summary>
internal sealed class AppHostRun
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _goOn = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource<DistributedApplication> _built = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private readonly Action<
        DistributedApplicationOptions,
        HostApplicationBuilderSettings
    >? _configure;

    public AppHostRun(
        Assembly assembly,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure
    )
    {
        _configure = configure;
        var main =
            assembly.EntryPoint
            ?? throw new ArgumentException(
                $"{assembly.FullName} is not a program.",
                nameof(assembly)
            );
        var thread = new Thread(() => Run(main, args))
        {
            IsBackground = true,
            Name = $"AppHost {assembly.GetName().Name}",
        };
        thread.Start();
    }

    /// <summary>The builder, with all that the program says before it builds.</summary>
    public Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken) =>
        _building.Task.WaitAsync(cancellationToken);

    /// <summary>Lets it build.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets it end without building.</summary>
    public void Cancel() => _goOn.TrySetCanceled();

    private void Run(MethodInfo main, string[] args)
    {
        AppHostInterception.Current = new AppHostInterception
        {
            Creating = (options, settings) =>
            {
                options.DisableDashboard = true;
                options.AssemblyName = main.Module.Assembly.FullName;
                _configure?.Invoke(options, settings);
            },
            Created = TestData.Use,
            Building = builder =>
            {
                _building.TrySetResult(builder);
                _goOn.Task.GetAwaiter().GetResult();
            },
            Built = application => _built.TrySetResult(application),
            Run = () => Task.CompletedTask,
        };
        try
        {
            var result = main.Invoke(
                null,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                main.GetParameters().Length == 0 ? [] : [args],
                culture: null
            );
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The AppHost's program ended without building."));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    // Means nothing where the program got as far.
    private void Fail(Exception e)
    {
        _building.TrySetException(e);
        _built.TrySetException(e);
    }
}
