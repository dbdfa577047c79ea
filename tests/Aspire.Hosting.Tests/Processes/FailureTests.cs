using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Aspire.Hosting.Tests.Processes;

/// <summary>What goes wrong is told, and nothing is started again.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task Start_PortTaken_NamesPortAndEndpoint()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddPostgres("postgres", port: port);
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        await app.StateAsync("postgres", KnownResourceStates.FailedToStart);
        (await app.LineAsync("postgres", "could not be started")).ShouldContain(
            $"Port {port} of the endpoint 'tcp' of 'postgres' is taken"
        );
    }

    [Fact]
    public async Task Start_ProgramMissing_FailsWithTheRemedy()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var tool = builder.AddExecutable("tool", "no-such-program", ".");
        builder.AddExecutable("after", "/bin/true", ".").WaitFor(tool);
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        await app.StateAsync("tool", KnownResourceStates.FailedToStart);
        (await app.LineAsync("tool", "no-such-program")).ShouldContain("apt-get install");
        await app.StateAsync("after", KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task Run_ProcessCrashes_IsShownAndNotStartedAgain()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var file = Path.Combine(Path.GetTempPath(), $"runs-{Guid.NewGuid():n}");
        builder.AddExecutable("crash", "/bin/sh", ".", "-c", $"echo run >>{file}; exit 3");
        var job = builder.AddExecutable("job", "/bin/true", ".");
        builder.AddExecutable("after", "/bin/true", ".").WaitForCompletion(job);
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        var crashed = await app.StateAsync("crash", KnownResourceStates.Exited);
        crashed.Snapshot.ExitCode.ShouldBe(3);
        await app.LineAsync("crash", "exit code 3");
        await app.StateAsync("after", KnownResourceStates.Finished);
        File.ReadAllLines(file).ShouldBe(["run"]);
        File.Delete(file);
    }

    [Fact]
    public async Task Start_AsSoonAsItIsSeenToEnd_RunsAgain()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var file = Path.Combine(Path.GetTempPath(), $"runs-{Guid.NewGuid():n}");
        var check = new TaskCompletionSource<HealthCheckResult>();
        builder.Services.AddHealthChecks().AddAsyncCheck("slow", () => check.Task);
        builder
            .AddExecutable("job", "/bin/sh", ".", "-c", $"echo run >>{file}")
            .WithHealthCheck("slow");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        // It has ended, and the check of its health has not.
        await app.StateAsync("job", KnownResourceStates.Finished);
        var again = app.ResourceCommands.ExecuteCommandAsync(
            "job",
            KnownResourceCommands.StartCommand
        );
        check.SetResult(HealthCheckResult.Healthy());
        (await again).Success.ShouldBeTrue();

        await app.StateAsync("job", KnownResourceStates.Finished);
        (await File.ReadAllLinesAsync(file)).ShouldBe(["run", "run"]);
        File.Delete(file);
    }

    [Fact]
    public async Task Start_ParameterMissing_NamesTheKey()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var parameter = builder.AddParameter("key");
        builder.AddExecutable("tool", "/bin/true", ".").WithEnvironment("KEY", parameter);
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        await app.StateAsync("key", KnownResourceStates.ValueMissing);
        await app.StateAsync("tool", KnownResourceStates.FailedToStart);
        (await app.LineAsync("tool", "could not be started")).ShouldContain("Parameters:key");
    }
}
