namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends each request to an address of the service that it names.</summary>
internal sealed class ResolvingHandler(EndpointResolver resolver) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var original = request.RequestUri;
        request.RequestUri = original is null ? null : resolver.Resolve(original);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry outside of this handler resolves again, and may reach another address.
            request.RequestUri = original;
        }
    }

    protected override HttpResponseMessage Send(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var original = request.RequestUri;
        request.RequestUri = original is null ? null : resolver.Resolve(original);
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = original;
        }
    }
}
