using System.Text;

namespace ApiSvc.AiAdapter.Hub;

/// <summary>A whole answer: what its events add up to.</summary>
internal sealed record HubAnswer(
    string Id,
    string Model,
    IReadOnlyList<AnswerBlock> Blocks,
    Finish Finish
);

/// <param name="Text">Text, argument JSON (never empty), or base 64 of an image.</param>
internal sealed record AnswerBlock(
    BlockKind Kind,
    string Text,
    string? Id = null,
    string? Name = null,
    Opaque? Opaque = null
);

/// <summary>Adds events up.</summary>
internal sealed class AnswerFold : IHubEvents
{
    private readonly List<AnswerBlock> _blocks = [];
    private readonly List<byte> _text = [];
    private AnswerStart _start;
    private BlockStart _block;

    /// <summary>The answer, once it is whole.</summary>
    public HubAnswer? Answer { get; private set; }

    public Failure? Failure { get; private set; }

    /// <summary>Counts so far: what a cut answer is charged.</summary>
    public Usage Counted { get; private set; }

    public IReadOnlyList<AnswerBlock> Blocks => _blocks;

    public void Start(in AnswerStart start) => _start = start;

    public void BlockStart(in BlockStart block)
    {
        _block = block;
        _text.Clear();
    }

    public void Delta(ReadOnlySpan<byte> utf8) => _text.AddRange(utf8);

    public void BlockStop(Opaque? opaque)
    {
        var text = Encoding.UTF8.GetString(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text)
        );
        if (_block.Kind == BlockKind.ToolUse && string.IsNullOrWhiteSpace(text))
        {
            text = "{}";
        }

        _blocks.Add(new(_block.Kind, text, _block.Id, _block.Name, opaque));
    }

    public void Usage(in Usage usage) => Counted = usage;

    public void Finish(in Finish finish)
    {
        Counted = finish.Usage;
        Answer = new(_start.Id, _start.Model, _blocks, finish);
    }

    public void Fail(Failure failure) => Failure = failure;
}
