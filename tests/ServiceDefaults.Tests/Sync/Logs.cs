using System.Text;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.ServiceDefaults.Tests.Data;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

/// <summary>Appends to logs as a service does.</summary>
internal static class Logs
{
    public const string Group = "sandbox";

    public static ResourceChange Put(string id, string body, uint kind = 1) =>
        ResourceChange.Put(kind, Encoding.UTF8.GetBytes(id), new StringValue { Value = body });

    public static ResourceChange Delete(string id, uint kind = 1) =>
        ResourceChange.Delete(kind, Encoding.UTF8.GetBytes(id));

    public static async Task<ulong> AppendAsync(
        this TestDatabase database,
        params IReadOnlyList<ResourceChange> changes
    )
    {
        await using var work = database.Begin();
        var generation = await work.AppendAsync(changes);
        await work.CommitAsync();
        return generation;
    }

    public static Task<ulong> AppendAsync(
        this UnitOfWork work,
        params IReadOnlyList<ResourceChange> changes
    ) => new ResourceLog(work, TimeProvider.System).AppendAsync(Group, changes);

    public static Task<LogPosition> HeadAsync(this TestDatabase database) =>
        new ResourceLogReader(database.DataSource).HeadAsync(
            Group,
            TestContext.Current.CancellationToken
        );
}
