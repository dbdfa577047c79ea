using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.ServiceDefaults.Tests.Sealing;

/// <summary>Key rings for tests; the key of an id is always the same.</summary>
internal static class Rings
{
    public static KeyRing Of(string active, params string[] ids) =>
        Of(active, [.. ids.Select(id => (id, (byte)id[^1]))]);

    public static KeyRing Of(string active, params (string Id, byte Seed)[] keys)
    {
        var options = new SealingOptions { ActiveKey = active };
        foreach (var (id, seed) in keys)
        {
            options.Keys[id] = Key(seed);
        }

        return KeyRing.From(options);
    }

    public static string Key(byte seed) =>
        Convert.ToBase64String(Enumerable.Repeat(seed, 32).ToArray());
}
