using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>A message of HTTP/1.1 as its bytes came.</summary>
/// <param name="Line">The first: method, target and version, or version and status.</param>
/// <param name="Fields">One a line.</param>
/// <param name="Body">Without the framing of chunks.</param>
internal sealed record RawMessage(
    string Line,
    IReadOnlyList<(string Name, string Value)> Fields,
    byte[] Body
)
{
    /// <summary>The first line of this name; null if there is none.</summary>
    public string? Of(string name) =>
        Fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>Reads messages off a connection, and nothing into them (RFC 9112).</summary>
internal sealed class MessageReader(Stream stream)
{
    private readonly PipeReader _reader = PipeReader.Create(stream);

    /// <summary>Reads the next one; its length must be told in it.</summary>
    /// <returns>Null at the end of the connection.</returns>
    public async Task<RawMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await LineAsync(cancellationToken) is not { } line)
        {
            return null;
        }

        var fields = new List<(string Name, string Value)>();
        while (await LineAsync(cancellationToken) is { Length: > 0 } field)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            fields.Add((field[..colon], field[(colon + 1)..].Trim(' ')));
        }

        var head = new RawMessage(line, fields, []);
        return head.Of("Transfer-Encoding") is not null
                ? head with
                {
                    Body = await ChunksAsync(cancellationToken),
                }
            : head.Of("Content-Length") is { } length
                ? head with
                {
                    Body = await BytesAsync(
                        int.Parse(length, CultureInfo.InvariantCulture),
                        cancellationToken
                    ),
                }
            : head;
    }

    private async Task<byte[]> ChunksAsync(CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        while (true)
        {
            var size = (await LineAsync(cancellationToken))!.Split(';')[0];
            var length = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await BytesAsync(length, cancellationToken));
            await LineAsync(cancellationToken);
            if (length == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<byte[]> BytesAsync(int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return [];
        }

        var read = await _reader.ReadAtLeastAsync(length, cancellationToken);
        var bytes = read.Buffer.Slice(0, length).ToArray();
        _reader.AdvanceTo(read.Buffer.GetPosition(length));
        return bytes;
    }

    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, end));
                _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line.TrimEnd('\r');
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
