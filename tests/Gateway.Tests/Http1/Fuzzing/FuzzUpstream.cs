using System.Globalization;
using System.Text;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>Echoes, and where a request has a field <c>X-Mutate</c>, changes bytes of its answer by that seed.</summary>
internal static class FuzzUpstream
{
    public static byte[] Answer(SeenRequest request)
    {
        var echo = LenientUpstream.Echo(request);
        if (
            !int.TryParse(
                request["x-mutate"],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seed
            )
        )
        {
            return echo;
        }

        var random = new Random(seed);
        return Mutator.Mutate(random.Next(2) == 0 ? echo : InChunks(request), random);
    }

    private static byte[] InChunks(SeenRequest request) =>
        Encoding.Latin1.GetBytes(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"{request.Target.Length:x}\r\n{request.Target}\r\n3;a=b\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"
        );
}
