using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Routing;
using ApiSvc.Gateway.Sync;
using Google.Protobuf;

namespace ApiSvc.Gateway.State;

/// <summary>
/// Builds the next configuration from the one before and what changed. A resource that cannot be applied is set aside: an
/// API's address then answers that, anything else counts as absent; its neighbours are not touched.
/// </summary>
internal sealed partial class ConfigurationBuilder(
    GatewayStates states,
    ApiCompiler compiler,
    ILogger<ConfigurationBuilder> logger
) : IStateBuilder
{
    private readonly Dictionary<ResourceKey, Quarantined> _setAside = [];

    public IReadOnlyList<string> Features => PolicyCompiler.Features;

    public ValueTask<IReadOnlyList<Quarantined>> ApplyAsync(
        ResourceSet state,
        IReadOnlyList<ResourceKey>? changed,
        CancellationToken cancellationToken
    )
    {
        var before = changed is null ? null : states.Current.Applied;
        if (before is null)
        {
            _setAside.Clear();
        }

        var edit = new ConfigurationEdit(before ?? ConfigurationState.Empty);
        var keys =
            before is null || changed is null ? state.Enumerate().Select(r => r.Key) : changed;
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _setAside.Remove(key);
            var resource = state.Get(key);
            if (resource is null && !IsKnown(key))
            {
                // It was never applied, so there is nothing to take away.
                continue;
            }

            if (Apply(edit, key, resource) is { } quarantined)
            {
                _setAside[key] = quarantined;
                Log.SetAside(
                    logger,
                    (ResourceKind)key.Kind,
                    Convert.ToHexStringLower(key.Id.Span),
                    quarantined.Pointer,
                    quarantined.Reason
                );
            }
        }

        states.Swap(edit.End() with { Generation = state.Generation });
        return new([.. _setAside.Values]);
    }

    private Quarantined? Apply(ConfigurationEdit edit, ResourceKey key, SyncedResource? resource)
    {
        var lacking = resource?.RequiredFeatures.Except(Features).ToList() ?? [];
        try
        {
            if (key.Id.Length != 16)
            {
                throw new RefusedResourceException("", "Its id is no UUID.");
            }

            var id = new Guid(key.Id.Span, bigEndian: true);
            switch ((ResourceKind)key.Kind)
            {
                case ResourceKind.Api:
                    ApplyApi(edit, id, resource, lacking);
                    break;
                case ResourceKind.Plan:
                    edit.Plans[id] = null;
                    edit.Plans[id] = Read(resource, lacking, Plan.Parser, b => new PlanState(b));
                    break;
                case ResourceKind.Subscription:
                    edit.Put(id, (SubscriptionState?)null);
                    edit.Put(
                        id,
                        Read(resource, lacking, Subscription.Parser, b => new SubscriptionState(b))
                    );
                    break;
                case ResourceKind.Application:
                    edit.Applications[id] = null;
                    edit.Applications[id] = Read(
                        resource,
                        lacking,
                        Application.Parser,
                        ApplicationState.Of
                    );
                    break;
                default:
                    throw new RefusedResourceException("", "This build does not know its kind.");
            }

            return null;
        }
        catch (RefusedResourceException refused)
        {
            return new(key, refused.Pointer, refused.Message);
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            return new(key, "", unreadable.Message);
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            // Whatever a resource holds must not keep the others from being applied.
            Log.Unforeseen(
                logger,
                (ResourceKind)key.Kind,
                Convert.ToHexStringLower(key.Id.Span),
                unforeseen
            );
            return new(key, "", "It could not be applied; the node's log has the reason.");
        }
    }

    private static bool IsKnown(ResourceKey key) =>
        key.Id.Length == 16
        && (ResourceKind)key.Kind is var kind and not ResourceKind.Unspecified
        && Enum.IsDefined(kind);

    private void ApplyApi(
        ConfigurationEdit edit,
        Guid id,
        SyncedResource? resource,
        List<string> lacking
    )
    {
        var before = edit.Before.Apis.Find(id);
        if (resource is null)
        {
            edit.Put(id, (ApiState?)null);
            return;
        }

        Api? api = null;
        try
        {
            api = Api.Parser.ParseFrom(resource.Body);
            Refuse(lacking);
            edit.Put(id, compiler.Compile(api, before));
        }
        catch
        {
            // What cannot even be read leaves the address that it had, if it had one.
            edit.Put(id, api is null ? before?.SetAside() : ApiCompiler.SetAside(api));
            throw;
        }
    }

    private static TState? Read<TBody, TState>(
        SyncedResource? resource,
        List<string> lacking,
        MessageParser<TBody> parser,
        Func<TBody, TState> make
    )
        where TBody : IMessage<TBody>
        where TState : class
    {
        if (resource is null)
        {
            return null;
        }

        Refuse(lacking);
        return make(parser.ParseFrom(resource.Body));
    }

    private static void Refuse(List<string> lacking)
    {
        if (lacking.Count > 0)
        {
            throw new RefusedResourceException(
                "",
                $"It requires what this build lacks: {string.Join(", ", lacking)}."
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Kind} {Id} is set aside: {Pointer} {Reason}"
        )]
        public static partial void SetAside(
            ILogger logger,
            ResourceKind kind,
            string id,
            string pointer,
            string reason
        );

        [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Id} could not be applied")]
        public static partial void Unforeseen(
            ILogger logger,
            ResourceKind kind,
            string id,
            Exception failure
        );
    }
}
