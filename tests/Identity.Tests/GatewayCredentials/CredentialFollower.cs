using System.Text;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.Identity.Tests.GatewayCredentials;

/// <summary>Follows the credentials of an environment as a gateway does, over gRPC.</summary>
internal sealed class CredentialFollower : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AsyncServerStreamingCall<Update> _call;
    private readonly Dictionary<(CredentialKind, ByteString), ByteString> _state = [];

    private CredentialFollower(AsyncServerStreamingCall<Update> call) => _call = call;

    /// <summary>The deltas so far, each with what it put and deleted.</summary>
    public List<Delta> Deltas { get; } = [];

    public int Count => _state.Count;

    /// <summary>Follows from nothing, and returns once it has caught up.</summary>
    public static async Task<CredentialFollower> OpenAsync(
        IdentityHost host,
        string group = "sandbox"
    )
    {
        var gateway = await host.CallerAsync("catalog", IdentityHost.Secret);
        var call = new Credentials.CredentialsClient(host.Grpc).WatchCredentials(
            new()
            {
                Group = group,
                Node = "n",
                Build = "1",
            },
            gateway.Headers
        );
        var follower = new CredentialFollower(call);
        while (await follower.NextAsync() is not { UpdateCase: Update.UpdateOneofCase.CaughtUp })
        {
            // The snapshot.
        }

        return follower;
    }

    /// <summary>Reads on until it is so.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await NextAsync();
        }
    }

    public bool Has(CredentialKind kind, byte[] id) =>
        _state.ContainsKey((kind, ByteString.CopyFrom(id)));

    public bool Has(CredentialKind kind, string id) => Has(kind, Encoding.UTF8.GetBytes(id));

    public T Get<T>(CredentialKind kind, byte[] id)
        where T : IMessage<T>, new() =>
        new MessageParser<T>(() => new T()).ParseFrom(_state[(kind, ByteString.CopyFrom(id))]);

    public T Get<T>(CredentialKind kind, string id)
        where T : IMessage<T>, new() => Get<T>(kind, Encoding.UTF8.GetBytes(id));

    public void Dispose() => _call.Dispose();

    private async Task<Update> NextAsync()
    {
        (
            await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience)
        ).ShouldBeTrue();
        var update = _call.ResponseStream.Current;
        switch (update.UpdateCase)
        {
            case Update.UpdateOneofCase.Snapshot:
                foreach (var resource in update.Snapshot.Resources)
                {
                    Put(resource);
                }

                break;
            case Update.UpdateOneofCase.Delta:
                Deltas.Add(update.Delta);
                foreach (var change in update.Delta.Changes)
                {
                    if (change.ChangeCase == Change.ChangeOneofCase.Put)
                    {
                        Put(change.Put);
                    }
                    else
                    {
                        _state.Remove(((CredentialKind)change.Delete.Kind, change.Delete.Id));
                    }
                }

                break;
        }

        return update;
    }

    private void Put(Resource resource) =>
        _state[((CredentialKind)resource.Kind, resource.Id)] = resource.Body;
}
