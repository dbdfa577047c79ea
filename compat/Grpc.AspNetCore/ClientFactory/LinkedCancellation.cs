namespace Grpc.AspNetCore.ClientFactory;

/// <summary>The cancellation of a client call that is cancelled by its caller or with the server call.</summary>
internal sealed class LinkedCancellation(CancellationToken caller, CancellationToken server)
    : IDisposable
{
    private readonly CancellationTokenSource _source =
        CancellationTokenSource.CreateLinkedTokenSource(caller, server);

    public CancellationToken Token => _source.Token;

    public void Dispose() => _source.Dispose();

    /// <summary>Lets go of the tokens when the answer is there.</summary>
    public async Task<T> DuringAsync<T>(Task<T> response)
    {
        try
        {
            return await response;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Lets go of the tokens when the call is disposed.</summary>
    public Action With(IDisposable call) =>
        () =>
        {
            call.Dispose();
            Dispose();
        };
}
