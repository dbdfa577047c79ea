using System.Text;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>Client and provider speak the same format: nothing is translated.</summary>
public sealed class PassedStreamTests
{
    private const string Unknown =
        "event: something_new\ndata: {\"type\":\"something_new\",  \"x\":[1, 2]}\n\n";

    public static TheoryData<int, string> Same =>
        new()
        {
            { 0, "openai-chat" },
            { 1, "openai-responses" },
            { 2, "anthropic" },
        };

    [Theory]
    [MemberData(nameof(Same))]
    public void Push_SplitAtEveryPosition_EveryByteIsPassedOn(int client, string family)
    {
        var wire = FakeWire.All.Single(wire => wire.Family == family);
        var events = wire.Stream(Script.Short).ToList();
        events.Insert(3, Encoding.UTF8.GetBytes(Unknown));
        events.Insert(4, Encoding.UTF8.GetBytes(": keep-alive\r\n\r\n"));
        var bytes = FakeWire.Join(events);
        for (var at = 0; at <= bytes.Length; at++)
        {
            var (output, tap) = Pass(
                Client.All[client],
                wire,
                [bytes.AsMemory(0, at), bytes.AsMemory(at)]
            );

            output.AsSpan().SequenceEqual(bytes).ShouldBeTrue($"split at {at}");
            tap.Finished.ShouldNotBeNull().Reason.ShouldBe(FinishReason.ToolUse);
            tap.Counted.Input.ShouldBe(Script.Short.Usage.Input);
            tap.Counted.Output.ShouldBe(Script.Short.Usage.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Same))]
    public void Complete_CutAtEveryByte_WholeEventsAndThenAnError(int client, string family)
    {
        var wire = FakeWire.All.Single(wire => wire.Family == family);
        var events = wire.Stream(Script.Short);
        var bytes = FakeWire.Join(events);
        for (var cut = 0; cut <= bytes.Length - events[^1].Length; cut++)
        {
            var (output, tap) = Pass(Client.All[client], wire, [bytes.AsMemory(0, cut)]);

            tap.Failed.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Cut);
            if (!tap.Passed)
            {
                output.ShouldBeEmpty();
                continue;
            }

            var text = Encoding.UTF8.GetString(output);
            text.ShouldEndWith("\n\n");
            var last = text[(text[..^2].LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..];
            last.ShouldContain("error");
            last.ShouldContain(tap.Failed!.Message);
            var passed = output.AsSpan(0, output.Length - Encoding.UTF8.GetByteCount(last));
            bytes.AsSpan().StartsWith(passed).ShouldBeTrue($"cut at {cut}");
        }
    }

    [Fact]
    public void Push_CountsTheClientDidNotAskFor_AreCountedAndNotPassedOn()
    {
        var wire = FakeWire.All[0];
        var events = wire.Stream(Script.Plain);
        var body = Encoding.UTF8.GetBytes(
            """{"model":"alias","messages":[{"role":"user","content":"Hi"}],"stream":true}"""
        );
        var request = Client
            .All[0]
            .Format.ReadRequest(body)
            .ShouldBeOfType<ReadOutcome.Read>()
            .Request;

        var (output, tap) = Pass(Client.All[0], wire, [FakeWire.Join(events)], request);

        output.ShouldBe(
            FakeWire.Join(
                events.Where(one =>
                    !Encoding
                        .UTF8.GetString(one)
                        .Contains("\"choices\":[]", StringComparison.Ordinal)
                )
            )
        );
        output.Length.ShouldBeLessThan(FakeWire.Join(events).Length);
        tap.Counted.Output.ShouldBe(Script.Plain.Usage.Output);
    }

