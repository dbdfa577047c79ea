using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Server;

/// <summary>Sends answers. Records go from the file to the connection in chunks, no faster than the client reads.</summary>
internal sealed class ResponseSender(PipeWriter output)
{
    private const int Chunk = 64 * 1024;

    /// <returns>Whether the client still reads.</returns>
    public async ValueTask<bool> SendAsync(int correlationId, IResponse response, short version)
    {
        using var body = new KafkaWriter();
        response.Write(body, version);
        BinaryPrimitives.WriteInt32BigEndian(
            output.GetSpan(sizeof(int)),
            checked((int)(sizeof(int) + body.Length))
        );
        output.Advance(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), correlationId);
        output.Advance(sizeof(int));

        var sent = 0;
        foreach (var (position, region) in body.Regions)
        {
            output.Write(body.Fields.Span[sent..position]);
            sent = position;
            if (!await SendAsync(region))
            {
                return false;
            }
        }

        output.Write(body.Fields.Span[sent..]);
        return await FlushAsync();
    }

    private async ValueTask<bool> SendAsync(FileRegion region)
    {
        for (var offset = 0; offset < region.Length; )
        {
            var chunk = output.GetMemory(Chunk);
            var length = Math.Min(chunk.Length, region.Length - offset);
            region.Read(chunk.Span[..length], offset);
            output.Advance(length);
            offset += length;
            if (!await FlushAsync())
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> FlushAsync() =>
        await output.FlushAsync() is { IsCompleted: false, IsCanceled: false };
}
