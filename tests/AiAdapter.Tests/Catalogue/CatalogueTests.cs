using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Tests.Catalogue;

public sealed class CatalogueTests
{
    private const string Model = """{"provider":"p","id":"m","kind":"chat","prices":[]}""";

    [Fact]
    public void Models_BuiltIn_AreManyAndHaveProviders()
    {
        var catalogue = BuiltInData.Models();
        var providers = BuiltInData.Providers();

        catalogue.Models.Count.ShouldBeGreaterThanOrEqualTo(150);
        catalogue.Models.Count(model => model.Prices.Prices.Count > 0).ShouldBeGreaterThan(140);
        catalogue.Find("fast").ShouldNotBeNull();
        catalogue.Find("best")!.Key.ShouldBe(catalogue.Aliases["best"]);
        catalogue.Find("gpt-4o")!.Provider.ShouldBe("openai");
        catalogue.Find("azure-openai/gpt-4o")!.Provider.ShouldBe("azure-openai");
        catalogue.Find("no-such-model").ShouldBeNull();
        var elsewhere = catalogue
            .Models.Select(model => model.Provider)
            .Distinct()
            .Except(providers.Keys);
        elsewhere.ShouldBe(["voyage", "jina", "deepgram"], ignoreOrder: true);
    }

    [Fact]
    public void Models_WithoutAKnownPrice_HaveNone() =>
        BuiltInData
            .Models()
            .Find("openai/gpt-6-rosalind")!
            .Prices.At(DateTimeOffset.MaxValue)
            .ShouldBeNull();

    [Fact]
    public void Providers_BuiltIn_AreManyAndTheirFamiliesAreSpoken()
    {
        var providers = BuiltInData.Providers();

        providers
            .Values.Count(provider => provider.Family == FormatNames.ChatCompletions)
            .ShouldBeGreaterThanOrEqualTo(30);
        providers["deepseek"].Quirks.ReasoningHistory.ShouldBeTrue();
        providers["openai"].Quirks.ShouldBeSameAs(Quirks.None);
        foreach (var family in Families.All.Keys)
        {
            providers.Values.ShouldContain(provider => provider.Family == family);
        }
    }

    [Theory]
    [InlineData("{", "", "Not JSON")]
    [InlineData("""{"models":[]}""", "models", "array of models")]
    [InlineData("""{"models":[1]}""", "models[0]", "object")]
    [InlineData("""{"models":[{"id":"m","kind":"chat"}]}""", "models[0].provider", "required")]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chatty"}]}""",
        "models[0].kind",
        "Chat"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","contxt":1}]}""",
        "models[0].contxt",
        "unknown"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","context":-1}]}""",
        "models[0].context",
        "positive"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","abilities":["fly"]}]}""",
        "models[0].abilities",
        "fly"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","prices":[{"from":"2026","input":1,"output":1}]}]}""",
        "models[0].prices[0].from",
        "2026-11-10"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","prices":[{"from":"2026-01-01","input":1}]}]}""",
        "models[0].prices[0].output",
        "required"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","prices":[{"from":"2026-01-01","input":0.00000001,"output":1}]}]}""",
        "models[0].prices[0].input",
        "six decimals"
    )]
    [InlineData(
        """{"models":[{"provider":"p","id":"m","kind":"chat","prices":[{"from":"2026-01-01","input":1,"output":1,"longContext":[{"above":5,"input":1,"output":1},{"above":5,"input":1,"output":1}]}]}]}""",
        "models[0].prices[0].longContext[1].above",
        "more than"
    )]
    public void Read_Wrong_SaysWhatAndWhere(string json, string path, string message)
    {
        var (catalogue, problems) = CatalogueReader.Read(Encoding.UTF8.GetBytes(json));

        catalogue.ShouldBeNull();
        problems.ShouldContain(problem =>
            problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("""{"x":"p/absent"}""", "aliases.x")]
    [InlineData("""{"m":"p/m"}""", "aliases.m")]
    public void Read_WrongAlias_SaysWhichOne(string aliases, string path)
    {
        var json = $$"""{"aliases":{{aliases}},"models":[{{Model}}]}""";

        CatalogueReader
            .Read(Encoding.UTF8.GetBytes(json))
            .Problems.ShouldHaveSingleItem()
            .Path.ShouldBe(path);
    }

    [Theory]
    [InlineData(
        """{"providers":[{"name":"x","family":"telepathy","address":"https://x.example"}]}""",
        "providers[0].family"
    )]
    [InlineData(
        """{"providers":[{"name":"x","family":"openai-chat","address":"http://x.example"}]}""",
        "providers[0].address"
    )]
    [InlineData(
        """{"providers":[{"name":"x","family":"openai-chat","address":"https://x.example","quirk":{}}]}""",
        "quirk"
    )]
    public void ReadProviders_Wrong_SaysWhatAndWhere(string json, string path)
    {
        var (providers, problems) = ProviderReader.Read(Encoding.UTF8.GetBytes(json));

        providers.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        (problem.Path + problem.Message).ShouldContain(path);
    }

    [Fact]
    public void ModelList_BothForms_NameEveryModel()
    {
        var catalogue = BuiltInData.Models();
        var models = new[] { ("fast", catalogue.Find("fast")), ("own", null) };
        var time = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

        var openAi = JsonNode.Parse(ModelList.OpenAi(models, time))!;
        var anthropic = JsonNode.Parse(ModelList.Anthropic(models, time))!;

        openAi["data"]!.AsArray().Select(item => (string)item!["id"]!).ShouldBe(["fast", "own"]);
        ((string)openAi["data"]![1]!["owned_by"]!).ShouldBe("apisvc");
        anthropic["data"]!.AsArray().Select(item => (string)item!["id"]!).ShouldBe(["fast", "own"]);
        ((string)anthropic["data"]![0]!["created_at"]!).ShouldBe("2026-11-01T00:00:00Z");
        ((string)anthropic["last_id"]!).ShouldBe("own");
    }
}