    [Fact]
    public void Push_ProviderTellsAnErrorInTheStream_ItIsPassedOnAsItIs()
    {
        var wire = FakeWire.All.Single(wire => wire.Family == "anthropic");
        var events = wire.Stream(Script.Plain).Take(4).ToList();
        events.Add(
            Encoding.UTF8.GetBytes(
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"
            )
        );

        var (output, tap) = Pass(Client.All[2], wire, [FakeWire.Join(events)]);

        output.ShouldBe(FakeWire.Join(events));
        tap.Failed.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Overloaded);
    }

    [Fact]
    public void Push_EventThatCannotBeRead_IsNotPassedOn()
    {
        var wire = FakeWire.All[0];
        var good = FakeWire.Join(wire.Stream(Script.Plain).Take(3));
        byte[] bytes = [.. good, .. "data: {\"choices\": oops\n\ndata: {}\n\n"u8];

        var (output, tap) = Pass(Client.All[0], wire, [bytes]);

        tap.Failed.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Malformed);
        output.AsSpan().StartsWith(good).ShouldBeTrue();
        Encoding.UTF8.GetString(output.AsSpan(good.Length)).ShouldStartWith("data: {\"error\"");
    }

    [Fact]
    public void Push_MuchThatIsNoBlock_IsNotHeldBackForEver()
    {
        var wire = FakeWire.All.Single(wire => wire.Family == "anthropic");
        using var output = new PooledBuffer();
        using var stream = new PassedStream(
            Families.All[wire.Family],
            new(wire.Deployment(), "c1"),
            Client.All[2].Format,
            new(Pairs.Request(Client.All[2], stream: true), "c1", Pairs.Time),
            output
        );
        stream.Push(wire.Stream(Script.Plain)[0]);
        for (var i = 0; i < 2000; i++)
        {
            stream.Push(Encoding.UTF8.GetBytes(Unknown));
        }

        stream.Tap.Passed.ShouldBeTrue();
        output.Length.ShouldBeGreaterThan(2000 * Unknown.Length);
    }

    [Fact]
    public void Write_SameFormat_OnlyTheModelChanges()
    {
        const string Body =
            """{ "model" : "alias", "brand_new": {"deep": [1,2 ]}, "messages":[{"role":"user","content":"Hi","odd":1}] }""";
        var exchange = Exchange(Body, FakeWire.All[0]);

        exchange.PassesThrough.ShouldBeTrue();
        var sent = exchange.Write().ShouldBeOfType<WriteOutcome.Ready>().Request;
        Encoding
            .UTF8.GetString(sent.Body.Span)
            .ShouldBe(Body.Replace("\"alias\"", "\"some-model\"", StringComparison.Ordinal));
    }

    [Fact]
    public void PassesThrough_ReasoningMadeElsewhere_IsTranslatedInstead()
    {
        var token = new Opaque(
            OpaqueKind.Signature,
            "sig",
            new Provenance("other", "m", "k").Fingerprint
        ).ToToken();
        var body = $$"""
            {"model":"alias","messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","content":"Yes","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"{{token}}"}]},
             {"role":"user","content":"And?"}]}
            """;
        var exchange = Exchange(body, FakeWire.All[0]);

        exchange.PassesThrough.ShouldBeFalse();
        var sent = exchange.Write().ShouldBeOfType<WriteOutcome.Ready>().Request;
        Encoding.UTF8.GetString(sent.Body.Span).ShouldNotContain("sig");
    }

    private static Exchange Exchange(string body, FakeWire wire)
    {
        var format = Families.Inbound[0];
        var request = format
            .ReadRequest(Encoding.UTF8.GetBytes(body))
            .ShouldBeOfType<ReadOutcome.Read>()
            .Request;
        return new(format, request, new(wire.Deployment(), Pairs.Time));
    }

    private static (byte[] Output, CallTap Tap) Pass(
        Client client,
        FakeWire wire,
        IEnumerable<ReadOnlyMemory<byte>> chunks,
        HubRequest? request = null
    )
    {
        using var output = new PooledBuffer();
        using var stream = new PassedStream(
            Families.All[wire.Family],
            new(wire.Deployment(), "c1"),
            client.Format,
            new(request ?? Pairs.Request(client, stream: true), "c1", Pairs.Time),
            output
        );
        foreach (var chunk in chunks)
        {
            stream.Push(chunk.Span);
        }

        stream.Complete();
        return (output.Span.ToArray(), stream.Tap);
    }
}
