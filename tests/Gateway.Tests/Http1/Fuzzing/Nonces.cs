using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>Who may see which nonce.</summary>
internal sealed partial class Nonces
{
    private readonly ConcurrentDictionary<string, int> _owners = new();
    private readonly ConcurrentQueue<string> _wrong = [];

    /// <summary>What was seen by somebody else.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    public string New(int owner, Random random)
    {
        var nonce = $"n{random.NextInt64():x16}z";
        _owners[nonce] = owner;
        return nonce;
    }

    /// <summary>Looks at all that a connection got.</summary>
    public void Check(int owner, string text)
    {
        foreach (var match in Nonce().EnumerateMatches(text))
        {
            var nonce = text.Substring(match.Index, match.Length);
            if (_owners.TryGetValue(nonce, out var whose) && whose != owner)
            {
                _wrong.Enqueue($"{nonce} of {whose} came to {owner}: {text}");
            }
        }
    }

    /// <summary>Forgets the nonces of a connection that has ended.</summary>
    public void Forget(IEnumerable<string> nonces)
    {
        foreach (var nonce in nonces)
        {
            _owners.TryRemove(nonce, out _);
        }
    }

    [GeneratedRegex("n[0-9a-f]{16}z")]
    private static partial Regex Nonce();
}
