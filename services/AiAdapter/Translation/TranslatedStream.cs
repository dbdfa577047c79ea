using System.Buffers;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>An answer told anew in the client's format.</summary>
internal sealed class TranslatedStream : IAnswerStream
{
    private readonly IHubEvents _writer;
    private readonly IStreamReader _reader;

    public TranslatedStream(
        ProviderFamily family,
        ReadContext read,
        InboundFormat inbound,
        AnswerContext answer,
        IBufferWriter<byte> output
    )
    {
        _writer = inbound.WriteStream(answer, output);
        Tap = new(OneToolCall.Around(_writer, answer.Request));
        _reader = family.ReadStream(read, Tap);
    }

    public CallTap Tap { get; }

    public bool Ended => _reader.Ended;

    public void Push(ReadOnlySpan<byte> bytes) => _reader.Push(bytes);

    public void Complete() => _reader.Complete();

    public void Dispose()
    {
        _reader.Dispose();
        (_writer as IDisposable)?.Dispose();
    }
}
