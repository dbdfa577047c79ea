using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.Catalog.Export;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Import.Source;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>The text below a document: values, names, lines and pointers.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: True", """{"a":true}""")]
    [InlineData("a: 'true'", """{"a":"true"}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: 1.50", """{"a":1.50}""")]
    [InlineData("a: +7", """{"a":7}""")]
    [InlineData("a: 007", """{"a":7}""")]
    [InlineData("a: -0.5e3", """{"a":-0.5e3}""")]
    [InlineData("a: .5", """{"a":0.5}""")]
    [InlineData("a: 5.", """{"a":5}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: 0o17", """{"a":15}""")]
    [InlineData("a: 2020-01-01", """{"a":"2020-01-01"}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: .inf", """{"a":".inf"}""")]
    [InlineData("200: x", """{"200":"x"}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: !!int '5'", """{"a":5}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: &x k\n*x : 2", """{"a":"k","k":2}""")]
    [InlineData(
        "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3",
        """{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"""
    )]
    [InlineData(
        "a: &x {b: 1}\ne: &y {f: 2}\nd:\n  <<: [*x, *y]",
        """{"a":{"b":1},"e":{"f":2},"d":{"b":1,"f":2}}"""
    )]
    [InlineData("d:\n  <<: 5", """{"d":{"<<":5}}""")]
    [InlineData("- a\n- [b, {}]", """["a",["b",{}]]""")]
    public void Read_Yaml_MeansThisJson(string yaml, string json)
    {
        var (document, problem) = Open(yaml);

        problem.ShouldBeNull();
        System.Text.Encoding.UTF8.GetString(document!.Json(0)).ShouldBe(json);
    }

    [Fact]
    public void Read_Json_HasLinesAndPointers()
    {
        var document = Open(
            "{\n \"a~/\" : [ 1,\n  {\"b\\u0041\":\n null} ],\r\n \"c\":\"\\n\"}"
        ).Document!;

        var value = document.Root.Find("a~/")!.Value.Items().Last().Find("bA")!.Value;
        value.Pointer.ShouldBe("/a~0~1/1/bA");
        value.Line.ShouldBe(3);
        document.Root.Find("c")!.Value.Line.ShouldBe(5);
        document.Root.Find("c")!.Value.Text.ShouldBe("\n");
        document.Root.Find("none").ShouldBeNull();
    }

    [Fact]
    public void Find_InLargeObject_FindsAllAndTheLastOfTwins()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"\"n{i}\":{i}");
        var root = Open($"{{{string.Join(',', names)},\"n7\":\"again\"}}").Document!.Root;

        root.Find("n199")!.Value.Text.ShouldBe("199");
        root.Find("n7")!.Value.Text.ShouldBe("again");
        root.Find("n200").ShouldBeNull();
    }

    [Fact]
    public void WriteYaml_AnyJson_MeansTheSame() =>
        Prop.ForAll(
                Json(4).ToArbitrary(),
                json =>
                {
                    var text = json.ToJsonString();
                    var yaml = YamlWriter.Write(Open("{\"root\":" + text + "}").Document!);
                    var (again, problem) = Open(System.Text.Encoding.UTF8.GetString(yaml));
                    problem.ShouldBeNull();
                    using var left = JsonDocument.Parse(
                        again!
                            .Root.Find("root")!
                            .Value.Document.Json(again.Root.Find("root")!.Value.Index)
                            .ToArray()
                    );
                    using var right = JsonDocument.Parse(text);
                    return JsonElement
                        .DeepEquals(left.RootElement, right.RootElement)
                        .Label(System.Text.Encoding.UTF8.GetString(yaml));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void PointerTo_EveryValue_LeadsBackToIt() =>
        Prop.ForAll(
                Json(4).ToArbitrary(),
                json =>
                {
                    var document = Open("{\"root\":" + json.ToJsonString() + "}").Document!;
                    var references = new References(document);
                    for (var i = 0; i < document.Count; i++)
                    {
                        if (document[i].Kind == SourceKind.Name)
                        {
                            continue;
                        }

                        var pointer = document.PointerTo(i);
                        var reference =
                            "#" + string.Join('/', pointer.Split('/').Select(Uri.EscapeDataString));
                        references
                            .Target(document.Root, reference)!
                            .Value.Index.ShouldBe(i, pointer);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static (SourceDocument? Document, Finding? Problem) Open(string text) =>
        SourceText.Read(
            Documents.Utf8(text),
            ImportLimits.Default,
            new(100),
            TestContext.Current.CancellationToken
        );

    private static readonly string[] Texts =
    [
        "",
        " ",
        "a",
        "true",
        "null",
        "~",
        "yes",
        "No",
        "1",
        "1.0",
        "0x1",
        ".5",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#x",
        "'q'",
        "\"q\"",
        "&a",
        "*a",
        "!t",
        "|",
        ">",
        "%d",
        "@x",
        "`x",
        "{x}",
        "[x]",
        "?",
        ":",
        "a:",
        "two\nlines",
        "two\n\nlines\n",
        "\n",
        "\nx",
        " x",
        "x ",
        "x\n",
        "x\n\n",
        "tab\tx",
        "\t",
        "cr\r\nlf",
        "ü€😀",
        "\u0085\u2028",
        "\u0001",
        "long " + new string('w', 200) + " text",
        "2020-01-01",
        "<<",
        "=",
        "---",
        "...",
        "a\n---\nb",
        "/paths/{x}",
        "$ref",
    ];

    private static Gen<JsonNode> Json(int depth)
    {
        var text = Gen.OneOf(
            Gen.Elements(Texts),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(any => Clean(any.Get))
        );
        var leaf = Gen.OneOf(
            text.Select(value => (JsonNode)JsonValue.Create(value)),
            Gen.Choose(-1000, 1000).Select(value => (JsonNode)JsonValue.Create(value)),
            ArbMap
                .Default.GeneratorFor<NormalFloat>()
                .Select(value => (JsonNode)JsonValue.Create((double)value)),
            Gen.Elements(true, false).Select(value => (JsonNode)JsonValue.Create(value))
        );
        if (depth == 0)
        {
            return leaf;
        }

        var list = Gen.ListOf(Json(depth - 1), 3)
            .Select(items => (JsonNode)new JsonArray([.. items.Select(item => item.DeepClone())]));
        var named = text.Zip(Json(depth - 1));
        var map = Gen.ListOf(named, 3)
            .Select(items =>
                (JsonNode)
                    new JsonObject(
                        items
                            .DistinctBy(item => item.Item1)
                            .Select(item =>
                                KeyValuePair.Create(item.Item1, (JsonNode?)item.Item2.DeepClone())
                            )
                    )
            );
        return Gen.OneOf(leaf, list, map);
    }

    // Halves of surrogate pairs are no text.
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0xFFFD));
}
