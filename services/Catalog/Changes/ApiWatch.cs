using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Draining;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using Visibility = ApiSvc.Catalog.Apis.Visibility;

namespace ApiSvc.Catalog.Changes;

/// <summary>Streams changes of APIs and versions to one who watches, each with the caller's rights.</summary>
internal sealed class ApiWatch(
    ChangeHub hub,
    NpgsqlDataSource database,
    IDrainState drain,
    TimeProvider time
)
{
    private static readonly ApiProblem Interrupted = new()
    {
        Status = 503,
        Code = "watch-interrupted",
        Detail = "Changes may have been missed: list again, then watch again.",
        RetryAfter = 1,
    };

    public async Task RunAsync(
        Caller caller,
        Guid? team,
        IServerStreamWriter<ApiChange> stream,
        ServerCallContext context
    )
    {
        using var watcher = hub.Watch() ?? throw new ApiProblemException(Interrupted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            drain.DrainToken
        );
        // The headers say that nothing is missed from here on.
        await context.WriteResponseHeadersAsync([]);
        try
        {
            await foreach (var notice in watcher.Changes.ReadAllAsync(end.Token))
            {
                if (await ReadAsync(notice, caller, team) is { } change)
                {
                    change.Time = time.GetUtcNow().ToTimestamp();
                    await stream.WriteAsync(change, end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            if (context.CancellationToken.IsCancellationRequested)
            {
                return;
            }
        }

        throw new ApiProblemException(Interrupted);
    }

    private async Task<ApiChange?> ReadAsync(ChangeNotice notice, Caller caller, Guid? team)
    {
        switch (notice.Kind)
        {
            case ChangeKind.ApiDeleted when CouldSee(notice, caller, team):
                return new() { DeletedApiId = new Id<ApiKind>(notice.Id).ToString() };
            case ChangeKind.VersionDeleted when CouldSee(notice, caller, team):
                return new() { DeletedVersionId = new Id<VersionKind>(notice.Id).ToString() };
            case ChangeKind.Api:
                await using (var db = await database.OpenConnectionAsync())
                {
                    var api = await ApiRow.FindVisibleAsync(db, notice.Id, caller);
                    return api is not null && (team is null || api.TeamId == team)
                        ? new() { Api = api.ToMessage() }
                        : null;
                }

            case ChangeKind.Version:
                await using (var db = await database.OpenConnectionAsync())
                {
                    var version = await VersionRow.FindVisibleAsync(db, notice.Id, caller);
                    var owner = version is null ? null : await ApiRow.FindAsync(db, version.ApiId);
                    return owner is not null && (team is null || owner.TeamId == team)
                        ? new() { Version = version!.ToMessage() }
                        : null;
                }

            default:
                return null;
        }
    }

    private static bool CouldSee(ChangeNotice notice, Caller caller, Guid? team) =>
        (team is null || notice.Team == team)
        && (
            caller.Can("apis.read", notice.Team)
            || (
                notice is { Kind: ChangeKind.ApiDeleted, WasOffered: true }
                && (
                    notice.Visibility != Visibility.ListedTeams
                    || notice.VisibleTo.Any(t => caller.Can("apis.read", t))
                )
            )
        );
}
