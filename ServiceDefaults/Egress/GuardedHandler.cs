namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Refuses other schemes, and lets the guard's refusal through as it is instead of inside another exception.</summary>
public sealed class GuardedHandler : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var uri = request.RequestUri!;
        if (!EgressGuard.IsHttp(uri))
        {
            throw new EgressBlockedException(uri.OriginalString, EgressReason.Scheme);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is EgressBlockedException inner)
        {
            throw new EgressBlockedException(inner.Host, inner.Reason);
        }
    }
}
