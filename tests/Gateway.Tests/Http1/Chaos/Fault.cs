using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Chaos;

/// <summary>What the client must get of an upstream's fault.</summary>
internal enum Outcome
{
    /// <summary>502, or 504 of one that hangs, and nothing else.</summary>
    Problem,

    /// <summary>An answer that is visibly incomplete, or a problem where nothing of it was sent yet.</summary>
    Incomplete,
}

/// <summary>A way in which an upstream fails.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Outcome">What the client gets of it.</param>
/// <param name="Script">What it does on a connection.</param>
/// <param name="Status">The problem's status.</param>
internal sealed record Fault(
    string Name,
    Outcome Outcome,
    Func<UpstreamPeer, Task> Script,
    int Status = 502
)
{
    /// <summary>Answers with this, and then ends the connection.</summary>
    public static Fault Head(string answer) =>
        new(Short(answer), Outcome.Problem, Answering(answer));

    /// <summary>Answers with a head that is right and what is behind it, and then ends the connection.</summary>
    public static Fault Body(string answer) =>
        new(Short(answer), Outcome.Incomplete, Answering("HTTP/1.1 200 OK\r\n" + answer));

    private static Func<UpstreamPeer, Task> Answering(string answer) =>
        async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(answer);
        };

    private static string Short(string text) =>
        string.Concat(
            (text.Length > 100 ? text[..100] + text.Length : text).Select(c =>
                c is < ' ' or > '~' ? $"\\x{(int)c:x2}" : c.ToString()
            )
        );
}
