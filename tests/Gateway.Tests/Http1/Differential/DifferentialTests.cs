using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>Generated calls through both lanes: what upstream and client see is the same, but for what is listed.</summary>
public sealed class DifferentialTests(Twins twins) : IClassFixture<Twins>
{
    private const int Calls = 1_500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Call_ThroughBothLanes_IsTheSame(int seed)
    {
        var root = $"d{seed}";
        var calls = new CallGenerator(seed, root, await twins.PutAsync(root));
        await using var first = new LaneClient(twins.First);
        await using var second = new LaneClient(twins.Second);
        var differences = new List<string>();
        var shown = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Calls; i++)
        {
            var call = calls.Next();
            twins.Expect(call);
            var one = await first.ObserveAsync(call, twins);
            var other = await second.ObserveAsync(call, twins);
            shown.UnionWith(KnownDifferences.Ignore(call, one, other));
            differences.AddRange(
                one.Differences(other)
                    .Select(d => $"{d}\n  of {Head(call.Request)}\n  {Head(call.Answer)}")
            );
        }

        differences.Count.ShouldBe(0, string.Join("\n", differences.Take(40)));
        KnownDifferences.All.Select(known => known.Name).Except(shown).ShouldBeEmpty();
    }

    private static string Head(string text) =>
        AnswerGenerator.ToHead(text).Replace("\r\n", "|", StringComparison.Ordinal);

    /// <summary>A client of one lane, on one connection while that stays.</summary>
    private sealed class LaneClient(GatewayHost host) : IAsyncDisposable
    {
        private RawClient? _client;

        public async Task<Observation> ObserveAsync(GeneratedCall call, Twins twins)
        {
            _client ??= await RawClient.ConnectAsync(host.Http);
            await _client.SendAsync(call.Request);
            var answer = await _client.ReadAsync(call.Method);
            var is10 = call.Traits.Contains(KnownDifferences.Version10);
            var stays = !is10 && answer["Connection"] != "close" && answer.End != AnswerEnd.Close;
            if (!stays)
            {
                (await _client.ReadToEndAsync()).ShouldBeEmpty();
                _client.Dispose();
                _client = null;
            }

            return new(answer, stays, twins.Take(call));
        }

        public ValueTask DisposeAsync()
        {
            _client?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
