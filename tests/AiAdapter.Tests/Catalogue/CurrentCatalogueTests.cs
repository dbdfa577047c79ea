using System.Net;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Tests.Catalogue;

public sealed class CurrentCatalogueTests
{
    [Fact]
    public async Task File_ThatChanges_IsInForce_AndAWrongOneIsNot()
    {
        using var file = new TempFile(Models("first"));
        await using var host = await AiHost.StartAsync(
            settings:
            [
                ("Catalogue:ModelsFile", file.Path),
                ("Catalogue:Look", "00:00:00.100"),
                ("Configuration:Refresh", "00:00:01"),
            ]
        );
        var (team, owner) = host.NewTeam();
        var connection = await owner.ConnectionAsync(team);
        await owner.KeyAsync(team, connection);
        await owner.VirtualModelAsync(team, connection, model: "second");
        (await ListAsync(owner)).ShouldBe(["first"]);
        (await host.ServedAsync(team, "assistant")).Prices["main/second"].Prices.ShouldBeEmpty();

        file.Write(Models("second"));

        await Eventually.GetAsync(() => ListAsync(owner), names => names is ["second"]);
        await Eventually.HoldsAsync(
            () =>
                Task.FromResult(
                    host.Find(team, "assistant")!.Prices["main/second"].Prices.Count == 1
                ),
            "its prices count",
            // By the next look at all of the configuration, after which nothing waits.
            TimeSpan.FromMinutes(1)
        );
        file.Write(Models("third").Replace("\"output\"", "\"outptu\""));
        await Eventually.HoldsAsync(
            () =>
                host.Log.Lines.Any(l =>
                    l.Contains("models[0].prices[0].outptu", StringComparison.Ordinal)
                ),
            "what is wrong is said"
        );
        (await ListAsync(owner)).ShouldBe(["second"]);
    }

    [Fact]
    public void File_ThatIsWrongAtTheStart_StopsIt()
    {
        var options = Options.Create(
            new CatalogueOptions { ProvidersFile = "/nowhere/providers.json" }
        );

        var start = () => new CurrentCatalogue(options, NullLogger<CurrentCatalogue>.Instance);

        start
            .ShouldThrow<InvalidOperationException>()
            .Message.ShouldContain("Catalogue:ProvidersFile");
    }

    private static async Task<string[]> ListAsync(Party owner) =>
        [
            .. (await owner.GetAsync("/v1/models"))
                .ShouldBe(HttpStatusCode.OK)
                .Json.GetProperty("items")
                .EnumerateArray()
                .Select(m => m.GetProperty("id").GetString()!),
        ];

    private static string Models(string id) =>
        $$"""
            {"aliases": {}, "models": [{"provider": "openai", "id": "{{id}}", "kind": "chat",
              "prices": [{"from": "2026-01-01", "input": 1, "output": 2}]}]}
            """;

    private sealed class TempFile : IDisposable
    {
        public TempFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } =
            System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():n}.json");

        // As operators do: never half of it is there.
        public void Write(string text)
        {
            File.WriteAllText($"{Path}.new", text);
            File.Move($"{Path}.new", Path, overwrite: true);
        }

        public void Dispose() => File.Delete(Path);
    }
}
