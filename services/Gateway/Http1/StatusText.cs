using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiSvc.Gateway.Http1;

/// <summary>The reason phrases of statuses that the gateway itself answers with.</summary>
internal static class StatusText
{
    private static readonly byte[][] Phrases =
    [
        .. Enumerable
            .Range(0, 600)
            .Select(s => Encoding.ASCII.GetBytes(ReasonPhrases.GetReasonPhrase(s))),
    ];

    public static ReadOnlySpan<byte> Of(int status) =>
        status is >= 0 and < 600 ? Phrases[status] : default;
}
