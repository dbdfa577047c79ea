using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.FakeProviders;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>What must hold of every translated stream; the clients check order and form as they read.</summary>
public sealed class StreamInvariantTests
{
    [Fact]
    public void Translate_AnyAnswer_ClientUnderstandsWhatTheProviderSaid() =>
        Prop.ForAll(
                Scripts.Any(),
                script =>
                {
                    foreach (var (client, wire) in Pairs.All)
                    {
                        var (output, tap) = Pairs.Translate(
                            client,
                            wire,
                            [FakeWire.Join(wire.Stream(script))]
                        );

                        var seen = client.Read(output);

                        Check(seen, script, client, wire);
                        tap.Finished.ShouldNotBeNull();
                        tap.Counted.Input.ShouldBe(script.Usage.Input);
                        tap.Counted.Output.ShouldBe(script.Usage.Output);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Translate_SameAnswerWhole_SaysAndCountsTheSame() =>
        Prop.ForAll(
                Scripts.Any(),
                script =>
                {
                    foreach (var (client, wire) in Pairs.All)
                    {
                        var (output, _) = Pairs.Translate(
                            client,
                            wire,
                            [FakeWire.Join(wire.Stream(script))]
                        );
                        var streamed = client.Read(output);

                        var whole = Pairs.Whole(client, wire, script);

                        Check(whole, script, client, wire);
                        whole.Usage.ShouldBe(streamed.Usage);
                        whole.Finish.ShouldBe(streamed.Finish);
                        whole.Text.ShouldBe(streamed.Text);
                        whole
                            .Calls.Select(call => call.Id)
                            .ShouldBe(streamed.Calls.Select(call => call.Id));
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Translate_BytesSplitAtEveryPosition_OutputIsTheSame()
    {
        foreach (var (client, wire) in Pairs.All)
        {
            var bytes = FakeWire.Join(wire.Stream(Script.Short)).AsMemory();
            var (expected, _) = Pairs.Translate(client, wire, [bytes]);

            for (var at = 0; at <= bytes.Length; at++)
            {
                var (output, _) = Pairs.Translate(client, wire, [bytes[..at], bytes[at..]]);
                output
                    .AsSpan()
                    .SequenceEqual(expected)
                    .ShouldBeTrue($"{client}, {wire}, split at {at}");
            }
        }
    }

    [Fact]
    public void Translate_ByteByByte_OutputIsTheSame()
    {
        foreach (var (client, wire) in Pairs.All)
        {
            var bytes = FakeWire.Join(wire.Stream(Script.Rich));
            var (expected, _) = Pairs.Translate(client, wire, [bytes]);

            Pairs.Translate(client, wire, Pieces(bytes, [1])).Output.ShouldBe(expected);
        }
    }

    [Fact]
    public void Translate_AnyAnswerInAnyPieces_OutputIsTheSame() =>
        Prop.ForAll(
                Scripts.Any(),
                Gen.Choose(1, 40).NonEmptyListOf().ToArbitrary(),
                (script, sizes) =>
                {
                    foreach (var (client, wire) in Pairs.All)
                    {
                        var bytes = FakeWire.Join(wire.Stream(script));
                        var (expected, _) = Pairs.Translate(client, wire, [bytes]);
                        Pairs
                            .Translate(client, wire, Pieces(bytes, [.. sizes]))
                            .Output.ShouldBe(expected);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Translate_StreamCutAtEveryByte_ClientGetsAnErrorAndNoEnd()
    {
        foreach (var (client, wire) in Pairs.All)
        {
            var events = wire.Stream(Script.Short);
            var bytes = FakeWire.Join(events);
            var last = bytes.Length - events[^1].Length;
            for (var cut = 0; cut <= last; cut++)
            {
                var (output, tap) = Pairs.Translate(client, wire, [bytes.AsMemory(0, cut)]);

                var failure = tap.Failed.ShouldNotBeNull($"{client}, {wire}, cut at {cut}");
                failure.Kind.ShouldBe(FailureKind.Cut);
                tap.Finished.ShouldBeNull();
                if (tap.Passed)
                {
                    client.Read(output).Error.ShouldBe(failure.Message);
                }
                else
                {
                    output.ShouldBeEmpty();
                }
            }
        }
    }

    [Fact]
    public void Translate_StreamCutBeforeItsLastEvent_CountsWhatWasToldSoFar()
    {
        var client = Client.All[0];
        var wire = FakeWire.All.Single(wire => wire.Family == "anthropic");
        var events = wire.Stream(Script.Rich);

        var (_, tap) = Pairs.Translate(
            client,
            wire,
            [FakeWire.Join(events.Take(events.Count - 2))]
        );

        tap.Failed.ShouldNotBeNull();
        tap.Counted.Input.ShouldBe(Script.Rich.Usage.Input);
        tap.Counted.CachedInput.ShouldBe(Script.Rich.Usage.Cached);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes, IReadOnlyList<int> sizes)
    {
        var at = 0;
        for (var i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Count], bytes.Length - at);
            yield return bytes.AsMemory(at, size);
            at += size;
        }
    }

    private static void Check(ClientAnswer seen, Script script, Client client, FakeWire wire)
    {
        var pair = $"{client} of {wire}";
        seen.Error.ShouldBeNull(pair);
        seen.Text.ShouldBe(script.Text, pair);
        seen.Reasoning.ShouldBe(script.Reasoning, pair);
        seen.Finish.ShouldBe(script.Finish, pair);
        seen.Calls.Select(call => call.Name).ShouldBe(script.Calls.Select(call => call.Name), pair);
        seen.Calls.Select(call => call.Id).Distinct().Count().ShouldBe(script.Calls.Count);
        if (wire.HasIds)
        {
            seen.Calls.Select(call => call.Id).ShouldBe(script.Calls.Select(call => call.Id), pair);
        }

        foreach (var (got, told) in seen.Calls.Zip(script.Calls))
        {
            JsonNode
                .DeepEquals(JsonNode.Parse(got.Arguments), JsonNode.Parse(told.Arguments))
                .ShouldBeTrue($"{pair}: {got.Arguments} is not {told.Arguments}");
        }

        var usage = script.Usage;
        seen.Usage.ShouldNotBeNull(pair);
        seen.Usage.ShouldBe(
            usage with
            {
                Cached = wire.CountsCached ? usage.Cached : 0,
                Written = wire.CountsWritten ? usage.Written : 0,
                Reasoning =
                    wire.CountsReasoning
                    && (client is not MessagesClient || client == Client.All[3])
                        ? usage.Reasoning
                        : 0,
            },
            pair
        );
    }
}
