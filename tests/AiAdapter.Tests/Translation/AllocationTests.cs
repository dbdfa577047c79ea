using System.Diagnostics;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>A token costs no garbage on its way, whoever speaks to whom.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Tokens = 2000;

    private static readonly Script Long = new(
        [new ScriptText([.. Enumerable.Repeat(" token", Tokens)])],
        "end",
        new(10, 0, 0, Tokens, 0)
    );

    [Fact]
    public void Push_ManyTokens_AllocateNothingPerToken()
    {
        foreach (var (client, wire) in Pairs.All)
        {
            var chunks = wire.Stream(Long);
            Measure(client, wire, chunks, passes: false);

            var (perToken, time) = Measure(client, wire, chunks, passes: false);

            output.WriteLine(
                $"{client} of {wire}: {perToken:0.0} B, {time.TotalMicroseconds / Tokens:0.00} µs a token"
            );
            perToken.ShouldBeLessThan(12, $"{client} of {wire}");
        }
    }

    [Fact]
    public void Push_SameFormat_AllocatesNothingPerToken()
    {
        foreach (
            var (client, family) in new[]
            {
                (0, "openai-chat"),
                (1, "openai-responses"),
                (2, "anthropic"),
            }
        )
        {
            var wire = FakeWire.All.Single(wire => wire.Family == family);
            var chunks = wire.Stream(Long);
            Measure(Client.All[client], wire, chunks, passes: true);

            var (perToken, time) = Measure(Client.All[client], wire, chunks, passes: true);

            output.WriteLine(
                $"{family} passed on: {perToken:0.0} B, {time.TotalMicroseconds / Tokens:0.00} µs a token"
            );
            perToken.ShouldBeLessThan(12, family);
        }
    }

    private static (double PerToken, TimeSpan Time) Measure(
        Client client,
        FakeWire wire,
        IReadOnlyList<byte[]> chunks,
        bool passes
    )
    {
        var request = Pairs.Request(client, stream: true);
        using var sink = new PooledBuffer(1 << 16);
        var read = new ReadContext(wire.Deployment(), "c1");
        var answer = new AnswerContext(request, "c1", Pairs.Time);
        using IAnswerStream stream = passes
            ? new PassedStream(Families.All[wire.Family], read, client.Format, answer, sink)
            : new TranslatedStream(Families.All[wire.Family], read, client.Format, answer, sink);

        // The first and last events make what a stream needs once.
        foreach (var chunk in chunks.Take(8))
        {
            stream.Push(chunk);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        for (var i = 8; i < chunks.Count - 8; i++)
        {
            sink.Clear();
            stream.Push(chunks[i]);
        }

        var time = Stopwatch.GetElapsedTime(began);
        return ((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Tokens, time);
    }
}
