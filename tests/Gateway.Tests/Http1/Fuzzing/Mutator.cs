using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>Changes bytes of a message as a broken or hostile peer would, the same from the same source of chance.</summary>
internal static class Mutator
{
    private static readonly byte[][] Pieces =
    [
        .. (
            (string[])
                [
                    "\r\n",
                    "\n",
                    "\r",
                    "\r\n\r\n",
                    "\n\n",
                    " ",
                    "\t",
                    "\0",
                    ":",
                    ",",
                    ";",
                    "+",
                    "-",
                    "0x",
                    "0\r\n\r\n",
                    "5\r\n",
                    "FFFFFFFFFFFFFFFFF",
                    "99999999999999999999",
                    "Content-Length: 5\r\n",
                    "Content-Length: 0\r\n",
                    "Content_Length: 5\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Transfer-Encoding : chunked\r\n",
                    "Transfer-Encoding: gzip, chunked\r\n",
                    "chunked",
                    "Connection: close\r\n",
                    "Connection: upgrade\r\nUpgrade: websocket\r\n",
                    "Expect: 100-continue\r\n",
                    "Host: b\r\n",
                    " folded\r\n",
                    "HTTP/1.0",
                    "HTTP/1.1",
                    "HTTP/2.0",
                    "HTTP/1.1 200 OK\r\n\r\n",
                    "HTTP/1.1 100 Continue\r\n\r\n",
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: c\r\n\r\n",
                    "HEAD",
                    "304",
                    "204",
                    "\u00ff\u00fe",
                ]
        ).Select(Encoding.Latin1.GetBytes),
    ];

    public static byte[] Mutate(byte[] message, Random random)
    {
        var bytes = new List<byte>(message);
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            MutateOnce(bytes, random);
        }

        return [.. bytes];
    }

    private static void MutateOnce(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 12), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0 when length > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                // Behind a line more often than not: there most of it means something.
                bytes.InsertRange(LineAfter(bytes, at), Pieces[random.Next(Pieces.Length)]);
                break;
            case 5:
                bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                MutateDigit(bytes, at, random);
                break;
        }
    }

    private static int LineAfter(List<byte> bytes, int at)
    {
        var line = at < bytes.Count ? bytes.IndexOf((byte)'\n', at) : -1;
        return line < 0 ? at : line + 1;
    }

    private static void MutateDigit(List<byte> bytes, int at, Random random)
    {
        for (var i = at; i < bytes.Count; i++)
        {
            if (bytes[i] is >= (byte)'0' and <= (byte)'9')
            {
                bytes[i] = (byte)('0' + random.Next(10));
                return;
            }
        }
    }
}
