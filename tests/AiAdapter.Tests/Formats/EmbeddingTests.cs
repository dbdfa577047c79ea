using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats.Embeddings;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Formats;

public sealed class EmbeddingTests
{
    private static readonly Dictionary<string, string> Answers = new()
    {
        ["openai-chat"] =
            """{"object":"list","data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":7}}""",
        ["gemini"] = """{"embeddings":[{"values":[1,2.5]},{"values":[3,4]}]}""",
        ["ollama"] = """{"model":"m","embeddings":[[1,2.5],[3,4]],"prompt_eval_count":7}""",
    };

    [Theory]
    [InlineData("openai-chat", "/embeddings")]
    [InlineData("gemini", "/models/some-model:batchEmbedContents")]
    [InlineData("ollama", "/api/embed")]
    public void WriteAndRead_EachFamily_VectorsInTheOrderOfTheInputs(string family, string path)
    {
        var deployment = RequestTests.Wire(family).Deployment();
        var request = Read("""{"model":"alias","input":["first","second"],"dimensions":2}""");

        var sent = EmbeddingProviders.Write(request, deployment).ShouldNotBeNull();
        var answer = EmbeddingProviders
            .Read(Encoding.UTF8.GetBytes(Answers[family]), request, deployment)
            .ShouldNotBeNull();

        sent.Address.AbsolutePath.ShouldEndWith(path);
        Encoding.UTF8.GetString(sent.Body.Span).ShouldContain("second");
        using var output = new PooledBuffer();
        EmbeddingAnswerWriter.Write(answer, request, output);
        var written = JsonNode.Parse(output.Span)!;
        written["data"]!
            .AsArray()
            .Select(item => item!["embedding"]!.ToJsonString())
            .ShouldBe(["[1,2.5]", "[3,4]"]);
        ((string)written["model"]!).ShouldBe("alias");
    }

    [Fact]
    public void Write_Base64_IsLittleEndianFloats()
    {
        var request = Read("""{"model":"alias","input":"x","encoding_format":"base64"}""");
        using var output = new PooledBuffer();

        EmbeddingAnswerWriter.Write(
            new(
                "m",
                [
                    [1f, -2f],
                ],
                default
            ),
            request,
            output
        );

        var text = (string)JsonNode.Parse(output.Span)!["data"]![0]!["embedding"]!;
        Convert
            .FromBase64String(text)
            .ShouldBe([.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f)]);
    }

    [Theory]
    [InlineData("""{"model":"a"}""", "input")]
    [InlineData("""{"model":"a","input":[1,2]}""", "input")]
    [InlineData("""{"model":"a","input":""}""", "input")]
    [InlineData("""{"model":"a","input":"x","encoding_format":"hex"}""", "encoding_format")]
    public void Read_Wrong_NamesTheField(string body, string path) =>
        EmbeddingRequestReader
            .Read(Encoding.UTF8.GetBytes(body))
            .Problems.ShouldHaveSingleItem()
            .Path.ShouldBe(path);

    [Fact]
    public void Read_FewerVectorsThanInputs_IsNoAnswer() =>
        EmbeddingProviders
            .Read(
                """{"embeddings":[[1]]}"""u8.ToArray(),
                Read("""{"model":"a","input":["x","y"]}"""),
                RequestTests.Wire("ollama").Deployment()
            )
            .ShouldBeNull();

    [Fact]
    public void Write_FamilyWithoutEmbeddings_IsNone() =>
        EmbeddingProviders
            .Write(
                Read("""{"model":"a","input":"x"}"""),
                RequestTests.Wire("anthropic").Deployment()
            )
            .ShouldBeNull();

    private static EmbeddingRequest Read(string body) =>
        EmbeddingRequestReader.Read(Encoding.UTF8.GetBytes(body)).Request.ShouldNotBeNull();
}
