using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests.Wire;

public sealed class JsonTests
{
    [Theory]
    [InlineData("""{"model":"a","x":1}""", """{"model":"b","x":1}""")]
    [InlineData(
        """{ "x" : [1, 2] , "model" : {"deep":"a"} }""",
        """{ "x" : [1, 2] , "model" : "b" }"""
    )]
    [InlineData("""{"x":"model"}""", """{"x":"model","model":"b"}""")]
    [InlineData("{}", """{"model":"b"}""")]
    [InlineData("""{"m\u006fdel":"a"}""", """{"m\u006fdel":"b"}""")]
    public void Set_TopLevelProperty_LeavesEveryOtherByte(string json, string expected) =>
        Encoding
            .UTF8.GetString(
                JsonSplice.Set(Encoding.UTF8.GetBytes(json), "model", "\"b\""u8.ToArray()).Span
            )
            .ShouldBe(expected);

    [Theory]
    [InlineData("""{"t":"plain"}""", "plain")]
    [InlineData("""{"t":"a\n\"b\"\u00e9"}""", "a\n\"b\"é")]
    [InlineData("""{"t":"half \ud83d"}""", "half \uFFFD")]
    [InlineData("""{"t":"\ude42 other\t"}""", "\uFFFD other\t")]
    [InlineData("""{"t":"whole \ud83d\ude42"}""", "whole 🙂")]
    public void AppendString_AnyEscapes_IsUtf8(string json, string expected)
    {
        using var text = new PooledBuffer(4);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read() && reader.TokenType != JsonTokenType.String) { }

        reader.AppendString(text);

        Encoding.UTF8.GetString(text.Span).ShouldBe(expected);
        using var document = JsonDocument.Parse(json);
        document.RootElement.Text("t").ShouldBe(expected);
    }

    [Fact]
    public void JsonProgress_AnyObjectInPieces_IsCompleteAtItsEndOnly() =>
        Prop.ForAll<string, int>(
                (text, size) =>
                {
                    var node = new JsonObject
                    {
                        ["k\"ey"] = text ?? "",
                        ["list"] = new JsonArray(1, new JsonObject { ["}"] = "{" }),
                    };
                    var bytes = Encoding.UTF8.GetBytes(node.ToJsonString());
                    var progress = new JsonProgress();
                    var step = Math.Max(1, Math.Abs(size % 7));
                    for (var i = 0; i < bytes.Length; i += step)
                    {
                        if (progress.IsComplete)
                        {
                            return false;
                        }

                        progress.Add(bytes.AsSpan(i, Math.Min(step, bytes.Length - i)));
                    }

                    return progress.IsComplete;
                }
            )
            .QuickCheckThrowOnFailure();
}
