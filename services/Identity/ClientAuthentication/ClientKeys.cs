using System.Collections.Concurrent;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>
/// The public keys of clients: those they are registered with, and those at an address of theirs, which are kept for ten
/// minutes. An unknown key id has them read anew, at most once a minute, so that made-up ones cannot turn this service
/// against somebody's server. What cannot be read leaves those that are known, for a day.
/// </summary>
internal sealed partial class ClientKeys(
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<ClientKeys> logger
)
{
    public const string HttpClientName = "client-keys";

    private const int MostSets = 10_000;
    private const int MostKeys = 100;
    private const int ShortestModulusBytes = 256;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, RemoteSet> _sets = new(StringComparer.Ordinal);

    /// <summary>The keys that a token with this key id may be signed with; all where it has none.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(
        RegisteredClient client,
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        if (client.JwksUri is not { } address)
        {
            return [.. new JsonWebKeySet(client.Jwks).GetSigningKeys()];
        }

        if (_sets.Count >= MostSets)
        {
            // Nobody has so many: whoever makes them up loses no more than a reading.
            _sets.Clear();
        }

        var set = _sets.GetOrAdd(address, _ => new());
        if (!set.IsFresh(keyId, time.GetUtcNow()))
        {
            await set.Turn.WaitAsync(cancellationToken);
            try
            {
                await ReadIfDueAsync(set, address, keyId, cancellationToken);
            }
            finally
            {
                set.Turn.Release();
            }
        }

        return set.ReadAt + Longest > time.GetUtcNow() ? set.Find(keyId) : [];
    }

    // Whoever waited finds what the one before it has read.
    private async Task ReadIfDueAsync(
        RemoteSet set,
        string address,
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        if (set.IsFresh(keyId, now) || now < set.TriedAt + Pause)
        {
            return;
        }

        set.TriedAt = now;
        try
        {
            using var http = clients.CreateClient(HttpClientName);
            var text = await http.GetStringAsync(new Uri(address), cancellationToken);
            set.Keys = Read(text);
            set.ReadAt = now;
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or EgressBlockedException
                        or ArgumentException
                        or FormatException
                        or System.Text.Json.JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            Log.NotRead(logger, e, address);
        }
    }

    private static List<JsonWebKey> Read(string text)
    {
        var keys = new JsonWebKeySet(text).Keys.Where(IsUsable).Take(MostKeys).ToList();
        return keys.Count > 0 ? keys : throw new FormatException("There is no usable key.");
    }

    // Never a symmetric one: the set is public.
    private static bool IsUsable(JsonWebKey key) =>
        key.Use is null or "" or JsonWebKeyUseNames.Sig
        && key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.EllipticCurve => key.Crv == JsonWebKeyECTypes.P256,
            JsonWebAlgorithmsKeyTypes.RSA => Base64UrlEncoder.DecodeBytes(key.N).Length
                >= ShortestModulusBytes,
            _ => false,
        };

    private sealed class RemoteSet
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public IReadOnlyList<JsonWebKey> Keys { get; set; } = [];

        public DateTimeOffset ReadAt { get; set; }

        public DateTimeOffset TriedAt { get; set; }

        public bool IsFresh(string? keyId, DateTimeOffset now) =>
            now < ReadAt + Kept && Find(keyId).Count > 0;

        public IReadOnlyList<JsonWebKey> Find(string? keyId) =>
            string.IsNullOrEmpty(keyId) ? Keys : [.. Keys.Where(k => k.KeyId == keyId)];
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The keys of a client at {Address} were not read; those that are known stay in use"
        )]
        public static partial void NotRead(ILogger logger, Exception exception, string address);
    }
}
