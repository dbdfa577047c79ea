using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Formats.Embeddings;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>A call for embeddings.</summary>
internal sealed class EmbeddingCall(HttpContext http, AiCaller caller, CallServices services)
    : ServedCall(http, caller, services, "embeddings")
{
    private EmbeddingRequest _request = null!;

    protected override RouteNeeds Needs => new(PromptTokens);

    protected override long? MaxOutput => 0;

    public override async Task RunAsync(ReadOnlyMemory<byte> body)
    {
        var (request, problems) = EmbeddingRequestReader.Read(body);
        if (request is null)
        {
            await RefuseAsync(ChatErrors.WriteProblems(problems, Id));
            return;
        }

        _request = request;
        PromptTokens = request.Inputs.Sum(TokenEstimate.Of);
        await CarryAsync(request.Model);
    }

    protected override ErrorReply Write(Failure failure) => ChatErrors.Write(failure, Id);

    protected override async Task<Failure?> TryAsync(Attempt attempt)
    {
        var deployment = attempt.Deployment;
        if (EmbeddingProviders.Write(_request, deployment) is not { } request)
        {
            return new(
                FailureKind.InvalidRequest,
                $"{deployment.Provider.Name} has no embeddings.",
                Code: "unsupported_parameter",
                Field: "model"
            );
        }

        var (answer, refusal) = await AskAsync(
            request,
            Families.All[deployment.Provider.Family].ReadError
        );
        if (answer is null)
        {
            return refusal;
        }

        using (answer)
        {
            var (body, failure) = await ReadAsync(answer);
            if (body is null)
            {
                return failure;
            }

            return EmbeddingProviders.Read(body, _request, deployment) is { } vectors
                ? await SendAsync(attempt, vectors)
                : new(
                    FailureKind.Malformed,
                    "The provider's answer is not the JSON its format promises."
                );
        }
    }

    private async Task<Failure?> SendAsync(Attempt attempt, EmbeddingAnswer vectors)
    {
        var isCounted = vectors.Usage.Input > 0;
        var usage = isCounted ? vectors.Usage : new() { Input = PromptTokens };
        NoteFirstToken(attempt);
        HasBegun = true;
        Facts.Usage = usage;
        Facts.Counting = isCounted ? AiCounting.Provider : AiCounting.Estimate;
        Facts.Status = StatusCodes.Status200OK;
        Facts.Outcome = AiOutcome.Completed;
        Record();
        using var output = new PooledBuffer(vectors.Vectors.Count * 4096);
        EmbeddingAnswerWriter.Write(vectors with { Usage = usage }, _request, output);
        await Http.SendJsonAsync(output.Memory);
        return null;
    }
}
