using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Access tokens of the suite's clients, asked for anew before they end.</summary>
internal sealed class Tokens(Suite suite)
{
    // Of the five minutes that a token is good for.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<
        (string Client, string Audience),
        (string Token, long Since)
    > _tokens = new();

    public async Task<string> OfAsync(string client, string audience)
    {
        if (
            _tokens.TryGetValue((client, audience), out var kept)
            && Stopwatch.GetElapsedTime(kept.Since) < Kept
        )
        {
            return kept.Token;
        }

        var since = Stopwatch.GetTimestamp();
        var token = await suite.TokenAsync(client, audience);
        _tokens[(client, audience)] = (token, since);
        return token;
    }
}
