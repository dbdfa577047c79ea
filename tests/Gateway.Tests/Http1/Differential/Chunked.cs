using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>Writes a body in chunks of all sizes, with what RFC 9112 section 7.1 allows around them.</summary>
internal static class Chunked
{
    public static void Write(
        StringBuilder output,
        string body,
        Random random,
        HashSet<string> traits,
        string trailersTrait
    )
    {
        for (var at = 0; at < body.Length; )
        {
            var size = Math.Min(random.Next(1, 2_000), body.Length - at);
            output
                .Append(random.Next(4) == 0 ? $"00{size:X}" : $"{size:x}")
                .Append(random.Next(6) == 0 ? ";a=b;c=\"d\"" : "")
                .Append("\r\n")
                .Append(body, at, size)
                .Append("\r\n");
            at += size;
        }

        output.Append("0\r\n");
        if (random.Next(5) == 0)
        {
            traits.Add(trailersTrait);
            output.Append("X-Sum: 1\r\nX-Sum: 2\r\n");
        }

        output.Append("\r\n");
    }
}
