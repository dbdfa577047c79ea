using System.Security.Cryptography;
using System.Text;
using ApiSvc.Analytics.Partitions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;

namespace ApiSvc.Analytics.Retention;

/// <summary>
/// Erases a person's calls: by the user that they were made as, or by the address they came from. Rollups stay; they have
/// neither.
/// </summary>
internal sealed class SubjectErasure(UnitOfWork work, UuidGenerator ids)
{
    // A day of calls may take its time to be read through.
    private const int SecondsPerDay = 600;

    public async Task<ErasureDocument> EraseAsync(
        ErasureInput input,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        var erased = 0L;
        foreach (var day in await PartitionBook.ListAsync(db, PartitionedTable.Call))
        {
            erased += await db.ExecuteAsync(
                new CommandDefinition(
                    $"delete from {day.Name} where user_name = @User or client_address = @ClientAddress",
                    input,
                    commandTimeout: SecondsPerDay,
                    cancellationToken: cancellationToken
                )
            );
        }

        // What could not be read may hold it too.
        var aside = await db.ExecuteAsync(
            "delete from set_aside where position(@subject in payload) > 0",
            new { subject = Encoding.UTF8.GetBytes(input.Subject) }
        );
        var id = ids.Next<ErasureKind>().ToString();
        work.AddAudit(
            actor.Did(
                "erasure.run",
                id,
                team: null,
                after: new
                {
                    By = input.User is null ? "clientAddress" : "user",
                    // The log is for good: it must not keep what was erased.
                    SubjectSha256 = Convert.ToHexStringLower(
                        SHA256.HashData(Encoding.UTF8.GetBytes(input.Subject))
                    ),
                    Calls = erased,
                    SetAside = aside,
                }
            )
        );
        await work.CommitAsync(cancellationToken);
        return new(id, erased, aside);
    }
}

/// <summary>An erasure, as the audit log names it.</summary>
internal sealed class ErasureKind : IIdKind
{
    public static string Prefix => "erasure";
}

/// <summary>What was erased.</summary>
internal sealed record ErasureDocument(string Id, long Calls, long SetAside);
