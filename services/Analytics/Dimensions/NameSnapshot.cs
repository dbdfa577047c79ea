using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Grpc.Core;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>
/// Asks the catalog and Identity for all names, at the start of whoever leads: events tell only what changes, and an
/// installation may have had its objects before it had this service.
/// </summary>
internal sealed partial class NameSnapshot(
    Apis.ApisClient apis,
    Plans.PlansClient plans,
    Applications.ApplicationsClient applications,
    Teams.TeamsClient teams,
    NameStore names,
    LeaderElection election,
    TimeProvider time,
    ILogger<NameSnapshot> logger
) : LeaderService("analytics-names", election)
{
    private const uint PageSize = 200;
    private static readonly TimeSpan Again = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
        while (true)
        {
            var pause = Again;
            try
            {
                await TakeAsync(cancellationToken);
            }
            catch (Exception e)
                when (e is RpcException or HttpRequestException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                pause = backoff.Next();
                Log.Away(logger, e.Message, pause);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var page in PagesAsync(cancellationToken))
        {
            await names.SaveAsync(page, cancellationToken);
            count += page.Count;
        }

        Log.Taken(logger, count);
    }

    private async IAsyncEnumerable<IReadOnlyList<DimensionName>> PagesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var page in TeamsAsync(cancellationToken))
        {
            yield return page;
        }

        await foreach (var page in PlansAsync(cancellationToken))
        {
            yield return page;
        }

        await foreach (var page in ApplicationsAsync(cancellationToken))
        {
            yield return page;
        }

        await foreach (var page in ApisAsync(cancellationToken))
        {
            yield return page.ConvertAll(api => Naming.Of(api));
            foreach (var api in page)
            {
                await foreach (var versions in VersionsAsync(api.Id, cancellationToken))
                {
                    yield return versions;
                }
            }
        }
    }

    private IAsyncEnumerable<List<DimensionName>> TeamsAsync(CancellationToken token) =>
        AllAsync(async cursor =>
        {
            var answer = await teams.ListTeamsAsync(
                new() { Limit = PageSize, Cursor = cursor },
                cancellationToken: token
            );
            return (answer.Teams.Select(t => Naming.Of(t)).ToList(), answer.NextCursor);
        });

    private IAsyncEnumerable<List<DimensionName>> PlansAsync(CancellationToken token) =>
        AllAsync(async cursor =>
        {
            var answer = await plans.ListPlansAsync(
                new() { Limit = PageSize, Cursor = cursor },
                cancellationToken: token
            );
            return (answer.Plans.Select(Naming.Of).ToList(), answer.NextCursor);
        });

    private IAsyncEnumerable<List<DimensionName>> ApplicationsAsync(CancellationToken token) =>
        AllAsync(async cursor =>
        {
            var answer = await applications.ListApplicationsAsync(
                new() { Limit = PageSize, Cursor = cursor },
                cancellationToken: token
            );
            return (answer.Applications.Select(a => Naming.Of(a)).ToList(), answer.NextCursor);
        });

    private IAsyncEnumerable<List<Api>> ApisAsync(CancellationToken token) =>
        AllAsync(async cursor =>
        {
            var answer = await apis.ListApisAsync(
                new() { Limit = PageSize, Cursor = cursor },
                cancellationToken: token
            );
            return (answer.Apis.ToList(), answer.NextCursor);
        });

    private IAsyncEnumerable<List<DimensionName>> VersionsAsync(
        string api,
        CancellationToken token
    ) =>
        AllAsync(async cursor =>
        {
            var answer = await apis.ListVersionsAsync(
                new()
                {
                    ApiId = api,
                    Limit = PageSize,
                    Cursor = cursor,
                },
                cancellationToken: token
            );
            return (answer.Versions.Select(v => Naming.Of(v)).ToList(), answer.NextCursor);
        });

    private static async IAsyncEnumerable<List<T>> AllAsync<T>(
        Func<string, Task<(List<T> Page, string Next)>> ask
    )
    {
        for (string? cursor = ""; cursor is not null; )
        {
            var (page, next) = await ask(cursor);
            yield return page;
            cursor = next.Length == 0 ? null : next;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Took {Count} names from the catalog and Identity")]
        public static partial void Taken(ILogger logger, int count);

        [LoggerMessage(
            LogLevel.Warning,
            "The catalog and Identity tell no names: {Reason}; next try in {Pause}"
        )]
        public static partial void Away(ILogger logger, string reason, TimeSpan pause);
    }
}
