using System.Buffers;
using System.Text.Json;

namespace ApiSvc.AiAdapter.Wire;

/// <summary>Writes server-sent events with JSON data, without allocating per event.</summary>
internal sealed class SseWriter(IBufferWriter<byte> output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, JsonText.Writing);

    /// <summary>Begins an event; write its data, then <see cref="End"/>.</summary>
    /// <param name="name">Empty for an event without name.</param>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        _json.Reset();
        return _json;
    }

    public void End()
    {
        _json.Flush();
        output.Write("\n\n"u8);
    }

    public void Line(ReadOnlySpan<byte> data)
    {
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    public void Dispose() => _json.Dispose();
}
