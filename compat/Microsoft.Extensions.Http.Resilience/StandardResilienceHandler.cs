using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends requests through a pipeline.</summary>
internal sealed class StandardResilienceHandler(StandardPipelines pipelines) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var context = RequestContext.Create(request, cancellationToken);
        try
        {
            var outcome = await pipelines
                .For(request)
                .ExecuteOutcomeAsync(SendOnceAsync, context, request);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    protected override HttpResponseMessage Send(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var context = RequestContext.Create(request, cancellationToken);
        try
        {
            return pipelines
                .For(request)
                .Execute(attempt => base.Send(request, attempt.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>An exception is an outcome here: thrown through every strategy it would cost more.</summary>
    private async ValueTask<Outcome<HttpResponseMessage>> SendOnceAsync(
        ResilienceContext context,
        HttpRequestMessage request
    )
    {
        try
        {
            return Outcome.FromResult(await base.SendAsync(request, context.CancellationToken));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }
}
