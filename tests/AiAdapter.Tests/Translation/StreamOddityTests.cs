using System.Text;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.AiAdapter.Tests.Formats;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>Streams as providers really send them.</summary>
public sealed class StreamOddityTests
{
    [Theory]
    [InlineData("\n", "\r\n")]
    [InlineData("\n", "\r")]
    [InlineData("data: ", "data:")]
    [InlineData("data: ", ": keep-alive\ndata: ")]
    [InlineData("\n\n", "\n\n: OPENROUTER PROCESSING\n\n\n")]
    [InlineData("data: {", "data: {\ndata: ")]
    public void Translate_OtherFormOfTheSameEvents_OutputIsTheSame(string usual, string other)
    {
        foreach (
            var (client, wire) in Pairs.All.Where(pair =>
                pair.Wire.Family is not ("bedrock" or "ollama")
            )
        )
        {
            var text = Encoding.UTF8.GetString(FakeWire.Join(wire.Stream(Script.Rich)));
            var (expected, _) = Pairs.Translate(client, wire, [Encoding.UTF8.GetBytes(text)]);

            var changed = Encoding.UTF8.GetBytes(
                text.Replace(usual, other, StringComparison.Ordinal)
            );

            Pairs
                .Translate(client, wire, [changed])
                .Output.ShouldBe(expected, $"{client} of {wire}");
        }
    }

    [Fact]
    public void Translate_EventsAndFieldsNobodyKnows_AreSkipped()
    {
        foreach (
            var (client, wire) in Pairs.All.Where(pair =>
                pair.Wire.Family is "openai-responses" or "anthropic"
            )
        )
        {
            var events = wire.Stream(Script.Rich).ToList();
            var expected = client.Read(
                Pairs.Translate(client, wire, [FakeWire.Join(events)]).Output
            );
            events.Insert(
                2,
                "event: brand.new\ndata: {\"type\":\"brand.new\",\"x\":{\"type\":\"error\"}}\n\n"u8.ToArray()
            );

            client
                .Read(Pairs.Translate(client, wire, [FakeWire.Join(events)]).Output)
                .ShouldBeEquivalentTo(expected);
        }
    }

    [Fact]
    public void Translate_MixedFragmentsOfCalls_BlocksDoNotOverlap()
    {
        string[] deltas =
        [
            Call(0, "a", "first", ""),
            Call(0, null, null, "{\\\"x\\\":"),
            Call(1, "b", "second", "{\\\"y\\\""),
            Call(0, null, null, "1}"),
            Call(1, null, null, ":2}"),
            Call(2, "c", "third", ""),
        ];
        var stream = Encoding.UTF8.GetBytes(
            string.Concat(deltas.Select(Chunk)) + Chunk("{}", "tool_calls") + "data: [DONE]\n\n"
        );
        foreach (var client in Client.All.Where(client => client is not ChatClient))
        {
            var (output, _) = Pairs.Translate(client, RequestTests.Wire("openai-chat"), [stream]);

            client
                .Read(output)
                .Calls.ShouldBe([
                    new("a", "first", """{"x":1}"""),
                    new("b", "second", """{"y":2}"""),
                    new("c", "third", "{}"),
                ]);
        }
    }

    [Fact]
    public void Translate_EveryCallHasIndexZero_TheIdsTellThemApart()
    {
        var stream = Encoding.UTF8.GetBytes(
            Chunk(Call(0, "a", "f", "{}"))
                + Chunk(Call(0, "b", "g", "{}"))
                + Chunk("{}", "tool_calls")
                + "data: [DONE]\n\n"
        );

        var (output, _) = Pairs.Translate(
            Client.All[2],
            RequestTests.Wire("openai-chat"),
            [stream]
        );

        Client.All[2].Read(output).Calls.Select(call => call.Id).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(
        "openai-chat",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\": oops\n\n",
        nameof(FailureKind.Malformed)
    )]
    [InlineData(
        "openai-chat",
        "data: {\"error\":{\"message\":\"slow\",\"type\":\"x\",\"code\":\"rate_limit_exceeded\"}}\n\n",
        nameof(FailureKind.RateLimited)
    )]
    [InlineData(
        "openai-chat",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n",
        nameof(FailureKind.Cut)
    )]
    [InlineData("openai-chat", "<html>not a stream</html>", nameof(FailureKind.Cut))]
    [InlineData(
        "anthropic",
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n",
        nameof(FailureKind.Overloaded)
    )]
    [InlineData(
        "gemini",
        "data: {\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}\n\n",
        nameof(FailureKind.Overloaded)
    )]
    [InlineData(
        "gemini",
        "data: {\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}\n\n",
        nameof(FailureKind.Malformed)
    )]
    [InlineData("ollama", "{\"error\":\"out of memory\"}\n", nameof(FailureKind.ServerError))]
    [InlineData("ollama", "{\"message\":\n", nameof(FailureKind.Malformed))]
    [InlineData("bedrock", "not an event stream at all", nameof(FailureKind.Malformed))]
    public void Translate_StreamThatFails_IsAFailureOfItsKind(
        string family,
        string stream,
        string expected
    )
    {
        var (_, tap) = Pairs.Translate(
            Client.All[0],
            RequestTests.Wire(family),
            [Encoding.UTF8.GetBytes(stream)]
        );

        tap.Failed.ShouldNotBeNull().Kind.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Translate_ExceptionOfBedrockInTheStream_IsAFailure()
    {
        var wire = RequestTests.Wire("bedrock");
        byte[] stream =
        [
            .. FakeWire.Join(wire.Stream(Script.Plain).Take(2)),
            .. FakeBedrock.Frame(
                "throttlingException",
                new() { ["message"] = "slow down" },
                "exception"
            ),
        ];

        var (output, tap) = Pairs.Translate(Client.All[1], wire, [stream]);

        tap.Failed.ShouldNotBeNull().Kind.ShouldBe(FailureKind.RateLimited);
        Client.All[1].Read(output).Error.ShouldBe("slow down");
    }

    [Fact]
    public void Translate_PromptThatGeminiBlocks_IsFiltered()
    {
        var stream =
            "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":5}}\n\n"u8.ToArray();
        foreach (var client in Client.All)
        {
            var (output, _) = Pairs.Translate(client, RequestTests.Wire("gemini"), [stream]);

            client.Read(output).Finish.ShouldBe("filtered");
        }
    }

    [Fact]
    public void Push_EventLargerThanAllowed_EndsAsAFailureAndKeepsLittle()
    {
        var wire = RequestTests.Wire("openai-chat");
        var fold = new AnswerFold();
        using var reader = Families
            .All[wire.Family]
            .ReadStream(new(wire.Deployment(), "c1") { MaxEventBytes = 10_000 }, fold);

        for (var i = 0; i < 100 && !reader.Ended; i++)
        {
            reader.Push(Encoding.UTF8.GetBytes("data: " + new string('x', 1000)));
        }

        fold.Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Malformed);
    }

    private static string Call(int index, string? id, string? name, string arguments) =>
        $$"""{"tool_calls":[{"index":{{index}},{{(
            id is null ? "" : $"\"id\":\"{id}\",\"type\":\"function\","
        )}}"function":{ {{(name is null ? "" : $"\"name\":\"{name}\",")}}"arguments":"{{arguments}}"} }]}""";

    private static string Chunk(string delta) => Chunk(delta, null);

    private static string Chunk(string delta, string? finish) =>
        $"data: {{\"id\":\"x\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}]}}\n\n";
}
