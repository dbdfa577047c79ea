using System.Buffers;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Formats.Messages;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// One try of a request at one deployment: what is sent, and how what comes back becomes the client's. Knows
/// of no connection: whoever sends and receives is on top.
/// </summary>
internal sealed class Exchange(InboundFormat inbound, HubRequest request, WriteContext context)
{
    private readonly ProviderFamily _family = Families.All[context.Deployment.Provider.Family];

    /// <summary>
    /// Whether the client's bytes may go through as they are: the same format in the same version, a provider
    /// without quirks, and no opaque part that has to be unwrapped or kept back.
    /// </summary>
    public bool PassesThrough { get; } = CanPass(request, context.Deployment);

    public WriteOutcome Write()
    {
        if (!PassesThrough)
        {
            return _family.WriteRequest(request, context);
        }

        var body = JsonSplice.Set(
            request.Source.Body,
            "model",
            JsonText.Quote(context.Deployment.Model)
        );
        if (inbound.Name == FormatNames.ChatCompletions && request.Stream && !request.StreamUsage)
        {
            body = JsonSplice.Set(body, "stream_options", """{"include_usage":true}"""u8.ToArray());
        }

        return new WriteOutcome.Ready(_family.WriteThrough!(body, request, context));
    }

    /// <summary>Reads an answer as a stream.</summary>
    public IAnswerStream ReadStream(
        string callId,
        DateTimeOffset created,
        IBufferWriter<byte> output
    )
    {
        var read = new ReadContext(context.Deployment, callId);
        var answer = new AnswerContext(request, callId, created);
        return PassesThrough
            ? new PassedStream(_family, read, inbound, answer, output)
            : new TranslatedStream(_family, read, inbound, answer, output);
    }

    /// <summary>Reads a whole answer. The failure, if it is one, has not been written.</summary>
    public CallTap ReadAnswer(
        ReadOnlyMemory<byte> body,
        string callId,
        DateTimeOffset created,
        IBufferWriter<byte> output
    )
    {
        var fold = new AnswerFold();
        var tap = new CallTap(PassesThrough ? fold : OneToolCall.Around(fold, request));
        _family.ReadAnswer(body, new(context.Deployment, callId), tap);
        if (fold.Answer is not { } answer)
        {
            return tap;
        }

        if (PassesThrough)
        {
            output.Write(body.Span);
        }
        else if (inbound.Refuses(answer) is { } refusal)
        {
            tap.Fail(refusal);
        }
        else
        {
            inbound.WriteAnswer(answer, new(request, callId, created), output);
        }

        return tap;
    }

    public Failure ReadError(ProviderReply reply) => _family.ReadError(reply);

    private static bool CanPass(HubRequest request, Deployment deployment) =>
        Families.All[deployment.Provider.Family].PassesThrough == request.Source.Format
        && ReferenceEquals(deployment.Provider.Quirks, Quirks.None)
        && (
            request.Source.Version is null
            || request.Source.Version == (deployment.ApiVersion ?? MessagesVersions.Default)
        )
        && !request
            .Messages.SelectMany(message => message.Content)
            .OfType<ReasoningBlock>()
            .Any(block => block.Opaque?.Origin is not null);
}
