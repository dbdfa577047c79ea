using System.Net;
using System.Security.Cryptography;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies.Authentication;

namespace ApiSvc.Gateway.Networks
{
    internal sealed class NetworkSet(IPNetwork[] networks)
    {
        public static NetworkSet Parse(IEnumerable<string> networks) =>
            new([.. networks.Select(n => IPNetwork.TryParse(n, out var x) ? x : new IPNetwork(IPAddress.Parse(n), n.Contains(':') ? 128 : 32))]);
        public bool Contains(IPAddress a) => networks.Any(n => n.Contains(a));
    }
}

namespace ApiSvc.Gateway.State
{
    internal static class UpstreamChoice
    {
        public static IUpstreamChoice Of((UpstreamAddressState Address, int Weight)[] addresses, TimeProvider time) => new Turn(addresses);
        private sealed class Turn((UpstreamAddressState Address, int Weight)[] addresses) : IUpstreamChoice
        {
            private uint _turn;
            public UpstreamAddressState Pick() => addresses[Interlocked.Increment(ref _turn) % addresses.Length].Address;
            public void Report(UpstreamAddressState address, UpstreamReport report) { }
        }
    }

    internal enum KeyFailure { None, Unknown, Address }
    internal readonly record struct KeyResult(Caller? Caller, KeyFailure Failure);

    internal sealed class CredentialsState
    {
        private Dictionary<string, ApiKey> _keys = [];
        public static CredentialsState Empty { get; } = new();
        public CredentialsState With(params ApiKey[] keys) => new() { _keys = keys.ToDictionary(k => Convert.ToHexString(k.Sha256.Span)) };
        public KeyResult FindKey(ReadOnlySpan<byte> key, IPAddress address, DateTimeOffset now) =>
            _keys.TryGetValue(Convert.ToHexString(SHA256.HashData(key)), out var k) && !(k.ExpiresAt?.ToDateTimeOffset() <= now)
                ? new(new Caller { Kind = CallerKind.ApiKey, ApplicationId = new Guid(k.ApplicationId.Span, true), Scopes = k.Scopes.Count == 0 ? null : k.Scopes.ToHashSet() }, KeyFailure.None)
                : new(null, KeyFailure.Unknown);
        public ValueTask<Caller?> CheckTokenAsync(ReadOnlyMemory<byte> token, TokenRule rule, DateTimeOffset now) => new((Caller?)null);
    }
}

namespace ApiSvc.Gateway.Policies.Limits
{
    using ApiSvc.Gateway.Policies.Quotas;

    internal sealed class RateCounters : IRateCounters
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<UInt128, ulong> _used = new();
        public RateDecision Take(LimitRule rule, UInt128 key, DateTimeOffset now) => Take(key, rule.Burst, rule.Name, rule.Rate, (long)rule.Period.TotalSeconds);
        public RateDecision Take(QuotaRule rule, UInt128 key, DateTimeOffset now) => Take(key, rule.Count, rule.Name, rule.Count, 60);
        private RateDecision Take(UInt128 key, ulong most, string name, ulong limit, long window)
        {
            var used = _used.AddOrUpdate(key, 1, (_, n) => n + 1);
            return new(used <= most, new(name, limit, window, used > most ? 0 : most - used, 1), used <= most ? 0 : 1);
        }
    }
}

namespace ApiSvc.Gateway.State
{
    using ApiSvc.Gateway.Sync;

    internal sealed class CredentialsBuilder(GatewayStates states) : IStateBuilder
    {
        public ValueTask<IReadOnlyList<Quarantined>> ApplyAsync(ResourceSet state, IReadOnlyList<ResourceKey>? changed, CancellationToken cancellationToken)
        {
            states.Swap(CredentialsState.Empty.With([.. state.Enumerate(1).Select(r => ApiKey.Parser.ParseFrom(r.Body))]));
            return new((IReadOnlyList<Quarantined>)[]);
        }
    }
}
