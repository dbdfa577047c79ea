using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.Aspire.Hosting.Tests.Parameters;

public sealed class ParameterTests : IDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"apphost-{Guid.NewGuid():n}");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Value_Generated_IsKeptForThisUserAlone()
    {
        var first = await ValueAsync(persist: true);
        var second = await ValueAsync(persist: true);

        first.Length.ShouldBe(32);
        second.ShouldBe(first);
        File.GetUnixFileMode(Path.Combine(_data, "parameters.json"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Value_Configured_GoesFirst() =>
        (await ValueAsync(persist: true, configured: "x")).ShouldBe("x");

    [Fact]
    public async Task Open_FolderInUse_SaysSo()
    {
        Directory.CreateDirectory(_data);
        await using var first = Create();
        await using var second = Create();
        await using var running = await first.BuildAsync();
        await running.StartAsync();
        var other = await second.BuildAsync();

        var failure = await Should.ThrowAsync<DistributedApplicationException>(() =>
            other.StartAsync()
        );

        failure.Message.ShouldContain("Another AppHost uses the data folder");
    }

    private async Task<string> ValueAsync(bool persist, string? configured = null)
    {
        Directory.CreateDirectory(_data);
        await using var builder = Create();
        builder.Configuration["Parameters:secret"] = configured;
        var parameter = builder.AddParameter(
            "secret",
            new GenerateParameterDefault { MinLength = 32 },
            secret: true,
            persist: persist
        );
        await using var app = await builder.BuildAsync();
        return (await parameter.Resource.GetValueAsync(CancellationToken.None))!;
    }

    private IDistributedApplicationTestingBuilder Create()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.Configuration["APISVC_DATA"] = _data;
        builder.Configuration["Aspire:Store:Temporary"] = "false";
        return builder;
    }
}
