namespace ApiSvc.AiAdapter.Hub;

/// <summary>
/// What readers of answers emit through: it keeps the order <see cref="IHubEvents"/> promises, whatever the
/// provider sends, so that no reader has to and every writer can rely on it.
/// </summary>
internal sealed class AnswerSource(IHubEvents events)
{
    private int _next;
    private Usage _usage;
    private bool _called;

    public bool Started { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Kind of the open block.</summary>
    public BlockKind? Open { get; private set; }

    /// <summary>Whether a tool was called: some providers finish such an answer as any other.</summary>
    public bool CalledTool => _called;

    public Usage Counted => _usage;

    public void Start(string id, string model)
    {
        if (!Started && !Ended)
        {
            Started = true;
            events.Start(new(id, model));
        }
    }

    /// <summary>Opens a block, after closing the one that is open.</summary>
    public void Begin(BlockKind kind, string? id = null, string? name = null)
    {
        Close();
        if (Ended)
        {
            return;
        }

        Start("", "");
        Open = kind;
        _called |= kind == BlockKind.ToolUse;
        events.BlockStart(new(_next++, kind, id, name));
    }

    /// <summary>More of a block of a kind; opens one if another is open. Nothing makes no block.</summary>
    public void Append(BlockKind kind, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || Ended)
        {
            return;
        }

        if (Open != kind)
        {
            Begin(kind);
        }

        events.Delta(utf8);
    }

    public void Close(Opaque? opaque = null)
    {
        if (Open is not null && !Ended)
        {
            Open = null;
            events.BlockStop(opaque);
        }
    }

    /// <summary>An opaque part on its own, as a block of reasoning without text.</summary>
    public void Hidden(Opaque opaque)
    {
        Begin(BlockKind.Reasoning);
        Close(opaque);
    }

    public void Count(in Usage usage)
    {
        if (!Ended && usage != _usage)
        {
            _usage = usage;
            Start("", "");
            events.Usage(usage);
        }
    }

    public void Finish(FinishReason reason, string? stopSequence = null)
    {
        Close();
        if (!Ended)
        {
            Start("", "");
            Ended = true;
            events.Finish(new(reason, _usage, stopSequence));
        }
    }

    public void Fail(Failure failure)
    {
        if (!Ended)
        {
            Ended = true;
            events.Fail(failure);
        }
    }
}
