using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ApiSvc.Testing;

namespace ApiSvc.AppHost.Tests;

public sealed class RunScriptTests
{
    private static readonly string[] Anyone =
    [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--",
    ];

    [Fact]
    public async Task Detach_ThenStopAndStartAgain_KeepsAddressesAndLeavesNothingBehind()
    {
        await using var script = new RunScript();

        var (code, output) = await script.DetachAsync();

        code.ShouldBe(0, output);
        output.ShouldContain("Everything is healthy.");
        var first = script.Endpoints;
        foreach (var name in (string[])["gateway", "portal", "identity", "dashboard", "ca"])
        {
            output.ShouldContain(first.GetProperty(name).GetString()!);
        }

        (await script.DetachAsync()).Output.ShouldContain("runs already");
        var status = await script.RunAsync("--status");
        status.Code.ShouldBe(0, status.Output);
        status.Output.ShouldMatch(@"catalog\s+healthy");

        (await script.RunAsync("--stop")).Code.ShouldBe(0);
        script.Processes().ShouldBeEmpty();
        foreach (var port in Ports(first))
        {
            // Somebody else can have it now.
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }

        (await script.RunAsync("--status")).Code.ShouldBe(3);
        (code, output) = await script.DetachAsync();
        code.ShouldBe(0, output);
        Text(script.Endpoints, "gateway").ShouldBe(Text(first, "gateway"));
        Text(script.Endpoints, "postgres").ShouldBe(Text(first, "postgres"));
        Text(script.Endpoints.GetProperty("admin"), "clientSecret")
            .ShouldBe(Text(first.GetProperty("admin"), "clientSecret"));

        (await script.RunAsync("--reset")).Output.ShouldContain("Deleted");
        script.Processes().ShouldBeEmpty();
        Directory.Exists(script.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Detach_PortTaken_NamesItAndTheRemedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var script = new RunScript
        {
            Environment = { ["Ports__postgres__tcp"] = port },
        };

        var (code, output) = await script.DetachAsync();

        code.ShouldBe(1, output);
        output.ShouldContain($"Port {port}");
        output.ShouldContain("'postgres' is taken");
        output.ShouldContain("End that one");
        script.Processes().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Ports__gateway__https", "eighty", "Ports:gateway:https is 'eighty'")]
    [InlineData("Outbox__BatchSize", "0", "Outbox:BatchSize")]
    public async Task Detach_BrokenConfiguration_NamesTheKey(string name, string value, string said)
    {
        await using var script = new RunScript { Environment = { [name] = value } };

        var (code, output) = await script.DetachAsync();

        code.ShouldBe(1, output);
        output.ShouldContain(said);
        script.Processes().ShouldBeEmpty();
    }

    [Fact]
    public async Task Detach_FolderCannotBeWritten_NamesItAndTheRemedy()
    {
        await using var script = new RunScript { Data = "/proc/apisvc" };

        var (code, output) = await script.DetachAsync();

        code.ShouldBe(1, output);
        output.ShouldContain("/proc/apisvc cannot be written");
        output.ShouldContain("APISVC_DATA=");
    }

    [Fact]
    public async Task Detach_PackageMissingAndNoRightToInstall_SaysWhatToInstall()
    {
        // A machine without redis-server: all programs but that one.
        using var programs = new ProgramsWithout("redis-server", "sudo");
        await using var script = new RunScript
        {
            Data = Path.Combine(programs.Folder, "data"),
            Environment = { ["PATH"] = programs.Folder, ["HOME"] = programs.Folder },
            Wrapper = Environment.IsPrivilegedProcess ? Anyone : [],
        };

        var (code, output) = await script.DetachAsync();

        code.ShouldBe(1, output);
        output.ShouldContain("apt-get install -y --no-install-recommends redis-server");
    }

    [Fact]
    public async Task Run_UnknownOption_TellsTheOptions()
    {
        await using var script = new RunScript();

        var (code, output) = await script.RunAsync("--detatch");

        code.ShouldBe(2);
        output.ShouldContain("--detach");
        output.ShouldContain("--reset");
    }

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString()!;

    private static IEnumerable<int> Ports(JsonElement endpoints) =>
        endpoints
            .GetProperty("services")
            .EnumerateObject()
            .SelectMany(s => s.Value.EnumerateObject())
            .Select(e => new Uri(e.Value.GetString()!).Port)
            .Append(new Uri(Text(endpoints, "dashboard")).Port)
            .Append(
                int.Parse(Text(endpoints, "kafka").Split(':')[1], CultureInfo.InvariantCulture)
            );
}
