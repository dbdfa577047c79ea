using System.Globalization;
using System.Text;

namespace ApiSvc.Gateway.Http1;

/// <summary>The Date of answers (RFC 9110 section 6.6.1), written anew once a second.</summary>
internal static class DateField
{
    private static Second _current = new(-1, []);

    /// <summary>The whole line.</summary>
    public static ReadOnlySpan<byte> Line
    {
        get
        {
            var second = Environment.TickCount64 / 1_000;
            var current = Volatile.Read(ref _current);
            if (current.Number != second)
            {
                current = new(
                    second,
                    Encoding.ASCII.GetBytes(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Date: {DateTime.UtcNow:r}\r\n"
                        )
                    )
                );
                Volatile.Write(ref _current, current);
            }

            return current.Bytes;
        }
    }

    private sealed record Second(long Number, byte[] Bytes);
}
