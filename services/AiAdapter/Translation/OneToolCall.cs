using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// Lets one tool call through and leaves the others out: for clients that take no parallel ones, of providers that cannot be told so.
/// The model asks again for what it still needs when it has the first result.
/// </summary>
internal sealed class OneToolCall(IHubEvents client) : IHubEvents
{
    private int _left;
    private bool _called;
    private bool _isLeftOut;

    /// <summary>Around the client's events, if it asked for that.</summary>
    public static IHubEvents Around(IHubEvents client, HubRequest request) =>
        request.ParallelToolCalls is false ? new OneToolCall(client) : client;

    public void Start(in AnswerStart start) => client.Start(start);

    public void BlockStart(in BlockStart block)
    {
        _isLeftOut = _called && block.Kind == BlockKind.ToolUse;
        if (_isLeftOut)
        {
            _left++;
            return;
        }

        _called |= block.Kind == BlockKind.ToolUse;
        client.BlockStart(block with { Index = block.Index - _left });
    }

    public void Delta(ReadOnlySpan<byte> utf8)
    {
        if (!_isLeftOut)
        {
            client.Delta(utf8);
        }
    }

    public void BlockStop(Opaque? opaque)
    {
        if (!_isLeftOut)
        {
            client.BlockStop(opaque);
        }
    }

    public void Usage(in Usage usage) => client.Usage(usage);

    public void Finish(in Finish finish) => client.Finish(finish);

    public void Fail(Failure failure) => client.Fail(failure);
}
